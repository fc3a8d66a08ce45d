import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { buildServerParts } from '../../support/assistant.ts'
import { eras, RawClient, yes } from '../../support/consent/raw-client.ts'
import { addressesOf, interceptedPlatform } from '../../support/effects/altered-platform.ts'
import {
  auditedEnvironment,
  effectTest,
  executeOn,
  runOn,
  sentEvents,
} from '../../support/effects/fixtures.ts'
import { countRequests, readAuditLines } from '../../support/effects/unattended.ts'

// What the audit log contains for whole calls. (Each outcome: test/unit/effects/perform.test.ts.)

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const test = effectTest()

describe('an effect', () => {
  test('is logged as asked, approved, sent and answered, in one chain that ends', async ({
    sandbox,
    server,
    audit,
    objects,
  }) => {
    expect((await executeOn(server, objects, 0, 2)).isError).toBe(false)
    expect(audit.events()).toEqual(sentEvents)
    const [asked, approved, sent, answered] = audit.lines().map(({ facts }) => facts)
    const same = {
      tool: 'car_execute_script',
      call: expect.stringMatching(/^[0-9a-f]{16}$/),
      attempt: expect.stringMatching(/^[0-9a-f]{8}$/),
    }
    expect(asked).toEqual({ ...same, effect: 'execute', arguments: runOn(objects, 0, 2) })
    expect(approved).toMatchObject({
      ...same,
      effect: 'execute',
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sent).toEqual(same)
    const { correlationUuid } = (await sandbox.control.dump('executions')).at(-1) ?? {}
    expect(answered).toEqual({ ...same, outcome: 'done', id: correlationUuid })
    expect(new Set(audit.lines().map(({ facts }) => facts['call'])).size).toBe(1)
    await server.close()
    expect(await verifyAudit(audit.file)).toEqual({ lines: ['1 chain, 6 lines: intact'], ok: true })
    const [start] = readAuditLines(audit.file)
    const host = new URL(sandbox.gatewayUrl).host
    expect(start).toMatchObject({
      ...{ seq: 0, event: 'start' },
      facts: {
        account: `${sandbox.gatewayUrl} ${sandbox.username}`,
        client: { name: 'qualys-mcp', version: expect.stringMatching(/^\d/) },
        ...{ version: expect.stringMatching(/^\d/), platform: host, mode: 'unattended', limits: [] },
      },
    })
  })

  test('of other arguments is another call', async ({ server, audit, objects }) => {
    await executeOn(server, objects)
    await server.call('car_execute_script', { ...runOn(objects), description: 'again' })
    expect(new Set(audit.lines().map(({ facts }) => facts['call'])).size).toBe(2)
  })

  test('is in the file before Qualys gets the request', async ({ sandbox, serve, audit, objects }) => {
    let events: string[] = []
    const platform = await interceptedPlatform(sandbox, {
      [executing]: () => {
        events = audit.events()
      },
    })
    await executeOn(await serve(addressesOf(platform)), objects)
    expect(events).toEqual(['asked', 'approved', 'sent'])
    expect(audit.events()).toEqual(sentEvents)
  })

  test.for<readonly [string, object, object]>([
    ['unclear', { kind: 'status', status: 502 }, { outcome: 'unclear', status: 502 }],
    ['unclear by a lost connection', { kind: 'resetAfterBody' }, { outcome: 'unclear' }],
    [
      'refused by Qualys',
      { kind: 'status', status: 403 },
      { outcome: 'setup', status: 403, why: expect.stringMatching(/403/) },
    ],
    [
      'refused inside a success',
      { kind: 'reply', body: { errorCode: '7', message: 'x' } },
      { outcome: 'unclear' },
    ],
    ['busy', { kind: 'limit' }, { outcome: 'busy', status: 429 }],
    ['done without a word', { kind: 'empty' }, { outcome: 'done' }],
  ])('may be answered: %s', async ([, fault, facts], { sandbox, server, audit, objects }) => {
    await sandbox.control.faults([{ route, ...fault }])
    await executeOn(server, objects)
    expect(audit.events()).toEqual(sentEvents)
    expect(audit.factsOf('answered')).toMatchObject({ tool: 'car_execute_script', ...facts })
  })

  test('that is not sent to Qualys is logged as such', async ({ sandbox, server, audit }) => {
    const report = (reportName: string) =>
      server.call('car_generate_report', { reportName, templateName: 'Script Job Report' })
    await server.call('car_list_script_types', {})
    // The token is refused from now on, and no login gives another.
    await sandbox.control.revoke()
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 500 }])
    await report('x')
    expect(audit.events()).toEqual(sentEvents)
    expect(audit.lines().at(-1)?.facts).toMatchObject({ outcome: 'vendor' })
    // Now there is no token to begin with.
    await report('y')
    expect(audit.events(sentEvents.length)).not.toContain('sent')
    expect(audit.lines().at(-1)).toMatchObject({
      event: 'answered',
      facts: { outcome: 'not sent', kind: 'vendor' },
    })
  })
})

