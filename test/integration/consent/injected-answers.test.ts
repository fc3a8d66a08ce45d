import { expect } from 'vitest'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { shortTimes } from '../../support/assistant.ts'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import { consentTest as test } from '../../support/consent/fixtures.ts'
import { envelope, forms, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'

// Connections of the 2025 era, where the server requests answers and a call cannot carry them: injected ones are
// ignored.

/** The host under another name. */
const renamed = {
  kind: 'reply',
  body: {
    errorCode: null,
    message: null,
    body: { totalCount: 1, list: [{ id: 21789601, name: 'DC-0001', tags: [] }] },
  },
}

const state = `v1.${Buffer.from('{"p":{},"exp":9e9}').toString('base64url')}.${'A'.repeat(43)}`
const smuggled = { inputResponses: { approval: yes }, requestState: state }
const injections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'an answer and a state': smuggled,
  'an answer, a state and an envelope': { ...smuggled, _meta: envelope(forms) },
  'an envelope': { _meta: envelope(forms) },
  'the capabilities of an envelope': {
    _meta: { 'io.modelcontextprotocol/clientCapabilities': forms },
  },
  'the version of an envelope': { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
  'a level of logging, which belongs to the envelope': {
    _meta: { 'io.modelcontextprotocol/logLevel': 'info' },
  },
}

test.for(Object.entries(injections))(
  'an answer injected by a client that cannot ask: %s',
  async ([, more], { connect, effects }) => {
    const client = await connect('legacy', { capabilities: {} })
    const { text, result } = await client.call(execute, run, more)
    expect(text).toMatch(/^A person has to approve this.*qualys-mcp approve [2-9A-Z]{4}-[2-9A-Z]{4}/)
    expect(result).not.toHaveProperty('requestState')
    expect(client.questions).toEqual([])
    expect(await effects()).toEqual([])
  },
)

test.for(Object.entries(injections))(
  'an answer injected by a client that can ask: %s; the person is still asked',
  async ([, more], { connect, effects }) => {
    const client = await connect('legacy')
    client.answer = () => ({ action: 'decline' })
    const { text, isError } = await client.call(execute, run, more)
    expect(client.questions).toHaveLength(1)
    expect(text).toMatch(/^The person said no/)
    expect(isError).toBe(true)
    expect(await effects()).toEqual([])
  },
)

test('a valid state for exactly this call, over a connection whose era has no states', async ({
  sandbox,
  connect,
  effects,
}) => {
  const settings = settingsFrom(environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder() }))
  const safeguards = safeguardsOf(settings, (text) => text, { callTimes: shortTimes })
  const modern = await connect('modern', { safeguards })
  const { state } = await modern.call(execute, run)
  expect(state).toMatch(/^v1\./)
  const legacy = await connect('legacy', { safeguards, capabilities: {} })
  for (const _meta of [{}, envelope(forms)]) {
    const { text } = await legacy.call(execute, run, { ...smuggled, requestState: state, _meta })
    expect(text).toMatch(/^A person has to approve this/)
  }
  expect(await effects()).toEqual([])
})

test('an answer to a question that was not asked', async ({ connect, effects }) => {
  const client = await connect('legacy')
  for (const id of [0, 1, 2, 'approval']) await client.send({ id, result: yes })
  client.answer = () => ({ action: 'decline' })
  expect((await client.call(execute, run)).isError).toBe(true)
  expect(await effects()).toEqual([])
})

test('the answer to one call does not count for another pending call', async ({ connect, effects }) => {
  const client = await connect('legacy')
  client.answer = ({ message }) => (String(message).includes('Another title') ? yes : { action: 'decline' })
  const [updated, executed] = await Promise.all([
    client.call(...effectCalls.update),
    client.call(execute, run),
  ])
  expect(updated.isError).toBe(false)
  expect(executed.text).toMatch(/^The person said no/)
  expect(await effects()).toHaveLength(1)
})

test('what changes while the person reads is shown again before anything is sent', async ({
  sandbox,
  connect,
  effects,
}) => {
  const client = await connect('legacy')
  const route = 'POST /sm/v1/assets/search'
  // The look-up for the first question gets the sandbox's name, the look-up after the answer another one.
  await sandbox.control.faults([{ route, skip: 1, ...renamed }])
  const shown: string[] = []
  client.answer = ({ message }) => {
    shown.push(String(message))
    return shown.length === 1 ? yes : { action: 'decline' }
  }
  expect((await client.call(execute, run)).text).toMatch(/^The person said no/)
  expect(shown[0]).toContain('\n  "21789601", "POS-0001", "WINDOWS"\n')
  expect(shown[1]).toContain('\n  "21789601", "DC-0001", ')
  expect(shown).toHaveLength(2)
  expect(await effects()).toEqual([])
})
