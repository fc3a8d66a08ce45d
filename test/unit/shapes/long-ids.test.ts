import { describe, expect, test } from 'vitest'
import type { Page } from '../../../src/session/answer.ts'
import { tokenAfter } from '../../../src/session/paging/continuation.ts'
import { openInMemory, operationNamed } from '../../support/session/memory.ts'

// Ids beyond 2^53. As numbers of JavaScript they lose digits, and the next call names another object.

const time = 1_674_216_006_119
const job = (id: string): string =>
  `{"sortValues":[${time},${id}],"data":{"id":${id},"title":"t ${id}","platform":"LINUX","executionType":"Manual","scriptId":2047948614742839297,"created":{"dateTime":${time}},"category":{"id":9007199254740995,"name":"c"}}}`
const list = (rows: readonly string[], total = rows.length): string =>
  `{"body":{"totalCount":${total},"list":[${rows.join(',')}]}}`
const [first, second, third] = ['9007199254740993', '9007199254740992', '9007199254740991'].map(job) as [
  string,
  string,
  string,
]

describe('rows', () => {
  test('show all digits, and neighbours are different rows', async () => {
    const { call } = openInMemory({ body: list([first, second]) })
    const { text, structured } = await call('car_search_jobs')
    expect(text).toMatch(/^9007199254740993\t/m)
    expect(text).toMatch(/^9007199254740992\t/m)
    expect(text).toContain('scriptId 2047948614742839297')
    expect(structured.rows.map(({ id }) => id)).toEqual(['9007199254740993', '9007199254740992'])
  })

  test('keep them in nested objects', async () => {
    const { call } = openInMemory({ body: list([first]) })
    const { structured } = await call('car_search_jobs', { fields: ['*'] })
    expect(structured.rows[0]).toMatchObject({ 'category.id': '9007199254740995' })
  })

  test('are counted apart by id', async () => {
    const { call } = openInMemory({ body: list([first, second, second.replace('992]', '994]')]) })
    const { text } = await call('car_count_jobs', { groupBy: ['id'] })
    expect(text).toMatch(/^9007199254740992\t2$/m)
    expect(text).toMatch(/^9007199254740993\t1$/m)
  })
})

describe('sort values', () => {
  test('go back as the very numbers, by token and in a walk', async () => {
    const { session, sent } = openInMemory(({ body }) => ({
      body: list(body.includes('searchAfter') ? [third] : [first, second], 3),
    }))
    const operation = operationNamed('car_search_jobs')
    const page = (await session.call(operation, { pageSize: 2 })) as Page
    const continuationToken = tokenAfter(page, 1)
    expect(continuationToken).toMatch(/^[\w-]{1,64}$/)
    await session.call(operation, { pageSize: 2, continuationToken })
    expect(sent.at(-1)?.body).toContain(`"searchAfter":[${time},9007199254740993]`)
    const ids: unknown[] = []
    for await (const { rows } of session.walk(operation, {})) ids.push(...rows.map(({ id }) => id))
    // A number that a double holds stays one.
    expect(ids).toEqual(['9007199254740993', '9007199254740992', 9_007_199_254_740_991])
    expect(sent.at(-1)?.body).toContain(`"searchAfter":[${time},9007199254740992]`)
  })

  test.each<readonly [string, (rows: string) => string]>([
    ['without the envelope', (rows) => `{"totalCount":9,"list":${rows}}`],
    ['as a bare array', (rows) => rows],
    ['as the body', (rows) => `{"body":${rows}}`],
  ])('of an answer %s stay numbers', async (_name, bodyOf) => {
    const { session } = openInMemory({ body: bodyOf(`[${first},${second}]`) })
    const page = (await session.call(operationNamed('car_search_jobs'), { pageSize: 1 })) as Page
    expect(page.end).toEqual([1, time, 9_007_199_254_740_993n])
  })

  test('are numbers in the query of a route that the operator set to GET', async () => {
    const { session, sent } = openInMemory(
      ({ query }) => ({
        body: list(query['searchAfter'] ? [] : [first], 2),
      }),
      { extra: { QUALYS_ROUTES: '{"car_search_jobs":"GET /sm/v9/jobs"}' } },
    )
    for await (const { rows } of session.walk(operationNamed('car_search_jobs'), {}))
      expect(rows.length).toBeLessThan(2)
    expect(sent.at(-1)?.query['searchAfter']).toBe(`[${time},9007199254740993]`)
  })

  test('in a row of Qualys do no harm', async () => {
    const nested =
      '{"data":{"id":1,"sortValues":[9007199254740993],"list":[{"sortValues":[9007199254740993]}]}}'
    const { call } = openInMemory({ body: list([nested]) })
    const { text, isError } = await call('car_search_jobs', { fields: ['*'] })
    expect(isError).toBe(false)
    expect(text).toContain('9007199254740993')
  })
})

