import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { answerInTerminal, codeIn, codeText, consentTest as test } from '../../support/consent/fixtures.ts'
import { eras, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { saqChangeRequests } from '../../support/effects/saq/saq-objects.ts'
import { importFolder, peopleCsv } from '../../support/imports/import-folder.ts'

// A yes is for the bytes of the file that was read when the question was asked.

const create = 'saq_create_users'
const args = { file: 'people.csv', from: 2 }

const settingsOf = (path: string, more: object = {}) => ({
  settings: { QUALYS_IMPORT_DIR: path, QUALYS_MAX_BULK: '2', ...more },
})

test('the question names the file, its hash, the rows and the people', async ({ connect }) => {
  const folder = importFolder({ 'people.csv': peopleCsv(5) })
  const client = await connect('modern', settingsOf(folder.path))
  const { preview } = await client.call(create, args)
  expect(preview).toMatch(/^Create SAQ users \(create\): 2 users\n/)
  expect(preview).toMatch(/\nfile: "people\.csv", "sha256 [0-9a-f]{16}", "rows 2-3 of 5"\n/)
  expect(preview).toMatch(/\n {2}"Jürgen Müller 2", "Delta Cloud", "row2@imports\.example", "EU, Critical"\n/)
  expect(preview).not.toContain('row4@')
})

describe.each(eras)('%s era', (era) => {
  test('an unchanged file: the yes counts, and two rows are sent', async ({ sandbox, connect }) => {
    const folder = importFolder({ 'people.csv': peopleCsv(5) })
    const client = await connect(era, settingsOf(folder.path))
    const { text } = await client.callAndAnswer(create, args, yes)
    expect(text).toContain('rows 2-3 of 5 of "people.csv", next: from 4')
    expect(await saqChangeRequests(sandbox.control)).toHaveLength(1)
  })

  test.for([
    ['a row that the call takes', peopleCsv(5, { 3: 'eve@evil.example;Eve;Evil;Delta Cloud;' })],
    ['another row', peopleCsv(5, { 5: 'eve@evil.example;Eve;Evil;Delta Cloud;' })],
    ['a blank at the end', `${peopleCsv(5)} `],
  ] as const)(
    'changed in between, %s: the yes counts for nothing',
    async ([, content], { sandbox, connect }) => {
      const folder = importFolder({ 'people.csv': peopleCsv(5) })
      const client = await connect(era, settingsOf(folder.path))
      let asked = 0
      client.answer = () => {
        asked++
        if (asked > 1) return { action: 'decline' }
        folder.write('people.csv', content)
        return yes
      }
      const first = await client.call(create, args)
      if (first.preview !== undefined) {
        folder.write('people.csv', content)
        const again = await client.answerQuestion(create, args, first.state)
        expect(again.preview).toBeDefined()
        expect(again.preview).not.toBe(first.preview)
      } else expect(asked).toBe(2)
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    },
  )

  test('changed behind a yes in a terminal: it waits anew', async ({ sandbox, connect }) => {
    const folder = importFolder({ 'people.csv': peopleCsv(5) })
    const stateDir = temporaryFolder()
    const options = { ...settingsOf(folder.path, { QUALYS_STATE_DIR: stateDir }), capabilities: {} }
    const client = await connect(era, options)
    const shown = await answerInTerminal(stateDir, codeIn(await client.call(create, args)))
    expect(shown).toContain('"rows 2-3 of 5"')
    folder.write('people.csv', peopleCsv(5, { 5: 'eve@evil.example;Eve;Evil;Delta Cloud;' }))
    const second = await client.call(create, args)
    expect(second.text).toMatch(codeText)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
    await answerInTerminal(stateDir, codeIn(second))
    expect((await client.call(create, args)).text).toContain('next: from 4')
    expect(await saqChangeRequests(sandbox.control)).toHaveLength(1)
  })

  test('gone or wrong behind the question: an error, and nothing is sent', async ({ sandbox, connect }) => {
    const folder = importFolder({ 'people.csv': peopleCsv(5) })
    const client = await connect(era, settingsOf(folder.path))
    client.answer = () => {
      folder.write('people.csv', 'nothing')
      return yes
    }
    const first = await client.call(create, args)
    folder.write('people.csv', 'nothing')
    const last = first.preview === undefined ? first : await client.answerQuestion(create, args, first.state)
    expect(last.text).toMatch(/^The file has a column that no input takes: nothing\./)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})

test('a call that waits keeps its preview, and the same call with other rows is another one', async ({
  connect,
}) => {
  const folder = importFolder({ 'people.csv': peopleCsv(5) })
  const stateDir = temporaryFolder()
  const options = { ...settingsOf(folder.path, { QUALYS_STATE_DIR: stateDir }), capabilities: {} }
  const client = await connect('modern', options)
  const first = codeIn(await client.call(create, args))
  expect(codeIn(await client.call(create, args))).toBe(first)
  expect(codeIn(await client.call(create, { ...args, from: 4 }))).not.toBe(first)
  const files = readdirSync(join(stateDir, 'pending'))
  expect(files).toHaveLength(2)
  for (const name of files) {
    const kept: unknown = JSON.parse(readFileSync(join(stateDir, 'pending', name), 'utf8'))
    expect(Object.keys(kept as object).sort()).toEqual([
      'at',
      'code',
      'digest',
      'preview',
      'record',
      'waiters',
      'ways',
    ])
  }
})
