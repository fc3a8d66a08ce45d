import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import { canary } from '../canary.ts'
import { RawClient, type RawReply, yes } from '../consent/raw-client.ts'
import { type UnattendedServer, unattendedServerParts } from '../effects/unattended.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import { leakSearch } from '../leak-search.ts'
import { type Control, effectRequests, type TestSandbox } from '../sandbox.ts'
import { cutEchoes, type Echo, echoes } from './echoes.ts'

// Secrets that an assistant only names and whose values only the server knows: calls that use them, and where else
// the values might appear.

const github = canary('github')
const gitlab = canary('gitlab')
const password = canary('db')
/** One of several lines, and one from a file. */
const key = `-----BEGIN PRIVATE KEY-----\n${canary('key')}\n-----END PRIVATE KEY-----`
export const namedSecrets: readonly string[] = [github, gitlab, password, key]
export const namedPassword = password

const search = leakSearch(namedSecrets)
/** The parts of these secrets in a value. */
export const namedLeaks = (what: unknown): string[] =>
  search(typeof what === 'string' ? what : JSON.stringify(what))

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

/** A script with a secret as the value of a parameter. */
export const withParameter = { ...script, content: 'Get-PSDrive', params }

/** A call that needs a secret: its position and spelling in the body of the request, and the answer. */
export interface NamedCall {
  readonly tool: string
  readonly args: object
  readonly secret: string
  readonly at: string
  readonly wire: string
  readonly reply?: object
  /** What a person reads instead of the value. */
  readonly shown: string
}

const ofRepository = (name: string) => `repositoryToken: "${name}"`
const ofParameter = (name = 'db-password') => `path=(secret ${name})`

export const namedCalls: readonly NamedCall[] = [
  {
    tool: 'car_create_script',
    args: { ...script, ...atGitHub },
    secret: github,
    at: 'gitHubToken',
    wire: github,
    shown: ofRepository('corp-github'),
  },
  {
    tool: 'car_create_script',
    args: { ...script, ...atGitLab },
    secret: gitlab,
    at: 'gitLabDetails.token',
    wire: gitlab,
    shown: ofRepository('corp-gitlab'),
  },
  {
    tool: 'car_create_script',
    args: withParameter,
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
    shown: ofParameter(),
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 16515, ...atGitHub, comment: 'moved' },
    secret: github,
    at: 'gitHubToken',
    wire: github,
    shown: ofRepository('corp-github'),
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 25209, params },
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
    shown: ofParameter(),
  },
  {
    tool: 'car_update_script',
    args: { scriptId: 25209, params: [{ key: 'path', secret: 'ssh-key' }] },
    secret: key,
    at: 'params.0.value',
    wire: base64(key),
    shown: ofParameter('ssh-key'),
  },
  {
    tool: 'car_execute_script',
    args: { scriptId: 25209, assetIds: [21789601], params },
    secret: password,
    at: 'params.0.value',
    wire: base64(password),
    reply: { body: { correlationUuid: '81761e17-470b-40ab-89db-ef02607e00ab' } },
    shown: ofParameter(),
  },
  {
    tool: 'car_create_schedule',
    args: { ...plan, activate: false },
    secret: password,
    at: 'scripts.0.params.0.value',
    wire: base64(password),
    shown: ofParameter(),
  },
  {
    tool: 'car_update_schedule',
    args: { ...plan, recurrence: 'ONCE', scheduleId: '23f97a1f-76f4-4e85-a7c2-566f120874fc' },
    secret: password,
    at: 'scripts.0.params.0.value',
    wire: base64(password),
    shown: ofParameter(),
  },
]

/** The route of a tool. */
export const routeOf = (tool: string): string => operations.find(({ name }) => name === tool)?.route ?? ''

/** Makes the sandbox answer such a call with success, whatever was sent. */
export function answerWithSuccess({ faults }: Control, { tool, reply }: NamedCall): Promise<void> {
  const body = reply ?? { errorCode: '0', message: 'done', body: { id: 86174 } }
  return faults([{ route: routeOf(tool), kind: 'reply', body }])
}

