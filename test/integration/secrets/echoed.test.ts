import { describe, expect } from 'vitest'
import type { Fault } from '../../../src/sandbox/faults/faults.ts'
import { commonSpellings, leaks } from '../../support/leak-search.ts'
import { answerPlaces, answerWithTexts, secretTexts, statuses } from '../../support/secrets/echoed.ts'
import {
  callsOn,
  collectOutput,
  password,
  proxyPassword,
  test,
  withSettings,
} from '../../support/secrets/fixtures.ts'
import { unattendedSettings } from '../../support/tool-calls.ts'

// Qualys answers with a secret that it was sent. No reply, error or line of the log contains it.

test('the search finds the secret in what an unaware server says', async ({ sandbox, settings }) => {
  const body = { message: `no ${password}` }
  await sandbox.control.faults([{ route: '*', kind: 'status', status: 400, body }])
  const QUALYS_TOKEN_FILE = settings['QUALYS_TOKEN_FILE']
  const calls = await callsOn(sandbox, 'kinds')
  const said = await withSettings(sandbox, { ...unattendedSettings, QUALYS_TOKEN_FILE }, (assistant) =>
    collectOutput(assistant, calls),
  )
  expect(leaks(said)).not.toEqual([])
})

// A readable answer, a refusal, and a refused login; test/nightly/secrets has all statuses and all tools.
describe.each([200, 400, 401] as const)('with %i', (status) => {
  test.for(Object.entries(answerPlaces))('in %s', async ([name, how], { sandbox, secretServer, token }) => {
    const calls = await callsOn(sandbox, 'kinds')
    const turn = statuses.indexOf(status) * 9 + name.length
    await answerWithTexts(sandbox.control, secretTexts(token, status, turn), status, how)
    const said = await collectOutput(secretServer, calls)
    expect(leaks(said)).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThan(calls.length)
  })
})

const message = (text: string): Partial<Fault> => ({ body: { message: text } })
const title = (text: string): Partial<Fault> => ({ body: { body: { list: [{ id: 1, title: text }] } } })
const code = (text: string): Partial<Fault> => ({ body: { errorCode: text, message: 'no' } })

test.for(Object.entries(commonSpellings))(
  'the proxy’s password, in %s',
  async ([, spell], { sandbox, secretServer }) => {
    await answerWithTexts(sandbox.control, [spell(proxyPassword)], 400, message)
    const said = await collectOutput(secretServer, await callsOn(sandbox, 'kinds'))
    expect(leaks(said)).toEqual([])
    expect(JSON.stringify(said)).toContain('[masked-by-qualys-mcp]')
  },
)

test.for([
  { name: 'a sentence', how: message, status: 400, from: 170, spell: (text: string) => text },
  { name: 'a cell', how: title, status: 200, from: 130, spell: (text: string) => text },
  { name: 'an error code', how: code, status: 400, from: 0, spell: encodeURIComponent },
])('a secret where $name is truncated', async ({ how, status, from, spell }, { sandbox, secretServer }) => {
  const texts = Array.from({ length: 30 }, (_, place) => 'x'.repeat(from + place) + spell(password))
  await answerWithTexts(sandbox.control, texts, status, how)
  const said = await collectOutput(secretServer, await callsOn(sandbox, 'kinds'))
  expect(leaks(said)).toEqual([])
  expect((await sandbox.control.requests()).length).toBeGreaterThan(texts.length)
})
