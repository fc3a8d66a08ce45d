import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'
import { base64, customScript, scriptForms } from './bodies.ts'

// Scripts are created in every form; incomplete, contradictory and too long ones are refused.

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

type Row = Record<string, unknown>
const create = (changes: object = {}) => visitor.post('/sm/v5/script', { ...customScript, ...changes })
const createdId = async (changes: object = {}) =>
  ((await create(changes)).json.body as unknown as { id: number }).id
const read = async (id: unknown) => (await visitor.get(`/sm/v1/scripts/${id}`)).json.body as unknown as Row
const scripts = async () => (await visitor.dump<Row>('scripts')).length
const gitHub = { content: undefined, githubInputUrl: 'https://github.com/acme/scripts/blob/main/a.sh' }
const gitLab = (details: object) => ({
  content: undefined,
  importedScriptFromGitLab: true,
  gitLabDetails: details,
})

describe('create', () => {
  test.each(Object.entries(scriptForms))('%s', async (_, form) => {
    const { status, json } = await visitor.post('/sm/v5/script', form)
    expect(json).toEqual({
      errorCode: '0',
      message: 'Script created successfully',
      body: { id: expect.any(Number) },
    })
    expect(status).toBe(200)
    const row = await read(json.body && (json.body as unknown as Row)['id'])
    expect(row).toMatchObject({ title: form.title, status: 'PENDING_TEST', severity: Number(form.severity) })
    expect(row['createdBy']).toEqual({ id: 'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11', name: 'sandbox_ab1' })
    expect(Buffer.from(String(row['content']), 'base64').toString()).toMatch(/up on|Imported from .*uptime/)
    const { list } = await visitor.post('/sm/v1/scripts/search', { pageSize: 3 })
    expect(list[0]).toMatchObject({ id: row['id'], title: form.title })
  })

  test('no record shows a token', async () => {
    const all = JSON.stringify([await visitor.dump('scripts'), await visitor.dump('executions')])
    expect(all).not.toContain('sandbox-github-token')
    expect(all).not.toContain('sandbox-gitlab-token')
    expect(all).not.toContain('"token"')
  })

  test('approved at once, by consent', async () => {
    expect(await read(await createdId({ scriptApprovalUserConsent: true }))).toMatchObject({
      status: 'APPROVED',
    })
  })

  test('the same address always has the same text', async () => {
    const [one, two] = [await read(await createdId(gitHub)), await read(await createdId(gitHub))]
    expect(one['content']).toBe(two['content'])
    expect(one['id']).not.toBe(two['id'])
  })

  test.each<[string, object, RegExp]>([
    ['without title', { title: undefined }, /title is mandatory/],
    ['with an empty title', { title: ' ' }, /title must not be empty/],
    ['of no known type', { typeId: 4 }, /type/],
    ['of a type in a string', { typeId: '1' }, /typeId must be a whole number/],
    ['without sub-type', { subType: undefined }, /subType is mandatory/],
    ['of no known sub-type', { subType: 'Both' }, /Detection, Response/],
    ['of the wrong sub-type for a QID', { typeId: 2, subType: 'Response' }, /subType is Detection/],
    ['in no known language', { languageId: 99 }, /language/],
    ['without platform', { platform: undefined }, /platform is mandatory/],
    ['for another platform than its language', { platform: 'WINDOWS' }, /Language 508 is not one of WINDOWS/],
    ['of severity 6', { severity: 6 }, /from 1 to 5/],
    ['of severity "x"', { severity: 'x' }, /severity/],
    ['with a broken threshold', { threshold: 1.5 }, /threshold must be a whole number/],
    ['with the removed unit', { thresholdTimeUnit: 'SECONDS' }, /thresholdTimeUnit was removed/],
    ['in no known category', { categoryId: 77 }, /No category has the id 77/],
    ['with an unknown field', { severityLevel: 1 }, /Unrecognized field "severityLevel"/],
    ['with content that is no base64', { content: 'echo hello' }, /content must be base64/],
    ['with empty content', { content: '' }, /must not be empty/],
    ['with nothing but blanks', { content: base64(' \n') }, /must not be empty/],
    ['over 500 KB', { content: base64('x'.repeat(512_001)) }, /500 KB/],
    ['with a blocked command', { content: base64('a; RM -RF / --no') }, /blocked command: rm -rf \//],
    ['from nowhere', { content: undefined }, /content is mandatory/],
    ['from two places', { ...gitHub, content: customScript.content }, /one source/],
    ['from GitHub and GitLab', { ...gitHub, ...gitLab({ inputUrl: 'https://x' }) }, /GitHub and GitLab/],
    ['from elsewhere', { ...gitHub, githubInputUrl: 'https://example.com/a.sh' }, /on GitHub/],
    ['from a URL and parts', { ...gitHub, gitHubUser: 'acme' }, /not both/],
    ['from a user alone', { content: undefined, gitHubUser: 'acme' }, /gitHubFilePath are mandatory/],
    ['with GitHub written otherwise', { gitHubInputUrl: 'https://github.com/a/b/c' }, /"gitHubInputUrl"/],
    [
      'from a private GitHub without a token',
      { content: undefined, gitHubUser: 'a', gitHubRepo: 'Private', gitHubFilePath: 'x.sh' },
      /GitHub token is mandatory/,
    ],
    ['with a wrong GitHub token', { ...gitHub, gitHubToken: 'nope' }, /^GitHub refused the token$/],
    ['from GitLab without details', { ...gitLab({}), gitLabDetails: undefined }, /belong together/],
    [
      'with details and no GitLab',
      { ...gitLab({ inputUrl: 'x' }), importedScriptFromGitLab: false },
      /belong together/,
    ],
    ['from GitLab by halves', gitLab({ repoUser: 'a', repoName: 'b' }), /gitLabDetails needs/],
    [
      'by permalink',
      gitLab({ inputUrl: 'https://gitlab.com/a/b/-/blob/0f3ce2a9d1b4c5e6f708192a3b4c5d6e7f809102/x.sh' }),
      /permalink/,
    ],
    [
      'by a URL with a query',
      gitLab({ inputUrl: 'https://gitlab.com/a/b/-/blob/main/x.sh?ref_type=heads' }),
      /name of the file/,
    ],
    [
      'with an unknown field of GitLab',
      gitLab({ url: 'https://gitlab.com/a/b/-/blob/main/x.sh' }),
      /"gitLabDetails.url"/,
    ],
    [
      'with a wrong GitLab token',
      gitLab({ inputUrl: 'https://gitlab.com/a/b/-/blob/main/x.sh', token: 'sandbox-github-token' }),
      /^GitLab refused the token$/,
    ],
    ['parameterized without parameters', { hasParameters: true }, /params are mandatory/],
    ['with parameters unsaid', { params: [{ key: base64('a'), value: '' }] }, /hasParameters: true/],
    [
      'with parameters in plain text',
      { hasParameters: true, params: [{ key: 'a b', value: '' }] },
      /params\[0\].key must be base64/,
    ],
    [
      'with a parameter twice',
      { hasParameters: true, params: Array(2).fill({ key: base64('a'), value: '' }) },
      /key of its own/,
    ],
    [
      'for a control without metadata',
      { typeId: 3, subType: 'Response' },
      /autorScriptsMetadata is mandatory/,
    ],
    ['with metadata and no control', { autorScriptsMetadata: { cid: '1', tech: ['x'] } }, /Control ID/],
    ['with metadata without cid', { autorScriptsMetadata: { tech: ['x'] } }, /autorScriptsMetadata.cid/],
    ['with metadata without tech', scriptWithMetadata([]), /tech must not be empty/],
    [
      'with a regular expression and no QID',
      { detectionRegex: 'x' },
      /detectionRegex is for Custom QID only/,
    ],
    ['with a score and no QID', { qdsScore: 5 }, /qdsScore is for Custom QID only/],
    ['with a score too high', { typeId: 2, qdsScore: 101 }, /qdsScore must be a whole number from 1 to 100/],
    [
      'with a score for information',
      { typeId: 2, vulnerabilityType: 'Information Gathered', qdsScore: 5 },
      /not for Information Gathered/,
    ],
  ])('%s: refused', async (_, changes, message) => {
    const before = await scripts()
    const { status, json } = await create(changes)
    expect(json).toEqual({ errorCode: '400', message: expect.stringMatching(message), body: null })
    expect(status).toBe(400)
    expect(await scripts()).toBe(before)
  })

  test('words that contain a blocked word are not blocked', async () => {
    expect((await create({ content: base64('echo curly; my-curl-wrapper\n') })).status).toBe(200)
    expect((await create({ content: base64('curl https://example.com\n') })).json.message).toMatch(/curl/)
  })

  test('a script of exactly 500 KB is accepted', async () => {
    expect((await create({ content: base64('x'.repeat(512_000)) })).status).toBe(200)
  })

  test('not more than a user may have', async () => {
    const scripts = await visitor.dump<{ createdBy: Row }>('scripts')
    const countOf = (user: string) => scripts.filter(({ createdBy }) => createdBy['name'] === user).length
    const [own, others] = [countOf('sandbox_ab1'), countOf('sandbox_cd2')]
    const most = Math.max(own, others) + 1
    await visitor.control('PATCH', 'knobs', { scriptsPerUser: most })
    for (let count = own; count < most; count++) expect((await create()).status).toBe(200)
    expect((await create()).json.message).toMatch(/You can have \d+ scripts/)
    const other = await visitor.as('sandbox_cd2', 'sandbox2')
    expect((await other.post('/sm/v5/script', customScript)).status).toBe(200)
  })

  test('lax mode accepts unknown fields', async () => {
    await visitor.control('PATCH', 'knobs', { strictEffects: false })
    expect((await create({ severityLevel: 1 })).status).toBe(200)
  })

  test('an invalid body', async () => {
    expect((await visitor.post('/sm/v5/script', 'x')).json.message).toBe('The body is not JSON')
    expect((await visitor.post('/sm/v5/script', '[]')).status).toBe(400)
  })
})

function scriptWithMetadata(tech: string[]) {
  return { typeId: 3, subType: undefined, autorScriptsMetadata: { cid: '1', tech } }
}