describe('refused', () => {
  test.for<readonly [string, string, object | undefined, Environment, { kind: string; why: RegExp }]>([
    [
      'by a limit',
      'car_execute_script',
      undefined,
      { QUALYS_MAX_ASSETS_PER_RUN: '1' },
      { kind: 'setup', why: /limits forbid/ },
    ],
    ['for its arguments', 'car_execute_script', { scriptId: 19218 }, {}, { kind: 'input', why: /no target/ }],
    [
      'for an id that is not there',
      'car_clone_script',
      { scriptId: 1 },
      {},
      { kind: 'input', why: /no such id/ },
    ],
  ])(
    '%s: asked and refused, and nothing is sent',
    async ([, tool, args, extra, { kind, why }], { sandbox, serve, audit, objects }) => {
      const server = await serve(extra)
      expect((await server.call(tool, args ?? runOn(objects, 0, 2))).isError).toBe(true)
      expect(audit.events()).toEqual(['asked', 'refused'])
      expect(audit.factsOf('refused')).toMatchObject({ tool, kind, why: expect.stringMatching(why) })
      expect(audit.factsOf('refused')?.['call']).toBe(audit.factsOf('asked')?.['call'])
      expect(await countRequests(sandbox.control, executing)).toBe(0)
    },
  )
})

describe.each(eras)('a person, %s era', (era) => {
  const personTest = test.extend<{
    connect: (capabilities?: object, extra?: Environment) => Promise<RawClient>
  }>({
    /** A client of a server that asks. */
    connect: async ({ sandbox, audit, folder, closing }, use) => {
      await use(async (capabilities, extra = {}) => {
        const settings = { QUALYS_STATE_DIR: folder, ...extra }
        const parts = buildServerParts(auditedEnvironment(sandbox, audit, settings))
        const client = await RawClient.open(parts.options, era, capabilities as never)
        closing.push(parts, client)
        return client
      })
    },
  })
  /** What was called, and the record that a person was asked about. */
  const asked = ['asked', 'asked']
  /** In this era the answer comes with a second call. */
  const again = era === 'modern' ? ['asked'] : []

  personTest('who says yes is logged as the approver', async ({ connect, audit, objects }) => {
    const client = await connect()
    expect((await client.callAndAnswer('car_execute_script', runOn(objects), yes)).isError).toBe(false)
    expect(audit.events()).toEqual([...asked, ...again, ...sentEvents.slice(1)])
    expect(audit.factsOf('approved')).toMatchObject({ by: 'a person, asked by the client' })
  })

  personTest.for<readonly [string, object, RegExp]>([
    ['no', { action: 'decline' }, /said no/],
    ['nothing', { action: 'cancel' }, /closed without an answer/],
  ])('who says %s', async ([, answer, why], { sandbox, connect, audit, objects }) => {
    const client = await connect()
    expect((await client.callAndAnswer('car_execute_script', runOn(objects), { ...answer })).isError).toBe(
      true,
    )
    expect(audit.events()).toEqual([...asked, ...again, 'refused'])
    expect(audit.factsOf('refused')).toMatchObject({
      kind: 'declined',
      why: expect.stringMatching(why),
      // What the person did not agree to.
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      shown: { headline: expect.stringMatching(/\(execute\)/) },
    })
    expect(await countRequests(sandbox.control, executing)).toBe(0)
  })

  personTest(
    'who cannot be asked, and approves in a terminal',
    async ({ connect, audit, folder, objects }) => {
      const client = await connect({})
      const { text } = await client.call('car_execute_script', runOn(objects))
      expect(audit.events()).toEqual([...asked, 'refused'])
      const [, code = ''] = /approve (\S{4}-\S{4})/.exec(text) ?? []
      expect(approveCode(folder, code)).toBe(true)
      expect((await client.call('car_execute_script', runOn(objects))).isError).toBe(false)
      expect(audit.events()).toEqual([...asked, 'refused', ...asked, ...sentEvents.slice(1)])
      const [, { record, digest, ways } = {}] = audit.lines().map(({ facts }) => facts)
      expect(ways).toEqual(['client', 'page', 'terminal'])
      expect(record).toMatchObject({ tool: 'car_execute_script', effect: 'execute', caller: 'stdio' })
      expect(audit.factsOf('approved')).toMatchObject({
        by: 'a person, in a terminal',
        approval: { way: 'terminal', by: 'terminal', at: expect.stringMatching(/Z$/) },
        ...{ record, digest },
      })
      // The code approves nothing by itself, but the log does not need it.
      expect(readFileSync(audit.file, 'utf8')).not.toContain(code)
    },
  )

  personTest(
    'whose answer is forged, with nobody to ask: still logged as asked, with its arguments',
    async ({ connect, audit, objects }) => {
      const client = await connect(undefined, { QUALYS_MODE: 'unattended' })
      const { isError } = await client.answerQuestion('car_execute_script', runOn(objects), 'v1.made.up')
      expect(isError).toBe(false)
      expect(audit.events()).toEqual(sentEvents)
      const brought = era === 'modern' ? { again: true } : {}
      expect(audit.factsOf('asked')).toEqual({
        tool: 'car_execute_script',
        call: expect.any(String),
        attempt: expect.any(String),
        effect: 'execute',
        arguments: runOn(objects),
        ...brought,
      })
    },
  )
})
