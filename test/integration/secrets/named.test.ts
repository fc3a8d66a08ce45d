import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { listCalls } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { wholeText } from '../../../src/tools/effects/preview/text.ts'
import { connect, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { openUnattendedServer } from '../../support/effects/unattended.ts'
import { commonSpellings } from '../../support/leak-search.ts'
import { effectRequests } from '../../support/sandbox.ts'
import {
  answerWithSuccess,
  filesIn,
  namedLeaks as leaks,
  namedCalls,
  namedSecrets,
  readSentEffect,
  routeOf,
  test,
  underEchoes,
  withParameter,
} from '../../support/secrets/named.ts'

// Named secrets are sent to Qualys unchanged, and to nobody else: no reply, log, preview, state folder or audit log
// contains them, whatever Qualys answers.

const named = namedCalls.map((call) => [`${call.tool}, ${call.shown}`, call] as const)

test.for(named)(
  'is sent complete, and appears nowhere else: %s',
  async ([, call], { sandbox, server, folder }) => {
    await answerWithSuccess(sandbox.control, call)
    const { raw } = await server.call(call.tool, call.args)
    const { found, rest, effects } = await readSentEffect(sandbox.control, call.at)
    expect(effects).toBe(1)
    expect(found).toBe(call.wire)
    // The search would find it.
    expect(leaks(found)).not.toEqual([])
    const files = filesIn(folder)
    expect(files).toContain('audit.jsonl')
    expect(leaks([raw, rest, server.log, files])).toEqual([])
  },
)

describe('what Qualys answers', () => {
  // All spellings: test/nightly/secrets.
  test.for([
    ['plain', (text: string) => text],
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
  ] as const)('with the secret, in %s', async ([, spell], { sandbox, server, folder }) => {
    const { found, redacted } = await underEchoes(sandbox.control, server, spell)
    expect(found).toEqual([])
    expect(leaks([server.log, filesIn(folder)])).toEqual([])
    // Otherwise no reply contained the answer, and the test would prove nothing.
    expect(redacted).toBeGreaterThan(10)
  })

  test.for(['resetAfterBody', 'truncate', 'badJson'])(
    'with a lost answer: %s',
    async (kind, { sandbox, server, folder }) => {
      for (const { tool, args } of namedCalls) {
        await sandbox.control.faults([{ route: routeOf(tool), kind }])
        expect(leaks([(await server.call(tool, args)).raw, server.log])).toEqual([])
      }
      expect(leaks(filesIn(folder))).toEqual([])
    },
  )

  test.for(Object.entries(commonSpellings))(
    'at the login, with all secrets, in %s',
    async ([, spell], { sandbox, settings, folder }) => {
      const message = namedSecrets.map(spell).join(' ')
      const refusal = { route: 'POST /auth', kind: 'status', status: 401, body: { message } }
      await sandbox.control.faults([refusal])
      const server = await openUnattendedServer(settings, join(folder, 'kept'))
      const said = [
        await server.call('car_clone_script', { scriptId: 16515 }),
        await server.call('qualys_status', {}),
      ]
      await server.close()
      expect(said.map(({ text }) => text.includes('[masked-by-qualys-mcp]'))).toEqual([true, true])
      expect(leaks([said.map(({ raw }) => raw), server.log, filesIn(folder)])).toEqual([])
    },
  )

  test('later, when the script is read: by id, in a list, in a file', async ({ sandbox, server }) => {
    const { text } = await server.call('car_create_script', withParameter)
    const scriptId = /^script (\d+) "[^"]*" created/.exec(text)?.[1] ?? ''
    const kept = (await sandbox.control.dump('scripts')).find(({ id }) => String(id) === scriptId)
    expect(leaks(kept)).not.toEqual([])
    const read = await server.call('car_get_script', { scriptId })
    expect(read.text).toContain('[masked-by-qualys-mcp]')
    const others = [
      await server.call('car_search_scripts', { filter: `id:${scriptId}`, fields: ['*'] }),
      await server.call('car_export_scripts', { ids: [scriptId] }),
    ]
    expect(others.map(({ isError }) => isError)).toEqual([false, false])
    expect(leaks([read.raw, ...others.map(({ raw }) => raw), server.log])).toEqual([])
  })
})

describe('a person reads the name instead', () => {
  test.for(named)('in a form: %s', async ([, call], { sandbox, settings, folder }) => {
    await answerWithSuccess(sandbox.control, call)
    const client = await connect(sandbox, 'modern', { settings })
    const answer = await client.callAndAnswer(call.tool, call.args, yes)
    expect(client.questions).toHaveLength(1)
    expect(String(client.questions[0]?.['message'])).toContain(call.shown)
    expect((await readSentEffect(sandbox.control, call.at)).found).toBe(call.wire)
    expect(leaks([client.questions, answer, filesIn(folder)])).toEqual([])
  })

  test('in a form of the 2025 era', async ({ sandbox, settings, folder }) => {
    const call = namedCalls[0] as (typeof namedCalls)[number]
    await answerWithSuccess(sandbox.control, call)
    const client = await connect(sandbox, 'legacy', { settings })
    const answer = await client.callAndAnswer(call.tool, call.args, yes)
    expect(String(client.questions[0]?.['message'])).toContain(call.shown)
    expect((await readSentEffect(sandbox.control, call.at)).found).toBe(call.wire)
    expect(leaks([client.questions, answer, filesIn(folder)])).toEqual([])
  })

  test.for(named)('in a terminal, from the state folder: %s', async ([, call], { sandbox, settings }) => {
    const state = temporaryFolder()
    const client = await connect(sandbox, 'legacy', {
      settings: { ...settings, QUALYS_STATE_DIR: state },
      capabilities: {},
    })
    const { text, isError } = await client.call(call.tool, call.args)
    expect(text).toMatch(/qualys-mcp approve [A-Z2-9]{4}-[A-Z2-9]{4}/)
    expect(isError).toBe(true)
    const files = filesIn(state)
    const [waiting] = listCalls(state)
    expect(waiting && wholeText(waiting.preview)).toContain(call.shown)
    expect(leaks([files, text])).toEqual([])
    expect(await effectRequests(sandbox.control)).toEqual([])
  })
})
