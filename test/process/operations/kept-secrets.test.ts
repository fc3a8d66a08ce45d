import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import type { Environment } from '../../../src/settings.ts'
import { canary } from '../../support/canary.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { eras, meet, temporaryFolder, yes } from '../../support/consent/by-hand.ts'
import { type Unattended, unattended } from '../../support/effects/bench.ts'
import { environmentFor } from '../../support/environment.ts'
import { leakSearch, spelled } from '../../support/leak-search.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'
import { cutEchoes, echoes } from '../stdio/echoes.ts'

// Named secrets reach the wire as they are, and nobody else: no reply, log, preview, state folder or audit log tells
// them, whatever Qualys says back.

const github = canary('github')
const gitlab = canary('gitlab')
const password = canary('db')
/** Of several lines, and from a file. */
const key = `-----BEGIN PRIVATE KEY-----\n${canary('key')}\n-----END PRIVATE KEY-----`
const secrets = [github, gitlab, password, key]
const search = leakSearch(secrets)
const leaks = (what: unknown): string[] => search(typeof what === 'string' ? what : JSON.stringify(what))

const folder = mkdtempSync(join(tmpdir(), 'qualys-kept-'))
const state = join(folder, 'state')
const audit = join(folder, 'audit.jsonl')
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 200 })
  writeFileSync(join(folder, 'gitlab'), `${gitlab}\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'key'), `${key}\n`, { mode: 0o600 })
  server = await unattended(environment({}), state)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await server.close()
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const named = (): Environment => ({
  QUALYS_SECRET_CORP_GITHUB: github,
  QUALYS_SECRET_CORP_GITLAB_FILE: join(folder, 'gitlab'),
  QUALYS_SECRET_DB_PASSWORD: password,
  QUALYS_SECRET_SSH_KEY_FILE: join(folder, 'key'),
})
const environment = (more: Environment): Environment =>
  environmentFor(sandbox, {
    ...named(),
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_MAX_ASSETS_PER_RUN: '1000',
    QUALYS_AUDIT_FILE: audit,
    ...more,
  })

/** Everything in a folder, names of files included. */
function filesIn(path: string): string {
  if (!existsSync(path)) return ''
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return `${file} ${entry.isFile() ? readFileSync(file, 'utf8') : ''}`
    })
    .join('\n')
}

const script = {
  title: 'Disk check',
  typeId: 1,
  subType: 'Detection',
  languageId: 201,
  platform: 'WINDOWS',
  severity: 2,
}
const atGitHub = {
  sourceUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1',
  repositoryToken: 'corp-github',
}
const atGitLab = {
  sourceUrl: 'https://gitlab.com/acme/tools/-/blob/main/x.ps1',
  repositoryToken: 'corp-gitlab',
}
const params = [{ key: 'path', secret: 'db-password' }]
const plan = {
  title: 'Once',
  scripts: [{ id: 25209, title: 'Disable root SSH login', params }],
  startDate: '2096-02-29',
  startTime: '08:30',
  assets: [21789601],
}
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Calls that need a secret: where it lies in the body, and how, and what Qualys answers. */
const calls: readonly {
  readonly tool: string
  readonly args: object
  readonly secret: string
  readonly at: string
  readonly wire: string
  readonly reply?: object
}[] = [
  {
    tool: 'car_create_script',
    args: { ...script, ...atGitHub },
    secret: github,
    at: 'gitHubToken',
    wire: github,
  },
  {
    tool: 'car_create_script',
    args: { ...script, ...atGitLab },
    secret: gitlab,
    at: 'gitLabDetails.token',
    wire: gitlab,
  },
  {
    tool: 'car_create_script',
    args: { ...script, content: 'Get-PSDrive', params },
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 16515, ...atGitHub, comment: 'moved' },
    secret: github,
    at: 'gitHubToken',
    wire: github,
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 25209, params },
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 25209, params: [{ key: 'path', secret: 'ssh-key' }] },
    secret: key,
    at: 'params.0.value',
    wire: base64(key),
  },
  {
    tool: 'car_execute_script',
    args: { scriptId: 25209, assetIds: [21789601], params },
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
    reply: { body: { correlationUuid: '81761e17-470b-40ab-89db-ef02607e00ab' } },
  },
  {
    tool: 'car_create_schedule',
    args: { ...plan, activate: false },
    secret: password,
    at: 'scripts.0.params.0.value',
    wire: base64(password),
  },
  {
    tool: 'car_update_schedule',
    args: { ...plan, scheduleId: '23f97a1f-76f4-4e85-a7c2-566f120874fc' },
    secret: password,
    at: 'scripts.0.params.0.value',
    wire: base64(password),
  },
]

/** The one effect that was sent: what lies at a place of its body, and all else that went over the wire, logins aside. */
async function sentWith(at: string): Promise<{ readonly found: unknown; readonly rest: string }> {
  const [sent, ...others] = await effectsAt(sandbox.control)
  expect(others).toEqual([])
  const body: unknown = JSON.parse(sent?.body ?? '')
  const found = at
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body)
  const requests = (await sandbox.control.requests()).filter(({ path }) => path !== '/auth')
  const rest = requests.map(({ headers: { authorization: _, ...headers }, ...request }) => ({
    headers,
    ...request,
  }))
  return { found, rest: JSON.stringify(rest).replace(JSON.stringify(sent?.body), '') }
}

const routeOf = (tool: string): string => operations.find(({ name }) => name === tool)?.route ?? ''

describe('the secret is on the wire, whole, and nowhere else', () => {
  test.each(calls)('$tool $args', async ({ tool, args, at, wire, reply }) => {
    const body = reply ?? { errorCode: '0', message: 'done', body: { id: 86174 } }
    await sandbox.control.faults([{ route: routeOf(tool), kind: 'reply', body }])
    const { raw } = await server.call(tool, args)
    const { found, rest } = await sentWith(at)
    expect(found).toBe(wire)
    // The search would find it.
    expect(leaks(found)).not.toEqual([])
    expect(leaks([raw, rest, server.log, filesIn(state), readFileSync(audit, 'utf8')])).toEqual([])
  })
})

describe('what Qualys says back', () => {
  const ways = { ...spelled, 'JSON of ASCII alone': asciiJson, 'base64 with text around it': packed }

  test.each(Object.entries(ways))('in %s', async (_name, spell) => {
    let redacted = 0
    const found: string[] = []
    const blows = calls.map(({ secret }) => [...echoes(spell(secret)), ...cutEchoes(spell(secret))])
    for (const [turn, [label]] of (blows[0] ?? []).entries()) {
      const { tool, args } = calls[turn % calls.length] ?? {}
      const fault = blows[turn % calls.length]?.[turn]?.[1]
      if (!tool || !args || !fault) throw new Error('no such call')
      await sandbox.control.faults([{ route: routeOf(tool), ...fault }])
      const { raw } = await server.call(tool, args)
      const said = JSON.stringify(raw)
      if (said.includes('[secret]')) redacted++
      if (leaks(said).length > 0) found.push(`${tool}, ${label}: ${leaks(said).join()}`)
    }
    expect(found).toEqual([])
    expect(leaks([server.log, filesIn(state), readFileSync(audit, 'utf8')])).toEqual([])
    // Else the echo came into no reply, and nothing was tried.
    expect(redacted).toBeGreaterThan(10)
  })

  test.each(['resetAfterBody', 'truncate', 'badJson'])(
    'nothing, for the answer is lost: %s',
    async (kind) => {
      for (const { tool, args } of calls) {
        await sandbox.control.faults([{ route: routeOf(tool), kind }])
        expect(leaks([(await server.call(tool, args)).raw, server.log])).toEqual([])
      }
      expect(leaks([filesIn(state), readFileSync(audit, 'utf8')])).toEqual([])
    },
  )

  test.each(Object.entries(spelled))('already at the login, in %s', async (_name, spell) => {
    const message = secrets.map(spell).join(' ')
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 401, body: { message } }])
    const fresh = await unattended(environment({ QUALYS_AUDIT_FILE: join(folder, 'login.jsonl') }), state)
    const heard = [
      await fresh.call('car_clone_script', { scriptId: 16515 }),
      await fresh.call('qualys_status', {}),
    ]
    await fresh.close()
    expect(heard.map(({ text }) => text.includes('[secret]'))).toEqual([true, true])
    expect(leaks([heard.map(({ raw }) => raw), fresh.log, filesIn(state)])).toEqual([])
    expect(leaks(readFileSync(join(folder, 'login.jsonl'), 'utf8'))).toEqual([])
  })

  test('later, when the script is read: by id, in a list, in a file', async () => {
    const { text } = await server.call('car_create_script', { ...script, content: 'Get-PSDrive', params })
    const scriptId = /^script (\d+) created/.exec(text)?.[1] ?? ''
    const kept = (await sandbox.control.truth('scripts')).find(({ id }) => String(id) === scriptId)
    expect(leaks(kept)).not.toEqual([])
    const read = await server.call('car_get_script', { scriptId })
    expect(read.text).toContain('[secret]')
    const others = [
      await server.call('car_search_scripts', { filter: `id:${scriptId}`, fields: ['*'] }),
      await server.call('car_export_scripts', { ids: [scriptId] }),
    ]
    expect(others.map(({ isError }) => isError)).toEqual([false, false])
    expect(leaks([read.raw, ...others.map(({ raw }) => raw), server.log])).toEqual([])
  })
})

function asciiJson(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function packed(text: string): string {
  return Buffer.from(`a=${text};`).toString('base64')
}

/** What a person reads of the secret. */
const shown = (args: object): string =>
  'repositoryToken' in args
    ? `repositoryToken: "${args.repositoryToken}"`
    : `path=(secret ${JSON.stringify(args).includes('ssh-key') ? 'ssh-key' : 'db-password'})`

describe('a person who is asked', () => {
  describe.each(eras)('in the %s era', (era) => {
    test.each(calls)('reads the name: $tool $args', async ({ tool, args, at, wire, reply }) => {
      const body = reply ?? { errorCode: '0', message: 'done', body: { id: 86174 } }
      await sandbox.control.faults([{ route: routeOf(tool), kind: 'reply', body }])
      const own = temporaryFolder()
      const log = join(own, 'audit.jsonl')
      const client = await meet(sandbox, era, { settings: environment({ QUALYS_AUDIT_FILE: log }) })
      const heard = await client.whole(tool, args, yes)
      expect(client.asked).toHaveLength(1)
      const question = String(client.asked[0]?.['message'])
      expect(question).toContain(shown(args))
      expect((await sentWith(at)).found).toBe(wire)
      expect(leaks([client.asked, heard, readFileSync(log, 'utf8')])).toEqual([])
    })
  })

  test.each(calls)(
    'in a terminal finds the name in the state folder: $tool $args',
    async ({ tool, args }) => {
      const own = temporaryFolder()
      const settings = { ...environment({}), QUALYS_STATE_DIR: own }
      const client = await meet(sandbox, 'legacy', { settings, capabilities: {} })
      const { text, isError } = await client.call(tool, args)
      expect(text).toMatch(/qualys-mcp approve [A-Z2-9]{4}-[A-Z2-9]{4}/)
      expect(isError).toBe(true)
      const files = filesIn(own)
      expect(files.replaceAll('\\"', '"')).toContain(shown(args))
      expect(leaks([files, text])).toEqual([])
      expect(await effectsAt(sandbox.control)).toEqual([])
    },
  )
})

describe('the program', () => {
  test('tells them on no terminal', async () => {
    const env = processEnvironment(environment({ QUALYS_MODE: 'unattended', QUALYS_STATE_DIR: state }))
    const message = secrets.map((secret) => `${secret} ${spelled['base64']?.(secret)}`).join()
    const routes = [...new Set(calls.map(({ tool }) => routeOf(tool)))]
    await sandbox.control.faults(
      routes.map((route) => ({ route, kind: 'status', status: 400, body: { errorCode: '400', message } })),
    )
    const commands = [
      ['doctor'],
      ['tools', '--json'],
      ['call', 'qualys_status'],
      ...calls.map(({ tool, args }) => ['call', tool, JSON.stringify(args)]),
      ['call', 'car_create_script', JSON.stringify({ ...script, ...atGitHub }), '--json'],
    ]
    const ended = await Promise.all(commands.map((args) => run(args, env)))
    expect(ended.map(({ stdout, stderr }) => leaks(stdout + stderr))).toEqual(commands.map(() => []))
    const redacted = ended.slice(3).filter(({ stdout }) => stdout.includes('[secret]'))
    expect(redacted).toHaveLength(calls.length + 1)
  })

  test.each([
    { QUALYS_SECRET_A: password, QUALYS_SECRET_A_FILE: 'x' },
    { QUALYS_SECRET_A_FILE: `/nonexistent/${password}` },
    { QUALYS_SECRETT_A: password },
    { 'QUALYS_SECRET_A-B': password },
  ])('tells none when it does not start, or warns: %#', async (env) => {
    const { stdout, stderr } = await run(['call', 'car_search_jobs'], env)
    expect(stderr + stdout).toMatch(/QUALYS_/)
    expect(leaks(stdout + stderr)).toEqual([])
  })
})
