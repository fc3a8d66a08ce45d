import { expect } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Environment } from '../../../src/config/settings.ts'
import { canary } from '../../support/canary.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { leaks } from '../../support/leak-search.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// The log of the program: what happened and how long it took, never any content.

interface Line {
  readonly level: string
  readonly msg: string
  readonly call?: number
  readonly tool?: string
  readonly [fact: string]: unknown
}

const linesIn = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const test = testOn().extend<{
  /** The log of a server with these settings, after these calls. */
  readonly logOf: (extra: Environment, use: (server: RawServer) => Promise<unknown>) => Promise<Line[]>
}>({
  logOf: async ({ sandbox }, use) =>
    use(async (extra, work) => {
      const server = await new RawServer(environmentFor(sandbox, extra)).initialize()
      await work(server)
      return linesIn((await server.finish()).err)
    }),
})

const calls = async (server: RawServer): Promise<void> => {
  await server.call('car_search_jobs', { pageSize: 1 })
  await server.call('car_get_script', { scriptId: 999_999 })
}

test('by default: its start, its client, each call and its end', async ({ logOf }) => {
  const lines = await logOf({ QUALYS_TOOLSETS: 'car' }, calls)
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      msg: 'started',
      version: packageJson.version,
      mode: 'confirm',
      sandbox: false,
      tools: expect.any(Number),
    }),
    expect.objectContaining({ msg: 'a client connected', era: 'legacy' }),
    expect.objectContaining({ msg: 'call ended', call: 1, tool: 'car_search_jobs', outcome: 'ok' }),
    expect.objectContaining({ msg: 'call ended', call: 2, tool: 'car_get_script', outcome: 'input' }),
    expect.objectContaining({ msg: 'ending', reason: 'the client closed stdin' }),
  ])
  for (const { ms, characters } of lines.slice(2, 4)) {
    expect(ms).toEqual(expect.any(Number))
    expect(characters).toBeGreaterThan(0)
  }
})

test('debug: every request to Qualys, under the number of its call', async ({ logOf }) => {
  const lines = await logOf({ QUALYS_LOG_LEVEL: 'debug' }, calls)
  const requests = lines.filter(({ request }) => request !== undefined)
  expect(
    requests.map(({ request, call, method, path, status }) => [request, call, method, path, status]),
  ).toEqual([
    [1, 1, 'POST', '/auth', 201],
    [2, 1, 'POST', '/sm/v2/jobs/search', 200],
    [3, 2, 'GET', '/sm/v1/scripts/999999', expect.any(Number)],
  ])
})

test('debug: requests of calls that run together keep their numbers', async ({ logOf }) => {
  const lines = await logOf({ QUALYS_LOG_LEVEL: 'debug', QUALYS_CONCURRENCY: '4' }, async (server) => {
    await server.call('car_list_script_types')
    const ids = [19218, 19219, 19220, 19221]
    await Promise.all(ids.map((scriptId) => server.call('car_get_script', { scriptId })))
  })
  const of = (call: number) => lines.filter((line) => line.call === call)
  for (const [place, id] of [19218, 19219, 19220, 19221].entries())
    expect(of(place + 2).map(({ path, msg }) => path ?? msg)).toEqual([`/sm/v1/scripts/${id}`, 'call ended'])
})

// All levels: test/unit/log.
test('silent: nothing', async ({ logOf }) => {
  expect(await logOf({ QUALYS_LOG_LEVEL: 'silent', QUALYS_COLOUR: 'red' }, calls)).toEqual([])
})

test('warn: invalid settings, and no normal operation', async ({ logOf }) => {
  expect(await logOf({ QUALYS_LOG_LEVEL: 'warn', QUALYS_COLOUR: 'red' }, calls)).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'QUALYS_COLOUR is no setting of this program and does nothing',
    }),
  ])
})

test('neither argument, query, body nor secret is in any line', async ({ sandbox, logOf }) => {
  const [word, password] = [canary('argument'), canary('password')]
  await sandbox.control.faults([
    { route: 'POST /auth', kind: 'reply', status: 201, body: canary('token').replaceAll(/[^\w]/g, 'x') },
    { route: '*', kind: 'reply', status: 400, body: { message: canary('body'), errorCode: canary('code') } },
  ])
  const extra = { QUALYS_LOG_LEVEL: 'debug', QUALYS_PASSWORD: password, QUALYS_UNVERIFIED: 'all' }
  const lines = await logOf(extra, async (server) => {
    await server.call('car_search_jobs', { filter: `title:"${word}"` })
    await server.call('car_search_jobs', { match: word })
    await server.call('car_search_asset_jobs', { jobId: 1, filter: `x:"${word}"` })
    await server.call('saq_search_users', {
      filter: [{ field: 'username', operator: 'EQUALS', value: word }],
    })
    await server.call('car_add_blocked_commands', { languageId: 201, commands: [word] })
    await server.call('car_search_jobs', { continuationToken: word })
    await server.call('car_list_reports', {})
    await server.call(word, {})
  })
  const queries = (await sandbox.control.requests()).map(({ query }) => Object.keys(query).length)
  expect(Math.max(...queries)).toBeGreaterThan(0)
  expect(lines.map(({ path }) => path ?? '').join()).not.toContain('?')
  expect(lines.length).toBeGreaterThan(6)
  expect(leaks(lines)).toEqual([])
})

test('a command logs no normal operation, unless it is configured to', async ({ sandbox }) => {
  const env = processEnvironment(environmentFor(sandbox))
  const args = ['call', 'car_search_jobs', '{"pageSize":1}']
  expect((await runProgram(args, env)).stderr).toBe('')
  const { stderr } = await runProgram(args, { ...env, QUALYS_LOG_LEVEL: 'info' })
  expect(linesIn(stderr)).toEqual([expect.objectContaining({ msg: 'call ended', outcome: 'ok' })])
})
