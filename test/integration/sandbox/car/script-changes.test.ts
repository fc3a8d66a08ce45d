import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'
import { base64, customScript } from './bodies.ts'

// Scripts are updated, approved and cloned, or the change is refused.

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

type Row = Record<string, unknown>
const createdId = async () =>
  ((await visitor.post('/sm/v5/script', customScript)).json.body as unknown as { id: number }).id
const read = async (id: unknown) => (await visitor.get(`/sm/v1/scripts/${id}`)).json.body as unknown as Row
const update = (id: unknown, body: object) => visitor.patch(`/sm/v4/script/${id}`, body)
const githubInputUrl = 'https://github.com/acme/scripts/blob/main/a.sh'

describe('update', () => {
  test('changes the named fields, keeps the rest and the status', async () => {
    const id = await createdId()
    const before = await read(id)
    const answer = await update(id, { title: 'Uptime II', severity: '4', categoryId: '605' })
    expect(answer.json).toEqual({ errorCode: '0', message: 'Script updated successfully', body: { id } })
    const { updatedDateTime, ...rest } = await read(id)
    expect(rest).toEqual({
      ...before,
      title: 'Uptime II',
      severity: 4,
      category: { id: 605, name: 'Incident Response' },
      updatedDateTime: undefined,
    })
    expect(Number(updatedDateTime)).toBeGreaterThanOrEqual(Number(before['updatedDateTime']))
    expect(await update(id, {})).toMatchObject({ status: 200 })
  })

  test('other content needs a comment, the same content does not', async () => {
    const id = await createdId()
    const content = base64('echo changed\n')
    expect((await update(id, { content })).json.message).toMatch(/comment is mandatory/)
    expect((await update(id, { content: customScript.content })).status).toBe(200)
    expect((await update(id, { content, comment: 'tuned' })).status).toBe(200)
    expect(await read(id)).toMatchObject({ content, status: 'PENDING_TEST' })
  })

  test('a repository replaces the content, and the other way round', async () => {
    const id = await createdId()
    expect((await update(id, { githubInputURL: githubInputUrl })).json.message).toMatch(/comment/)
    expect((await update(id, { githubInputURL: githubInputUrl, comment: 'moved' })).status).toBe(200)
    expect(await read(id)).toMatchObject({ githubInputUrl })
    expect((await update(id, { gitHubSyncEnabled: true })).status).toBe(200)
    expect(await read(id)).toMatchObject({ githubInputUrl, gitHubSyncEnabled: true })
    expect((await update(id, { content: customScript.content, comment: 'back' })).status).toBe(200)
    expect(await read(id)).not.toHaveProperty('githubInputUrl')
    expect((await update(id, { gitHubAutoSync: true })).json.message).toMatch(/not from GitHub/)
  })

  test('parameters are added, changed and removed', async () => {
    const id = await createdId()
    const params = [{ key: base64('a'), value: base64('1') }]
    expect((await update(id, { params })).status).toBe(400)
    expect((await update(id, { hasParameters: true, params })).status).toBe(200)
    expect((await update(id, { severity: 1 })).status).toBe(200)
    expect(await read(id)).toMatchObject({ hasParameters: true, params })
    expect((await update(id, { hasParameters: false })).status).toBe(200)
    expect(await read(id)).toMatchObject({ hasParameters: false, params: [] })
  })

  test('approves', async () => {
    const id = await createdId()
    expect((await update(id, { scriptApprovalUserConsent: true })).status).toBe(200)
    expect(await read(id)).toMatchObject({ status: 'APPROVED' })
    expect((await update(id, { title: 'Still approved' })).status).toBe(200)
    expect(await read(id)).toMatchObject({ status: 'APPROVED' })
  })

  test.each<[object, RegExp]>([
    [{ typeId: 2 }, /"typeId"/],
    [{ severity: 0 }, /severity/],
    [{ content: base64('wget x'), comment: 'c' }, /blocked command: wget/],
    [{ autorScriptsMetadata: { cid: '1', tech: ['x'] } }, /Control ID/],
    [{ gitHubToken: 'nope' }, /refused the token/],
  ])('%j is refused', async (body, message) => {
    const id = await createdId()
    const before = await read(id)
    expect((await update(id, body)).json.message).toMatch(message)
    expect(await read(id)).toEqual(before)
  })

  test('of a script that does not exist', async () => {
    expect((await update(1, { title: 'x' })).status).toBe(404)
  })
})

describe('clone', () => {
  const clone = (name: string | number, body?: object) =>
    visitor.post(`/sm/v1/scripts/${name}/clone`, body ?? '')

  test('by id, with a name of its own or the default one', async () => {
    const { json } = await clone(19218, { scriptTitle: 'My copy' })
    expect(json).toEqual({
      errorCode: '0',
      message: 'Cloned script successfully',
      body: { id: expect.any(Number) },
    })
    const copy = await read((json.body as unknown as Row)['id'])
    const original = await read(19218)
    expect(copy).toMatchObject({ title: 'My copy', status: 'PENDING_TEST', content: original['content'] })
    expect((await clone(19218)).status).toBe(200)
    expect((await visitor.post('/sm/v1/scripts/search', { pageSize: 1 })).list[0]).toMatchObject({
      title: `Copy of ${original['title']}`,
    })
  })

  test('by name', async () => {
    const title = 'List world-writable files'
    expect((await clone(encodeURIComponent(title))).json.message).toBe('Cloned script successfully')
    expect((await clone(encodeURIComponent('No such / script'))).status).toBe(404)
    expect((await clone(encodeURIComponent('Check BitLocker status'))).json.message).toMatch(/More than one/)
  })

  test('refused', async () => {
    expect((await clone(16515, { scriptTitle: 'Disable SMBv1' })).json.message).toMatch(/already exists/)
    expect((await clone(16515, { title: 'x' })).json.message).toMatch(/"title"/)
    expect((await clone(1)).status).toBe(404)
    const all = await visitor.dump<Row>('scripts')
    for (const status of ['REJECTED', 'DEPRECATED']) {
      const script = all.find((row) => row['status'] === status)
      expect((await clone(String(script?.['id']))).json.message).toMatch(`status ${status} cannot be cloned`)
    }
  })
})
