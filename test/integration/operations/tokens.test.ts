import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { someJwt } from '../../support/leak-search.ts'
import { leastArguments } from '../../support/operations/least.ts'
import { openSandbox } from '../../support/sandbox.ts'

// No tool takes a secret: what looks like one is refused wherever it is passed, before anything is asked of Qualys.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let least: Readonly<Record<string, object>>
let tools: readonly { readonly name: string; readonly inputSchema: Schema }[]
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  least = await leastArguments(sandbox.control)
  assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
  tools = (await assistant.request('tools/list'))['tools'] as typeof tools
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const letters = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const pem = (kind: string): string =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${letters}\n-----END ${kind}PRIVATE KEY-----`

const tokens: readonly (readonly [what: string, kind: string, token: string])[] = [
  ['a personal one of GitHub', 'GitHub token', `ghp_${letters}`],
  ['one of an app’s user', 'GitHub token', `ghu_${letters}`],
  ['one of an app’s installation', 'GitHub token', `ghs_${letters}`],
  ['one of OAuth', 'GitHub token', `gho_${letters}`],
  ['one that renews', 'GitHub token', `ghr_${letters}`],
  ['a fine-grained one', 'GitHub token', `github_pat_11ABCDEFG0${letters}_${letters}`],
  ['a personal one of GitLab', 'GitLab token', `glpat-${letters.slice(0, 20)}`],
  ['a routable one', 'GitLab token', `glpat-${letters}.01.0a1b2c3d4`],
  ['one of a deployment', 'GitLab token', `gldt-${letters.slice(0, 20)}`],
  ['a JWT', 'JWT', someJwt],
  ['a private key', 'private key', pem('')],
  ['of RSA', 'private key', pem('RSA ')],
  ['of OpenSSH', 'private key', pem('OPENSSH ')],
  ['encrypted', 'private key', pem('ENCRYPTED ')],
]

const advice = (argument: string, kind: string): string =>
  `${argument} holds what looks like a ${kind}, and no tool takes a secret. Ask the operator to keep it as QUALYS_SECRET_<NAME>, and name it: repositoryToken: "<name>", or {key, secret: "<name>"} in params. The one passed here has been seen by others: replace it.`

describe.each(tokens)('%s', (_what, kind, token) => {
  const places: readonly (readonly [argument: string, args: (text: string) => object])[] = [
    ['content', (content) => ({ content })],
    ['content', (text) => ({ content: `$token = "${text}"\n` })],
    ['description', (text) => ({ description: `for ${text}, please` })],
    [
      'params',
      (value) => ({
        params: [
          { key: 'a', value: 'b' },
          { key: 'token', value },
        ],
      }),
    ],
    [
      'authorScriptsMetadata',
      (text) => ({ authorScriptsMetadata: { cid: '1', tech: ['a', text.slice(0, 250)] } }),
    ],
    ['qid', (detectionRegex) => ({ qid: { detectionRegex } })],
  ]

  test.each(places)('in %s', async (argument, args) => {
    const { text, error } = await assistant.call('car_create_script', {
      ...least['car_create_script'],
      ...args(token),
    })
    expect(text).toBe(advice(argument, kind))
    expect(error).toMatchObject({ kind: 'input' })
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('as the name of a secret', async () => {
    const { text, isError } = await assistant.call('car_update_script', {
      scriptId: 16515,
      sourceUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1',
      repositoryToken: token,
    })
    // Some are no names at all, by their letters or their length.
    const asName = /^[A-Za-z][\w-]{0,63}$/.test(token)
    if (asName) expect(text).toBe(advice('repositoryToken', kind))
    else
      expect(text).toMatch(
        /repositoryToken: must be the name of a secret .* that the operator set, never its value$/,
      )
    expect(text).not.toContain(letters.slice(0, 12))
    expect(isError).toBe(true)
    expect(await sandbox.control.requests()).toEqual([])
  })
})

interface Schema {
  readonly type?: string
  readonly enum?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

/** The places of a tool's arguments that take text, as paths. */
function textsOf({ type, enum: words, items, properties = {} }: Schema): (readonly string[])[] {
  if (type === 'string') return words === undefined ? [[]] : []
  if (items) return textsOf(items).map((path) => ['0', ...path])
  return Object.entries(properties).flatMap(([name, inner]) => textsOf(inner).map((path) => [name, ...path]))
}

/** Members that objects need beside the one that is tried. */
const beside: Readonly<Record<string, object>> = {
  key: { value: 'b' },
  value: { key: 'a' },
  secret: { key: 'a' },
  cid: { tech: ['a'] },
  tech: { cid: '1' },
  policies: { cid: '1', tech: ['a'] },
  displayName: { cid: '1', tech: ['a'] },
  params: { id: 19218 },
}

/** The value with a text at a path; what is not there yet is made. */
function withText(value: unknown, [name, ...path]: readonly string[], text: string): unknown {
  if (name === undefined) return text
  const inner = (value as Record<string, unknown> | undefined)?.[name]
  if (name === '0') return [withText(inner, path, text)]
  return { ...((value ?? beside[name]) as object | undefined), [name]: withText(inner, path, text) }
}

/** Arguments that take any text: there it must be the look for tokens that refuses. Others may refuse it as no id. */
const free =
  /(title|description|content|comment|branch|key|value|cid|displayName|tech\.0|policies\.0|detectionRegex|commands\.0|scriptName|filter|match|reportName|templateName|scriptTitle|repositoryToken|secret)$/

test('every tool refuses one in every argument that takes text', async () => {
  const token = `ghp_${letters}`
  const seen: string[] = []
  for (const { name, inputSchema } of tools) {
    for (const path of textsOf(inputSchema)) {
      const place = `${name} ${path.join('.')}`
      const { text, isError } = await assistant.call(name, withText(least[name], path, token) as object)
      expect(isError, place).toBe(true)
      expect(text, place).not.toContain(letters.slice(0, 12))
      if (free.test(place)) expect(text, place).toBe(advice(path[0] ?? '', 'GitHub token'))
      else expect(text, place).toMatch(/no tool takes a secret|: must /)
      seen.push(place)
    }
  }
  expect(await sandbox.control.requests()).toEqual([])
  expect(seen).toEqual(
    expect.arrayContaining([
      'car_create_schedule scripts.0.params.0.value',
      'car_execute_script testTags.0',
      'car_search_jobs match',
      'car_follow_run jobId',
      'car_create_script authorScriptsMetadata.tech.0',
    ]),
  )
})

test.each([
  ['the word ghp_ alone', 'Look for ghp_ in files'],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----'],
  ['a commit', '0123456789abcdef0123456789abcdef01234567'],
  ['base64', Buffer.from('nothing secret, and long enough to look like it').toString('base64')],
  ['names parted by dots', 'eyJ.is.no.token and neither is System.IO.File'],
])('%s is no token', async (_what, content) => {
  const { text, isError } = await assistant.call('car_create_script', {
    ...least['car_create_script'],
    content,
  })
  expect(isError, text).toBe(false)
})

// Begun anew at each place, the look would take minutes; the time limit of a test is one.
test.each(['-eyJ', 'eyJ', '.eyJaaaaaaaa', '-----BEGIN A ', 'ghp_', 'glpat-'])(
  'half a megabyte of %s keeps nobody waiting',
  async (part) => {
    const content = part.repeat(Math.floor(500_000 / part.length))
    const { text } = await assistant.call('car_create_script', { ...least['car_create_script'], content })
    expect(text).toMatch(/^script \d+ created|no tool takes a secret/)
  },
)
