import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'
import { base64, customScript } from './bodies.ts'

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

type Row = Record<string, unknown>
const sets = async () => (await visitor.post('/sm/v1/block-commands/search', { pageSize: 100 })).list
const setOf = async (commandId: number) => (await sets()).find((row) => row['commandId'] === commandId)
const user = { id: 'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11', name: 'Manager', userName: 'sandbox_ab1' }

describe('blocked commands', () => {
  test('are added as a set of their own, and are refused from then on', async () => {
    const content = { ...customScript, content: base64('truncate -s 0 /var/log/messages\n') }
    expect((await visitor.post('/sm/v5/script', content)).status).toBe(200)
    const { json } = await visitor.post('/sm/v1/block-commands', {
      languageId: 508,
      commands: 'truncate, shred',
      user,
    })
    expect(json).toEqual({ errorCode: '0', message: 'Commands Blocked successfully', body: { id: 508 } })
    expect((await sets()).at(-1)).toMatchObject({
      languageId: 508,
      language: 'Shell',
      platform: 'LINUX',
      commands: ['truncate', ' shred'],
    })
    expect((await visitor.post('/sm/v5/script', content)).json.message).toMatch(/blocked command: truncate/)
  })

  test('are updated by command id', async () => {
    const body = { languageId: 201, commandId: 102, commands: 'runas,Stop-Service' }
    const { json } = await visitor.post('/sm/v2/block-commands/update', body)
    expect(json).toEqual({ body: 'Commands Updated Successfully' })
    expect(await setOf(102)).toMatchObject({ commands: ['runas', 'Stop-Service'] })
    const wrong = { ...body, languageId: 508 }
    expect((await visitor.post('/sm/v2/block-commands/update', wrong)).status).toBe(400)
  })

  test('are updated by language in v1', async () => {
    const body = { languageId: 201, commands: 'runas' }
    const { json } = await visitor.post('/sm/v1/block-commands/update', body)
    expect(json).toEqual({ body: 'Commands Updated Successfully' })
    const windows = (await sets()).filter((row) => row['languageId'] === 201)
    expect(windows.map((row) => row['commands'])).toEqual([['runas']])
    expect(
      (await visitor.post('/sm/v1/block-commands/update', { ...body, languageId: 511 })).json.message,
    ).toMatch(/No commands are blocked for language 511/)
  })

  test('are deleted by command id, or by language in v1', async () => {
    const { json } = await visitor.post('/sm/v2/block-commands/delete', { commandIds: [104, 105] })
    expect(json).toEqual({ body: 'Commands Deleted Successfully' })
    expect(await setOf(104)).toBeUndefined()
    expect((await visitor.post('/sm/v2/block-commands/delete', { commandIds: [106, 104] })).status).toBe(400)
    expect(await setOf(106)).toBeDefined()
    expect((await visitor.post('/sm/v1/block-commands/delete', { languageIds: [508] })).status).toBe(200)
    expect((await sets()).filter((row) => row['languageId'] === 508)).toEqual([])
  })

  test.each([
    ['POST /sm/v1/block-commands', {}, /languageId is mandatory/],
    ['POST /sm/v1/block-commands', { languageId: 508 }, /commands is mandatory/],
    ['POST /sm/v1/block-commands', { languageId: 1, commands: 'x' }, /No script language/],
    ['POST /sm/v1/block-commands', { languageId: '508', commands: 'x' }, /languageId must be/],
    ['POST /sm/v1/block-commands', { languageId: 508, commands: ['x'] }, /commands must be a string/],
    ['POST /sm/v1/block-commands', { languageId: 508, commands: 'a,,b' }, /must not be empty/],
    ['POST /sm/v1/block-commands', { languageId: 508, commands: 'a', by: 'x' }, /"by"/],
    ['POST /sm/v2/block-commands/update', { languageId: 508, commands: 'a' }, /commandId is mandatory/],
    ['POST /sm/v1/block-commands/update', { languageId: 9, commandId: 1, commands: 'a' }, /"commandId"/],
    ['POST /sm/v2/block-commands/delete', { commandIds: [] }, /must not be empty/],
    ['POST /sm/v2/block-commands/delete', { languageIds: [1] }, /"languageIds"/],
    ['POST /sm/v1/block-assets', { ids: '1' }, /ids must be a list/],
    ['POST /sm/v1/block-tags', { ids: [] }, /ids must not be empty/],
    ['POST /sm/v1/block-tags/delete', {}, /ids is mandatory/],
  ])('%s %j is refused', async (route, body, message) => {
    const before = await sets()
    const { status, json } = await visitor.post(route.replace('POST ', ''), body)
    expect(json).toEqual({ errorCode: '400', message: expect.stringMatching(message), body: null })
    expect(status).toBe(400)
    expect(await sets()).toEqual(before)
  })
})

describe.each([
  ['assets', 'id', 21789601],
  ['tags', 'tagId', 7512801],
])('blocked %s', (kind, key, id) => {
  const ids = async () => (await visitor.dump<Row>(`blocked-${kind}`)).map((row) => row[key])
  const ask = (path: string, given: number[]) =>
    visitor.post(`/sm/v1/block-${kind}${path}`, { ids: given, user })
  const answer = (success: number[], failure: number[]) => ({
    body: {
      success: { ids: success, message: 'Ids are processed' },
      failure: { ids: failure, message: 'Ids are Invalid' },
    },
  })

  test('can be added and removed, except unknown ones', async () => {
    const before = await ids()
    expect(before.length).toBeGreaterThan(0)
    const { status, json } = await ask('', [id, 4562, id])
    expect([status, json]).toEqual([200, answer([id], [4562])])
    expect((await ids()).toSorted()).toEqual([...before, id].toSorted())
    expect((await ask('', [id])).json).toEqual(answer([id], []))

    const target = kind === 'assets' ? { assetIds: String(id) } : { assetTagIds: String(id) }
    expect((await visitor.post('/sm/v1/scripts/19218/execute', target)).json.message).toMatch(
      /^Blocked asset/,
    )
    expect((await ask('/delete', [id, 4562])).json).toEqual(answer([id], [4562]))
    expect((await ask('/delete', [id])).json).toEqual(answer([], [id]))
    expect(await ids()).toEqual(before)
  })

  test('are few at first, and do not affect the other data', async () => {
    const blocked = await visitor.dump<Row>(`blocked-${kind}`)
    expect(blocked.length).toBeLessThan(3)
    expect(blocked.every((row) => row['lab'] === false && row[key] !== 21789601)).toBe(true)
  })
})

test('an evaluation is possible under every lab tag', async () => {
  const tags = (await visitor.dump<Row>('tags')).filter((tag) => tag['lab'])
  expect(tags.length).toBe(6)
  for (const { id, tagUuid } of tags) {
    const body = { testMode: true, testTags: [{ id, UUId: tagUuid }] }
    expect((await visitor.post('/sm/v1/scripts/19218/execute', body)).status).toBe(200)
  }
})
