import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { connect, eras, yes } from '../../support/consent/raw-client.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { schedulesOf } from './attempt.ts'
import { test } from './fixtures.ts'

// Secrets and repositories through the real session. (Every rule: test/unit/limits/credentials.test.ts.)

const token = 'sandbox-github-token'
const secrets = { QUALYS_SECRET_CORP_GITHUB: token, QUALYS_SECRET_DB: 'a-password-2031' }
const created = {
  ...{ title: 'From a repository', typeId: 1, subType: 'Detection', languageId: 201 },
  ...{ platform: 'WINDOWS', severity: 2 },
}
const from = (sourceUrl: string, more: object = {}) => ({ ...created, sourceUrl, ...more })
const url = 'https://github.com/acme/scripts/blob/main/disk.ps1'
const withToken = from(url, { repositoryToken: 'corp-github' })
const run = { scriptId: 25209, assetIds: [21789601], params: [{ key: 'path', secret: 'db' }] }

describe('unattended', () => {
  test('a token goes to the host that it is bound to, and nowhere without a binding', async ({
    sandbox,
    callUnattended,
  }) => {
    const unbound = await callUnattended('car_create_script', withToken, secrets)
    expect(unbound).toMatchObject({
      sent: 0,
      text: expect.stringMatching(/"corp-github" is bound to nothing/),
    })
    const other = { ...secrets, QUALYS_SECRET_CORP_GITHUB_FOR: 'github.corp.example' }
    expect((await callUnattended('car_create_script', withToken, other)).sent).toBe(0)
    const bound = { ...secrets, QUALYS_SECRET_CORP_GITHUB_FOR: 'github.com' }
    expect((await callUnattended('car_create_script', withToken, bound)).sent).toBe(1)
    const [request] = await effectRequests(sandbox.control)
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ githubInputUrl: url, gitHubToken: token })
  })

  test('a parameter goes to the script with the pinned content', async ({ sandbox, callUnattended }) => {
    const script = (await sandbox.control.dump('scripts')).find(({ id }) => id === 25209)
    const bytes = Buffer.from(String(script?.['content']), 'base64')
    const pin = createHash('sha256').update(bytes).digest('hex')
    const bound = (sha256: string) => ({ ...secrets, QUALYS_SECRET_DB_FOR: `25209@${sha256}` })
    expect((await callUnattended('car_execute_script', run, bound(pin))).sent).toBe(1)
    const refused = await callUnattended('car_execute_script', run, bound('a'.repeat(64)))
    expect(refused).toMatchObject({
      sent: 0,
      text: expect.stringMatching(/does not have the content that QUALYS_/),
    })
  })

  test('a script that was synchronised gets no secret, and its token no other host', async ({
    sandbox,
    callUnattended,
    callApproved,
  }) => {
    const bound = { ...secrets, QUALYS_SECRET_CORP_GITHUB_FOR: 'github.com' }
    const { text } = await callUnattended('car_create_script', { ...withToken, sync: true }, bound)
    const scriptId = /^(?:sandbox: )?script (\d+) "[^"]*" created/.exec(text)?.[1] ?? ''
    expect(scriptId).not.toBe('')
    const params = [{ key: 'path', secret: 'db' }]
    const given = await callApproved('car_update_script', { scriptId, params }, secrets)
    expect(given).toMatchObject({ sent: 0, text: expect.stringMatching(/is synchronised with a repository/) })
    const moved = { scriptId, sourceUrl: 'https://github.acme.example/a/b/blob/main/x.ps1' }
    const refused = await callUnattended('car_update_script', moved, {})
    expect(refused).toMatchObject({
      sent: 0,
      text: expect.stringMatching(/may send the token that it stores/),
    })
    const hosts = { QUALYS_REPOSITORY_HOSTS: 'github.acme.example' }
    expect((await callUnattended('car_update_script', moved, hosts)).sent).toBe(1)
    const client = await connect(sandbox, 'modern', { settings: { QUALYS_CONFIRM: 'delete' } })
    const { preview } = await client.call('car_update_script', moved)
    expect(preview?.split('\n')).toContain('the token goes to: "github.acme.example"')
  })

  test('a schedule without secrets is switched on as before', async ({ sandbox, callUnattended }) => {
    const [schedule] = (await schedulesOf(sandbox)).filter(({ activate }) => !activate)
    expect(schedule).toBeDefined()
    const limits = { ...secrets, QUALYS_MAX_ASSETS_PER_RUN: '1000' }
    expect((await callUnattended('car_activate_schedule', { scheduleId: schedule?.id }, limits)).sent).toBe(1)
  })
})

describe('a person is asked about a call that names a secret, whichever effects need one', () => {
  test.for(eras.flatMap((era) => ['create', 'update', 'delete'].map((confirm) => [era, confirm] as const)))(
    '%s, QUALYS_CONFIRM=%s',
    async ([era, confirm], { sandbox }) => {
      const settings = { ...secrets, QUALYS_CONFIRM: confirm }
      const client = await connect(sandbox, era, { settings })
      for (const [tool, args] of [
        ['car_create_script', withToken],
        ['car_execute_script', run],
      ] as const) {
        const before = client.questions.length
        await client.callAndAnswer(tool, args, yes)
        expect(client.questions.slice(before)).toHaveLength(1)
        expect(String(client.questions.at(-1)?.['message'])).toMatch(/^[^\n]* \(execute\)/)
      }
      expect(await effectRequests(sandbox.control)).toHaveLength(2)
    },
  )
})

describe('the host of a repository', () => {
  test('stands on a line of its own', async ({ sandbox }) => {
    const client = await connect(sandbox, 'modern', { settings: secrets })
    const lines = async (args: object) => (await client.call('car_create_script', args)).preview?.split('\n')
    expect(await lines(withToken)).toContain('the token goes to: "github.com"')
    const copied = await lines(from('https://GitLab.com/a/b/-/blob/main/x.ps1?ref_type=heads'))
    expect(copied).toContain('the script comes from: "gitlab.com"')
    expect(copied).toContain('sourceUrl: "https://gitlab.com/a/b/-/blob/main/x.ps1"')
  })

  test('is sent in lower case', async ({ sandbox, callUnattended }) => {
    const address = 'https://GITHUB.com/acme/Scripts/blob/main/Disk.ps1'
    expect((await callUnattended('car_create_script', from(address), {})).sent).toBe(1)
    const [request] = await effectRequests(sandbox.control)
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      githubInputUrl: 'https://github.com/acme/Scripts/blob/main/Disk.ps1',
    })
  })

  test.for([
    'https://gіthub.com/corp/tools/blob/main/x.sh',
    'https://github.com．evil.example/a/blob/x',
    'https:evil.example/a/blob/x',
    'https://169.254.169.254/a/blob/x',
    'https://localhost/a/blob/x',
    'https://xn--gthub-n2e.com/a/blob/x',
  ])('is refused before a question: %s', async (address, { callUnattended, callApproved }) => {
    const args = from(address, { repositoryToken: 'corp-github' })
    expect((await callUnattended('car_create_script', args, secrets)).sent).toBe(0)
    expect((await callApproved('car_create_script', args, secrets)).sent).toBe(0)
  })
})
