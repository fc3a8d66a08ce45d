import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { execute, run } from '../../support/consent/calls.ts'
import { answerInTerminal, codeIn, consentTest } from '../../support/consent/fixtures.ts'
import { type Answer, eras, type RawClient, temporaryFolder } from '../../support/consent/raw-client.ts'

// Clients that answer without a person: every such call can be approved in a terminal, by the same client.

interface Place {
  readonly stateDir: string
  readonly auditFile: string
  readonly client: RawClient
}

/** How each client answers, whatever it is asked. */
const answers: Readonly<Record<string, Answer>> = {
  'accepts without content': { action: 'accept' },
  'accepts with empty content': { action: 'accept', content: {} },
  'sends the box as a text': { action: 'accept', content: { approve: 'true' } },
  'fails to ask': { error: { code: -32603, message: 'no window' } },
  'declines for the person': { action: 'decline' },
  'closes the question': { action: 'cancel' },
}

describe.each(eras)('%s era', (era) => {
  const test = consentTest.extend<{ place: Place }>({
    place: async ({ connect }, use) => {
      const stateDir = temporaryFolder()
      const auditFile = join(stateDir, 'audit.jsonl')
      const settings = { QUALYS_STATE_DIR: stateDir, QUALYS_AUDIT_FILE: auditFile }
      await use({ stateDir, auditFile, client: await connect(era, { settings }) })
    },
  })

  test.for(Object.entries(answers))('a client that %s', async ([, answer], { place, effects }) => {
    const { stateDir, auditFile, client } = place
    const refused = await client.callAndAnswer(execute, run, answer)
    expect(refused.isError).toBe(true)
    const code = codeIn(refused)
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    expect(codeIn(await client.callAndAnswer(execute, run, answer))).toBe(code)
    expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(1)
    expect(await effects()).toEqual([])

    await answerInTerminal(stateDir, code)
    const other = { ...run, assetIds: [21789634] }
    expect((await client.callAndAnswer(execute, other, answer)).isError).toBe(true)
    expect(await effects()).toEqual([])
    const asked = client.questions.length
    const { isError, text } = await client.call(execute, run)
    expect(isError, text).toBe(false)
    expect(client.questions).toHaveLength(asked)
    expect(await effects()).toHaveLength(1)
    const after = await client.callAndAnswer(execute, run, answer)
    expect(after.isError).toBe(true)
    expect(await effects()).toHaveLength(1)

    const lines = readFileSync(auditFile, 'utf8').trim().split('\n')
    const events = lines.map(
      (line) => JSON.parse(line) as { event: string; facts: { by?: string; why?: string } },
    )
    expect(events.filter(({ event }) => event === 'approved').map(({ facts }) => facts.by)).toEqual([
      'a person, in a terminal',
    ])
    const reasons = events.filter(({ event }) => event === 'refused').map(({ facts }) => facts.why)
    expect(new Set(reasons)).toEqual(new Set([refused.text.split(/(?<=nothing was sent\.)/)[0]]))
    expect(reasons).toHaveLength(4)
  })

  test('a null beside a yes is a yes', async ({ place: { client }, effects }) => {
    const answer = { action: 'accept', content: { approve: true, note: null } }
    expect((await client.callAndAnswer(execute, run, answer)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })
})