describe('an id of the input', () => {
  const id = '2047948614742839297'
  const done = { body: `{"body":{"id":${id},"success":{"ids":[${id}],"message":"done"}}}` }

  test.each<readonly [string, object, string]>([
    ['car_block_assets', { assetIds: [id, '7'] }, `"ids":[${id},7]`],
    ['car_unblock_tags', { tagIds: [id] }, `"ids":[${id}]`],
    ['car_delete_blocked_commands', { commandIds: [id] }, `"commandIds":[${id}]`],
    [
      'car_update_blocked_commands',
      { languageId: id, commandId: id, commands: ['x'] },
      `"languageId":${id},"commandId":${id}`,
    ],
    ['car_update_script', { scriptId: id, categoryId: id }, `"categoryId":${id}`],
    [
      'car_import_library_script',
      { id, title: 't', categoryId: id, typeId: id, typeName: 'Custom QID', approved: false },
      `{"id":${id},"title":"t","categoryId":${id},"typeId":${id}`,
    ],
  ])('of %s is that number', async (tool, args, part) => {
    const { session, sent } = openInMemory(done)
    const operation = operationNamed(tool)
    const resolved = { secret: () => '', lookup: () => undefined }
    await session.call(operation, { ...args }, { resolved })
    expect(sent.at(-1)?.body).toContain(part)
  })

  test('of a schedule is that number, for scripts and targets', async () => {
    const { session, sent } = openInMemory(done)
    const args = {
      ...{ title: 't', scripts: [{ id, title: 's' }], startDate: '2030-01-01', startTime: '08:00' },
      ...{ assets: [id], excludedAssets: [id], assetTags: [id], activate: false },
    }
    await session.call(operationNamed('car_create_schedule'), args, {
      resolved: { secret: () => '', lookup: () => 'u' },
    })
    const { body } = sent.at(-1) ?? {}
    expect(body).toContain(`"scripts":[{"id":${id},"title":"s"}]`)
    for (const name of ['assets', 'excludedAssets', 'assetTags'])
      expect(body).toContain(`"${name}":[{"id":${id},"UUId":"u"}]`)
  })

  test('is found in a list by all its digits', async () => {
    const { session } = openInMemory({ body: list([first, second]) })
    const found = await session.find(operationNamed('car_search_jobs'), ['9007199254740992'])
    expect([...found].map(([name, { title }]) => [name, title])).toEqual([
      ['9007199254740992', 't 9007199254740992'],
    ])
  })
})

test('the answer to an effect names the new object by all its digits', async () => {
  const { session } = openInMemory({
    body: '{"errorCode":"0","message":"m","body":{"id":2047948614742839297}}',
  })
  const answer = await session.call(operationNamed('car_clone_script'), { scriptId: '1' })
  expect(answer).toMatchObject({ record: { id: '2047948614742839297' } })
})

test('a refusal with a long number in it is told', async () => {
  const { call } = openInMemory({
    body: '{"errorCode":9007199254740993,"message":"No such job","body":null}',
  })
  expect((await call('car_search_jobs')).text).toMatch(
    /^Qualys refused the call \(9007199254740993: "No such job"\)/,
  )
})
