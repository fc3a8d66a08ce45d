import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit } from '../../src/commands/audit.ts'
import type { Environment } from '../../src/settings.ts'
import { approvePending } from '../../src/tools/effects/approvals.ts'
import { ByHand, eras, yes } from '../consent/by-hand.ts'
import { canary, environmentFor, openSandbox, partsOf } from '../harness.ts'
import { leaks } from '../leak-search.ts'
import { type Line, linesOf, temporary, timesSeen, type Unattended, unattended } from './bench.ts'
import { type Ground, groundOf } from './calls.ts'

// What the audit log holds of whole calls, and what a log that cannot be written stops.

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const listing = 'POST /sm/v2/jobs/search'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let ground: Ground
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  ground = await groundOf(sandbox.control)
})
afterAll(() => sandbox.close())

let folder: ReturnType<typeof temporary>
let logs: string
let file: string
const open: { close: () => Promise<void> }[] = []
beforeEach(async () => {
  await sandbox.control.reset()
  await sandbox.control.knobs({ jobDelayMs: 0 })
  folder = temporary()
  logs = join(folder.path, 'logs')
  mkdirSync(logs)
  file = join(logs, 'audit.jsonl')
})
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
  folder.remove()
})

const environment = (extra: Environment = {}) =>
  environmentFor(sandbox, { QUALYS_AUDIT_FILE: file, QUALYS_MAX_WAIT_SECONDS: '0', ...extra })

async function serve(extra: Environment = {}): Promise<Unattended> {
  const server = await unattended(environment(extra), folder.path)
  open.push(server)
  return server
}

const run = () => ({ scriptId: '19218', assetIds: ground.hosts.slice(0, 2) })
const execute = (server: Unattended, args: object = run()) => server.call('car_execute_script', args)
const events = (lines: readonly Line[] = linesOf(file)) => lines.map(({ event }) => event)
const factsOf = (wanted: string) => linesOf(file).find(({ event }) => event === wanted)?.facts
const whole = ['asked', 'approved', 'sent', 'answered']

describe('an effect', () => {
  test('is asked, approved, sent and answered, in one chain that ends', async () => {
    const server = await serve()
    const { isError } = await execute(server)
    expect(isError).toBe(false)
    expect(events()).toEqual(whole)
    const [asked, approved, sent, answered] = linesOf(file).map(({ facts }) => facts)
    const same = { tool: 'car_execute_script', call: expect.stringMatching(/^[0-9a-f]{16}$/) }
    expect(asked).toEqual({ ...same, effect: 'execute', arguments: run() })
    expect(approved).toEqual({
      ...same,
      effect: 'execute',
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sent).toEqual(same)
    const { correlationUuid } = (await sandbox.control.truth('executions')).at(-1) ?? {}
    expect(answered).toEqual({ ...same, outcome: 'done', id: correlationUuid })
    expect(new Set(linesOf(file).map(({ facts }) => facts['call'])).size).toBe(1)
    await open.pop()?.close()
    expect(await verifyAudit(file)).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
    // Whose account it is stands in no line: many may read them.
    expect(readFileSync(file, 'utf8')).not.toContain(sandbox.username)
  })

  test('of other arguments is another call', async () => {
    const server = await serve()
    await execute(server)
    await execute(server, { ...run(), description: 'again' })
    expect(new Set(linesOf(file).map(({ facts }) => facts['call'])).size).toBe(2)
  })

  test('is in the file before it is at Qualys', async () => {
    const server = await serve()
    await sandbox.control.faults([{ route, kind: 'delay', ms: 100 }])
    const call = execute(server)
    await expect.poll(() => timesSeen(sandbox.control, executing), { interval: 2, timeout: 30_000 }).toBe(1)
    expect(events()).toEqual(['asked', 'approved', 'sent'])
    await call
    expect(events()).toEqual(whole)
  })

  test.each<readonly [string, object, object]>([
    ['unclear', { kind: 'status', status: 502 }, { outcome: 'unclear', status: 502 }],
    ['unclear by a lost connection', { kind: 'resetAfterBody' }, { outcome: 'unclear' }],
    ['refused by Qualys', { kind: 'status', status: 403 }, { outcome: 'setup', status: 403 }],
    [
      'refused inside a success',
      { kind: 'reply', body: { errorCode: '7', message: 'x' } },
      { outcome: 'vendor' },
    ],
    ['busy', { kind: 'limit' }, { outcome: 'busy', status: 429 }],
    ['done without a word', { kind: 'empty' }, { outcome: 'done' }],
  ])('may be answered: %s', async (_what, fault, facts) => {
    await sandbox.control.faults([{ route, ...fault }])
    await execute(await serve())
    expect(events()).toEqual(whole)
    expect(factsOf('answered')).toMatchObject({ tool: 'car_execute_script', ...facts })
  })

  test('that does not get as far as Qualys says so', async () => {
    const server = await serve()
    await server.call('car_list_script_types', {})
    // The asset is known now; the token is not any more, and no login gives another.
    await execute(server)
    await sandbox.control.revoke()
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 500 }])
    await sandbox.control.forget()
    await server.call('car_generate_report', { reportName: 'x', templateName: 'Script Job Report' })
    const lines = linesOf(file).slice(whole.length)
    expect(events(lines)).toEqual(['asked', 'approved', 'sent', 'answered'])
    expect(lines.at(-1)?.facts).toMatchObject({ outcome: 'vendor' })
    // Now there is no token to begin with.
    await server.call('car_generate_report', { reportName: 'y', templateName: 'Script Job Report' })
    const later = linesOf(file).slice(2 * whole.length)
    expect(events(later)).not.toContain('sent')
    expect(later.at(-1)).toMatchObject({ event: 'answered', facts: { outcome: 'not sent', why: 'vendor' } })
  })
})

