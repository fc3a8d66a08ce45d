import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { verifyAudit } from '../../../src/commands/audit.ts'
import type { Environment } from '../../../src/settings.ts'
import { approvePending } from '../../../src/tools/effects/approvals.ts'
import { partsOf } from '../../support/assistant.ts'
import { ByHand, eras, yes } from '../../support/consent/by-hand.ts'
import { timesSeen } from '../../support/effects/bench.ts'
import { Audited, whole } from './audited.ts'

// What the audit log holds of whole calls.

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const log = new Audited()

describe('an effect', () => {
  test('is asked, approved, sent and answered, in one chain that ends', async () => {
    const server = await log.serve()
    const { isError } = await log.execute(server)
    expect(isError).toBe(false)
    expect(log.events()).toEqual(whole)
    const [asked, approved, sent, answered] = log.lines().map(({ facts }) => facts)
    const same = { tool: 'car_execute_script', call: expect.stringMatching(/^[0-9a-f]{16}$/) }
    expect(asked).toEqual({ ...same, effect: 'execute', arguments: log.run() })
    expect(approved).toEqual({
      ...same,
      effect: 'execute',
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sent).toEqual(same)
    const { correlationUuid } = (await log.sandbox.control.truth('executions')).at(-1) ?? {}
    expect(answered).toEqual({ ...same, outcome: 'done', id: correlationUuid })
    expect(new Set(log.lines().map(({ facts }) => facts['call'])).size).toBe(1)
    await log.close()
    expect(await verifyAudit(log.file)).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
    // Whose account it is stands in no line: many may read them.
    expect(readFileSync(log.file, 'utf8')).not.toContain(log.sandbox.username)
  })

  test('of other arguments is another call', async () => {
    const server = await log.serve()
    await log.execute(server)
    await log.execute(server, { ...log.run(), description: 'again' })
    expect(new Set(log.lines().map(({ facts }) => facts['call'])).size).toBe(2)
  })

  test('is in the file before it is at Qualys', async () => {
    const server = await log.serve()
    await log.sandbox.control.faults([{ route, kind: 'delay', ms: 100 }])
    const call = log.execute(server)
    await expect
      .poll(() => timesSeen(log.sandbox.control, executing), { interval: 2, timeout: 30_000 })
      .toBe(1)
    expect(log.events()).toEqual(['asked', 'approved', 'sent'])
    await call
    expect(log.events()).toEqual(whole)
  })

  test.each<readonly [string, object, object]>([
    ['unclear', { kind: 'status', status: 502 }, { outcome: 'unclear', status: 502 }],
    ['unclear by a lost connection', { kind: 'resetAfterBody' }, { outcome: 'unclear' }],
    ['refused by Qualys', { kind: 'status', status: 403 }, { outcome: 'setup', status: 403 }],
    [
      'refused inside a success',
      { kind: 'reply', body: { errorCode: '7', message: 'x' } },
      { outcome: 'unclear' },
    ],
    ['busy', { kind: 'limit' }, { outcome: 'busy', status: 429 }],
    ['done without a word', { kind: 'empty' }, { outcome: 'done' }],
  ])('may be answered: %s', async (_what, fault, facts) => {
    await log.sandbox.control.faults([{ route, ...fault }])
    await log.execute(await log.serve())
    expect(log.events()).toEqual(whole)
    expect(log.factsOf('answered')).toMatchObject({ tool: 'car_execute_script', ...facts })
  })

  test('that does not get as far as Qualys says so', async () => {
    const server = await log.serve()
    await server.call('car_list_script_types', {})
    // The asset is known now; the token is not any more, and no login gives another.
    await log.execute(server)
    await log.sandbox.control.revoke()
    await log.sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 500 }])
    await log.sandbox.control.forget()
    await server.call('car_generate_report', { reportName: 'x', templateName: 'Script Job Report' })
    const lines = log.lines().slice(whole.length)
    expect(log.events(lines)).toEqual(['asked', 'approved', 'sent', 'answered'])
    expect(lines.at(-1)?.facts).toMatchObject({ outcome: 'vendor' })
    // Now there is no token to begin with.
    await server.call('car_generate_report', { reportName: 'y', templateName: 'Script Job Report' })
    const later = log.lines().slice(2 * whole.length)
    expect(log.events(later)).not.toContain('sent')
    expect(later.at(-1)).toMatchObject({ event: 'answered', facts: { outcome: 'not sent', why: 'vendor' } })
  })
})