/** The one effect that was sent: the value at this position of its body, and all other requests except logins. */
export async function readSentEffect(
  control: Control,
  at: string,
): Promise<{ readonly found: unknown; readonly rest: string; readonly effects: number }> {
  const [sent, ...others] = await effectRequests(control)
  const body: unknown = JSON.parse(sent?.body ?? '{}')
  const found = at
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body)
  const requests = (await control.requests()).filter(({ path }) => path !== '/auth')
  const rest = requests.map(({ headers: { authorization: _, ...headers }, ...request }) => ({
    headers,
    ...request,
  }))
  const effects = others.length + (sent ? 1 : 0)
  return { found, rest: JSON.stringify(rest).replace(JSON.stringify(sent?.body), ''), effects }
}

/** Everything in a folder, file names included. */
export function filesIn(path: string): string {
  if (!existsSync(path)) return ''
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return `${file} ${entry.isFile() ? readFileSync(file, 'utf8') : ''}`
    })
    .join('\n')
}

interface NamedSecretFixtures {
  /** Where the server stores its state, its audit log and its exports. */
  readonly folder: string
  readonly files: string
  readonly settings: Environment
  /** A server that knows the secrets, whose every question is answered with yes. */
  readonly server: ApprovedServer
}

/** A server, and a person who approves each call. */
interface ApprovedServer extends Pick<UnattendedServer, 'log' | 'close'> {
  readonly call: (
    tool: string,
    args: object,
  ) => Promise<Pick<RawReply, 'text' | 'isError'> & { readonly raw: unknown }>
}

async function openApprovedServer(settings: Environment, folder: string): Promise<ApprovedServer> {
  const { options, log, close } = unattendedServerParts({ ...settings, QUALYS_MODE: 'confirm' }, folder)
  const client = await RawClient.open(options, 'modern')
  return {
    log,
    call: async (tool, args) => {
      const { text, isError, result } = await client.callAndAnswer(tool, args, yes)
      return { text, isError, raw: result }
    },
    close: async () => {
      await client.close()
      await close()
    },
  }
}

/** A `test` with a sandbox, and a server that knows the secrets by name. */
export const test = testOn({ jobs: 100, assets: 200 }).extend<NamedSecretFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-named-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  files: async ({}, use) => {
    const files = mkdtempSync(join(tmpdir(), 'qualys-named-files-'))
    await use(files)
    rmSync(files, { recursive: true })
  },
  settings: async ({ sandbox, folder, files }, use) => use(namedSettings(sandbox, folder, files)),
  server: async ({ settings, folder }, use) => {
    const server = await openApprovedServer(settings, join(folder, 'kept'))
    await use(server)
    await server.close()
  },
})

/** Settings with every secret, two of them from files outside the folder that is searched for secrets. */
function namedSettings(sandbox: TestSandbox, folder: string, files: string): Environment {
  writeFileSync(join(files, 'gitlab'), `${gitlab}\n`, { mode: 0o600 })
  writeFileSync(join(files, 'key'), `${key}\n`, { mode: 0o600 })
  return environmentFor(sandbox, {
    QUALYS_SECRET_CORP_GITHUB: github,
    QUALYS_SECRET_CORP_GITLAB_FILE: join(files, 'gitlab'),
    QUALYS_SECRET_DB_PASSWORD: password,
    QUALYS_SECRET_SSH_KEY_FILE: join(files, 'key'),
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_MAX_ASSETS_PER_RUN: '1000',
    QUALYS_AUDIT_FILE: join(folder, 'audit.jsonl'),
  })
}

/**
 * Calls tools in turn under each of these answers, which contain the secret of the call in some spelling. Returns
 * which answers leaked it, and from how many replies a secret was removed.
 */
export async function underEchoes(
  { faults }: Control,
  server: ApprovedServer,
  spell: (secret: string) => string,
): Promise<{ readonly found: string[]; readonly redacted: number }> {
  const answers = (secret: string): readonly Echo[] => [...echoes(spell(secret)), ...cutEchoes(spell(secret))]
  const found: string[] = []
  let redacted = 0
  for (const turn of answers('any').keys()) {
    const { tool, args, secret } = namedCalls[turn % namedCalls.length] as NamedCall
    const [label, fault] = answers(secret)[turn] as Echo
    await faults([{ route: routeOf(tool), ...fault }])
    const said = JSON.stringify((await server.call(tool, args)).raw)
    if (said.includes('[masked-by-qualys-mcp]')) redacted++
    if (namedLeaks(said).length > 0) found.push(`${tool}, ${label}: ${namedLeaks(said).join()}`)
  }
  return { found, redacted }
}
