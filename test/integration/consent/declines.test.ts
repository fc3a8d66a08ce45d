import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { execute, run } from '../../support/consent/calls.ts'
import { answerInTerminal, codeIn, codeText, consentTest as test } from '../../support/consent/fixtures.ts'
import { type Answer, agePending, eras, temporaryFolder, yes } from '../../support/consent/raw-client.ts'

// A call that a person said no to, through the server: it is asked once more at most.

const stillNo = /^A person said no to this call and was asked again already, so it is declined without asking/

const noes: Readonly<Record<string, Answer>> = {
  declined: { action: 'decline' },
  closed: { action: 'cancel' },
  'the box unticked': { action: 'accept', content: { approve: false } },
}

describe.each(eras)('%s era', (era) => {
  test.for(Object.entries(noes))(
    '%s: asked twice, however often it is called',
    async ([, no], { connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir } })
      for (const _ of [1, 2]) await client.callAndAnswer(execute, run, no)
      for (const _ of [3, 4]) {
        // A yes is not even asked for.
        const { text, isError } = await client.callAndAnswer(execute, run, yes)
        expect(text).toMatch(stillNo)
        expect(text).toMatch(/ It may be asked again after \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\. /)
        expect(isError).toBe(true)
      }
      expect(client.questions).toHaveLength(2)
      const reordered = Object.fromEntries(Object.entries(run).reverse())
      expect((await client.callAndAnswer(execute, reordered, yes)).text).toMatch(stillNo)
      await client.callAndAnswer(execute, { ...run, assetIds: [21789634] }, no)
      expect(client.questions).toHaveLength(3)
      expect(await effects()).toEqual([])

      await answerInTerminal(stateDir, codeIn(await client.call(execute, run)))
      expect((await client.call(execute, run)).isError).toBe(false)
      expect(await effects()).toHaveLength(1)
      await client.callAndAnswer(execute, run, no)
      expect(client.questions).toHaveLength(4)
    },
  )

  test('a call that an approval by code ran: the yes to an older question runs it no second time', async ({
    connect,
    effects,
  }) => {
    const stateDir = temporaryFolder()
    const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir } })
    const open = client.call(execute, run)
    const older = era === 'modern' ? await open : undefined
    await expect.poll(() => client.questions.length).toBe(older ? 0 : 1)
    const [olderId] = [client.lastQuestion]
    await answerInTerminal(stateDir, codeIn(await client.callAndAnswer(execute, run, { action: 'decline' })))
    expect((await client.call(execute, run)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
    client.answer = () => undefined
    const asked = client.questions.length
    const again = older
      ? await client.answerQuestion(execute, run, older.state)
      : await client.send({ id: olderId, result: yes })
    if (again) expect(again.preview).toBeDefined()
    else await expect.poll(() => client.questions.length).toBe(asked + 1)
    expect(await effects()).toHaveLength(1)
  })

  test('a no in the terminal counts, and a second code is the last one that is offered as a question', async ({
    connect,
    effects,
  }) => {
    const stateDir = temporaryFolder()
    const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    for (const _ of [1, 2]) {
      const { text } = await client.call(execute, run)
      expect(text).toMatch(/^A person has to approve this/)
      await answerInTerminal(stateDir, codeText.exec(text)?.[1] ?? '', 'no')
    }
    const refused = await client.call(execute, run)
    expect(refused.text).toMatch(stillNo)
    await answerInTerminal(stateDir, codeIn(refused))
    expect((await client.call(execute, run)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('a no in the terminal of a client that asks: its form comes once more', async ({ connect }) => {
    const stateDir = temporaryFolder()
    const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir } })
    const emptied = await client.callAndAnswer(execute, run, { action: 'accept' })
    await answerInTerminal(stateDir, codeIn(emptied), 'no')
    // Once more means a person: an empty answer is none.
    await client.callAndAnswer(execute, run, { action: 'accept' })
    await client.callAndAnswer(execute, run, { action: 'decline' })
    expect((await client.callAndAnswer(execute, run, yes)).text).toMatch(stillNo)
    expect(client.questions).toHaveLength(3)
  })

  test('twelve calls: ten codes, and the others are refused until one is answered', async ({
    connect,
    effects,
  }) => {
    const stateDir = temporaryFolder()
    const settings = { QUALYS_STATE_DIR: stateDir }
    const client = await connect(era, { settings, capabilities: {} })
    const callOf = (n: number) => ({ ...run, description: `call ${n}` })
    const codes: string[] = []
    for (let n = 0; n < 10; n++) codes.push(codeIn(await client.call(execute, callOf(n))))
    expect(new Set(codes).size).toBe(10)
    for (const n of [10, 11]) {
      const { text, isError } = await client.call(execute, callOf(n))
      expect(isError).toBe(true)
      expect(text).toMatch(/ 10 calls wait for a person already \(/)
      for (const code of codes) expect(text).toContain(`car_execute_script ${code}`)
    }
    expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
    // The first code still works, and another server has places of its own.
    const other = await connect(era, { settings, capabilities: {} })
    expect((await other.call(execute, callOf(12))).text).toMatch(codeText)
    await answerInTerminal(stateDir, codes[0] ?? '')
    expect((await client.call(execute, callOf(0))).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
    expect((await client.call(execute, callOf(10))).text).toMatch(codeText)
    agePending(stateDir, 11 * 60_000)
    for (let n = 20; n < 30; n++) expect((await client.call(execute, callOf(n))).text).toMatch(codeText)
  })
})