describe('refused', () => {
  test.each<readonly [string, string, () => object, Environment, { kind: string; why: RegExp }]>([
    [
      'by a limit',
      'car_execute_script',
      () => log.run(),
      { QUALYS_MAX_ASSETS_PER_RUN: '1' },
      { kind: 'setup', why: /limits forbid/ },
    ],
    [
      'by a list of scripts',
      'car_execute_script',
      () => log.run(),
      { QUALYS_ALLOWED_SCRIPTS: '5' },
      { kind: 'setup', why: /ALLOWED_SCRIPTS/ },
    ],
    [
      'for its arguments',
      'car_execute_script',
      () => ({ scriptId: 19218 }),
      {},
      { kind: 'input', why: /no target/ },
    ],
    [
      'for an id that is not there',
      'car_clone_script',
      () => ({ scriptId: 1 }),
      {},
      { kind: 'input', why: /no such id/ },
    ],
    [
      'for a secret that is not set',
      'car_execute_script',
      () => ({ ...log.run(), params: [{ key: 'a', secret: 'none' }] }),
      {},
      { kind: 'input', why: /no secret named "none"/ },
    ],
  ])('%s: asked and refused, and nothing is sent', async (_what, tool, args, extra, { kind, why }) => {
    const server = await log.serve(extra)
    expect((await server.call(tool, args())).isError).toBe(true)
    expect(log.events()).toEqual(['asked', 'refused'])
    expect(log.factsOf('refused')).toMatchObject({ tool, kind, why: expect.stringMatching(why) })
    expect(log.factsOf('refused')?.['call']).toBe(log.factsOf('asked')?.['call'])
    expect(await timesSeen(log.sandbox.control, executing)).toBe(0)
  })
})

describe.each(eras)('a person, %s era', (era) => {
  async function meet(capabilities?: object, extra: Environment = {}): Promise<ByHand> {
    const parts = partsOf(log.environment({ QUALYS_STATE_DIR: log.folder.path, ...extra }))
    const client = await ByHand.open(parts.options, era, capabilities as never)
    log.open.push(parts, client)
    return client
  }
  /** In this era the answer comes with a call of its own. */
  const again = era === 'modern' ? ['asked'] : []

  test('who says yes is who approved', async () => {
    const client = await meet()
    expect((await client.whole('car_execute_script', log.run(), yes)).isError).toBe(false)
    expect(log.events()).toEqual(['asked', ...again, ...whole.slice(1)])
    expect(log.factsOf('approved')).toMatchObject({ by: 'a person, asked by the client' })
  })

  test.each([
    ['no', { action: 'decline' }, /said no/],
    ['nothing', { action: 'cancel' }, /closed without an answer/],
  ])('who says %s', async (_what, answer, why) => {
    const client = await meet()
    expect((await client.whole('car_execute_script', log.run(), answer)).isError).toBe(true)
    expect(log.events()).toEqual(['asked', ...again, 'refused'])
    expect(log.factsOf('refused')).toMatchObject({ kind: 'declined', why: expect.stringMatching(why) })
    expect(await timesSeen(log.sandbox.control, executing)).toBe(0)
  })

  test('who cannot be asked, and approves in a terminal', async () => {
    const client = await meet({})
    const { text } = await client.call('car_execute_script', log.run())
    expect(log.events()).toEqual(['asked', 'refused'])
    const [, code = ''] = /approve (\S+?)`/.exec(text) ?? []
    expect(approvePending(log.folder.path, code, Date.now())).toBe(true)
    expect((await client.call('car_execute_script', log.run())).isError).toBe(false)
    expect(log.events()).toEqual(['asked', 'refused', ...whole])
    expect(log.factsOf('approved')).toMatchObject({ by: 'a person, in a terminal' })
    // The code would approve nothing by itself, but nobody needs it here.
    expect(readFileSync(log.file, 'utf8')).not.toContain(code)
  })

  test('whose answer is made up, with nobody to ask: still asked, with what was asked for', async () => {
    const client = await meet(undefined, { QUALYS_MODE: 'unattended' })
    const { isError } = await client.again('car_execute_script', log.run(), 'v1.made.up')
    expect(isError).toBe(false)
    expect(log.events()).toEqual(whole)
    const brought = era === 'modern' ? { again: true } : {}
    expect(log.factsOf('asked')).toEqual({
      tool: 'car_execute_script',
      call: expect.any(String),
      effect: 'execute',
      arguments: log.run(),
      ...brought,
    })
  })
})