describe('refused', () => {
  test.each<readonly [string, string, () => object, Environment, { kind: string; why: RegExp }]>([
    [
      'by a limit',
      'car_execute_script',
      run,
      { QUALYS_MAX_ASSETS_PER_RUN: '1' },
      { kind: 'setup', why: /limits forbid/ },
    ],
    [
      'by a list of scripts',
      'car_execute_script',
      run,
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
      () => ({ ...run(), params: [{ key: 'a', secret: 'none' }] }),
      {},
      { kind: 'input', why: /no secret named "none"/ },
    ],
  ])('%s: asked and refused, and nothing is sent', async (_what, tool, args, extra, { kind, why }) => {
    const server = await serve(extra)
    expect((await server.call(tool, args())).isError).toBe(true)
    expect(events()).toEqual(['asked', 'refused'])
    expect(factsOf('refused')).toMatchObject({ tool, kind, why: expect.stringMatching(why) })
    expect(factsOf('refused')?.['call']).toBe(factsOf('asked')?.['call'])
    expect(await timesSeen(sandbox.control, executing)).toBe(0)
  })
})

describe.each(eras)('a person, %s era', (era) => {
  async function meet(capabilities?: object, extra: Environment = {}): Promise<ByHand> {
    const parts = partsOf(environment({ QUALYS_STATE_DIR: folder.path, ...extra }))
    const client = await ByHand.open(parts.options, era, capabilities as never)
    open.push(parts, client)
    return client
  }
  /** In this era the answer comes with a call of its own. */
  const again = era === 'modern' ? ['asked'] : []

  test('who says yes is who approved', async () => {
    const client = await meet()
    expect((await client.whole('car_execute_script', run(), yes)).isError).toBe(false)
    expect(events()).toEqual(['asked', ...again, ...whole.slice(1)])
    expect(factsOf('approved')).toMatchObject({ by: 'a person, asked by the client' })
  })

  test.each([
    ['no', { action: 'decline' }, /said no/],
    ['nothing', { action: 'cancel' }, /closed without an answer/],
  ])('who says %s', async (_what, answer, why) => {
    const client = await meet()
    expect((await client.whole('car_execute_script', run(), answer)).isError).toBe(true)
    expect(events()).toEqual(['asked', ...again, 'refused'])
    expect(factsOf('refused')).toMatchObject({ kind: 'declined', why: expect.stringMatching(why) })
    expect(await timesSeen(sandbox.control, executing)).toBe(0)
  })

  test('who cannot be asked, and approves in a terminal', async () => {
    const client = await meet({})
    const { text } = await client.call('car_execute_script', run())
    expect(events()).toEqual(['asked', 'refused'])
    const [, code = ''] = /approve (\S+?)`/.exec(text) ?? []
    expect(approvePending(folder.path, code, Date.now())).toBe(true)
    expect((await client.call('car_execute_script', run())).isError).toBe(false)
    expect(events()).toEqual(['asked', 'refused', ...whole])
    expect(factsOf('approved')).toMatchObject({ by: 'a person, in a terminal' })
    // The code would approve nothing by itself, but nobody needs it here.
    expect(readFileSync(file, 'utf8')).not.toContain(code)
  })

  test('whose answer is made up, with nobody to ask: still asked, with what was asked for', async () => {
    const client = await meet(undefined, { QUALYS_MODE: 'unattended' })
    const { isError } = await client.again('car_execute_script', run(), 'v1.made.up')
    expect(isError).toBe(false)
    expect(events()).toEqual(whole)
    const brought = era === 'modern' ? { again: true } : {}
    expect(factsOf('asked')).toEqual({
      tool: 'car_execute_script',
      call: expect.any(String),
      effect: 'execute',
      arguments: run(),
      ...brought,
    })
  })
})

describe('what it does not hold', () => {
  test('content, secrets and tokens', async () => {
    const [password, secret] = [canary('password'), canary('parameter')]
    const server = await serve({ QUALYS_SECRET_DB_PASSWORD: secret, QUALYS_SECRET_OTHER: password })
    const content = `Write-Output "${'hush '.repeat(50)}"`
    const script = {
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      title: 'Audited',
    }
    const params = [{ key: 'path', secret: 'db-password' }]
    const made = await server.call('car_create_script', { ...script, content, params })
    expect(made.isError, made.text).toBe(false)
    expect(factsOf('asked')?.['arguments']).toEqual({
      ...script,
      typeId: '1',
      languageId: '201',
      params,
      content: `sha256 ${createHash('sha256').update(content).digest('hex')}`,
    })
    // And what Qualys says back of them.
    const body = { errorCode: '400', message: `no: ${secret} and Bearer ${password}1234`, body: null }
    await sandbox.control.faults([{ route: 'POST /sm/v5/script', kind: 'reply', status: 400, body }])
    await server.call('car_create_script', { ...script, content })
    await sandbox.control.faults([
      { route: 'POST /sm/v5/script', kind: 'reply', body: { errorCode: '0', body: { id: secret } } },
    ])
    await server.call('car_create_script', { ...script, content: `${content} ` })
    const text = readFileSync(file, 'utf8')
    expect(events()).toHaveLength(3 * whole.length)
    expect(leaks(text)).toEqual([])
    expect(text).not.toContain('hush')
    for (const { headers } of await sandbox.control.requests()) {
      const [, token] = /^Bearer (.+)$/.exec(headers['authorization'] ?? '') ?? []
      if (token !== undefined) expect(text).not.toContain(token)
    }
  })

  test('what looks like a token, though somebody passed one', async () => {
    const server = await serve()
    const token = `ghp_${'a1B2'.repeat(9)}`
    const params = [{ key: 'path', value: token }]
    const { text, isError } = await execute(server, { ...run(), params })
    expect(isError, text).toBe(true)
    expect(existsSync(file) && readFileSync(file, 'utf8').includes(token)).toBe(false)
    expect(text).not.toContain(token)
  })

  test('calls that only read', async () => {
    const server = await serve()
    await server.call('car_search_jobs', {})
    await server.call('car_get_script', { scriptId: 19218 })
    expect(existsSync(file)).toBe(false)
  })
})

describe('a log that cannot be written', () => {
  const unwritable = { kind: 'setup' }
  const says = /^The audit log \(QUALYS_AUDIT_FILE\) cannot be written: its folder does not exist\./

  test('from the start: effects are refused before anything is asked at Qualys, reading goes on', async () => {
    rmSync(logs, { recursive: true })
    const server = await serve()
    const { text, error } = await execute(server)
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await sandbox.control.requests()).toEqual([])
    expect((await server.call('car_search_jobs', {})).isError).toBe(false)
    expect((await server.call('qualys_status', {})).isError).toBe(false)
  })

  test('any more, once it was approved: nothing is sent', async () => {
    const server = await serve()
    await sandbox.control.faults([{ route: listing, kind: 'delay', ms: 100 }])
    const call = execute(server)
    await expect.poll(() => timesSeen(sandbox.control, listing), { interval: 2, timeout: 30_000 }).toBe(1)
    expect(events()).toEqual(['asked', 'approved'])
    rmSync(logs, { recursive: true })
    const { text, error } = await call
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await timesSeen(sandbox.control, executing)).toBe(0)
    expect(server.log.join('\n')).toMatch(/^The audit log [^\n]*$/)
  })

  test('any more, once it was sent: the answer is not lost, and the next effect is refused', async () => {
    const server = await serve()
    await sandbox.control.faults([{ route, kind: 'delay', ms: 100 }])
    const call = execute(server)
    await expect.poll(() => timesSeen(sandbox.control, executing), { interval: 2, timeout: 30_000 }).toBe(1)
    rmSync(logs, { recursive: true })
    const { text, isError } = await call
    expect(isError, text).toBe(false)
    expect(text).toContain('script 19218 started')
    expect(server.log.join('\n')).toMatch(says)

    const next = await execute(server)
    expect(next.error).toMatchObject(unwritable)
    expect(await timesSeen(sandbox.control, executing)).toBe(1)

    mkdirSync(logs)
    await sandbox.control.faults([])
    expect((await execute(server)).isError).toBe(false)
    expect(events()).toEqual(whole)
  })

  test('any more, with a lost answer: what is not known is told all the same', async () => {
    const server = await serve()
    await sandbox.control.faults([
      { route, kind: 'delay', ms: 100 },
      { route, kind: 'resetAfterBody' },
    ])
    const call = execute(server)
    await expect.poll(() => timesSeen(sandbox.control, executing), { interval: 2, timeout: 30_000 }).toBe(1)
    rmSync(logs, { recursive: true })
    const { text, error } = await call
    expect(error).toMatchObject({ kind: 'unclear' })
    expect(text).toContain('Probably it is run')
  })

  test('under its name, since it was rotated away: each file holds a chain of its own', async () => {
    const server = await serve()
    await execute(server)
    renameSync(file, `${file}.1`)
    await execute(server)
    await open.pop()?.close()
    for (const one of [file, `${file}.1`])
      expect(await verifyAudit(one)).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
  })
})
