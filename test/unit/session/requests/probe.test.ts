import { describe, expect, test } from 'vitest'
import { openInMemory, operationNamed } from '../../../support/session/memory.ts'

// One request and its raw answer, to find out how Qualys really answers.

const types = operationNamed('car_list_script_types')
const rows = { errorCode: null, message: null, body: { totalCount: 1, list: [{ id: 1 }] } }
const jsonReply = { 'content-type': 'Application/JSON;charset=utf-8' }

test('an answer: its parts, and the contents of the envelope', async () => {
  const memory = openInMemory({ body: rows, headers: jsonReply })
  const found = await memory.session.probe(types, {})
  expect(found).toEqual({
    status: 200,
    headers: expect.objectContaining({ 'content-type': jsonReply['content-type'] }),
    mediaType: 'application/json',
    bytes: JSON.stringify(rows).length,
    milliseconds: expect.any(Number),
    value: rows,
    payload: { rows: [{ id: 1 }], total: 1 },
  })
})

test('another path, and parameters of a page', async () => {
  const memory = openInMemory({ body: rows })
  await memory.session.probe(
    { ...types, route: 'GET /sm/v9/types' },
    { unknown: 1 },
    { params: { pageSize: 7, sort: [{ id: 'asc' }] } },
  )
  expect(memory.sent).toMatchObject([
    { path: '/sm/v9/types', query: { pageSize: '7', sort: '[{"id":"asc"}]' } },
  ])
})

test('a refusal: what it says, and the error that a call would have had', async () => {
  const memory = openInMemory({
    status: 400,
    body: { errorCode: 'CAR-17', message: 'Bad sort' },
    headers: jsonReply,
  })
  const found = await memory.session.probe(types, {})
  expect(found).toMatchObject({
    status: 400,
    value: { errorCode: 'CAR-17' },
    refusal: { code: 'CAR-17', message: 'Bad sort', fromProduct: true },
    failure: { kind: 'input' },
  })
  expect(found).not.toHaveProperty('payload')
})

test('a success that is not the product’s: no value, and why', async () => {
  const found = await openInMemory({ body: '<html></html>' }).session.probe(types, {})
  expect(found).toMatchObject({ status: 200, mediaType: '', value: undefined, failure: { kind: 'drift' } })
  expect(found).not.toHaveProperty('payload')
})

test('no answer at all', async () => {
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
  const found = await openInMemory(() => reset).session.probe(types, {})
  expect(found).toEqual({
    headers: {},
    mediaType: '',
    bytes: 0,
    milliseconds: expect.any(Number),
    value: undefined,
    failure: expect.objectContaining({ kind: 'vendor' }),
  })
})

test('a limit is not waited for', async () => {
  const memory = openInMemory(
    { status: 429, headers: { 'x-ratelimit-towait-sec': '1' } },
    { extra: { QUALYS_MAX_WAIT_SECONDS: '60' } },
  )
  expect(await memory.session.probe(types, {})).toMatchObject({ status: 429, failure: { kind: 'busy' } })
  expect(memory.sent).toHaveLength(1)
})

describe('a file', () => {
  const exported = operationNamed('car_export_scripts')

  test('is checked, and not read', async () => {
    const memory = openInMemory({ body: 'a,b', headers: { 'content-type': 'text/csv' } })
    const found = await memory.session.probe(exported, { ids: ['1'] })
    expect(found).toMatchObject({ status: 200, mediaType: 'text/csv', bytes: 3 })
    expect(found).not.toHaveProperty('failure')
    expect(found).not.toHaveProperty('payload')
  })

  test('that is a web page is a failure', async () => {
    const memory = openInMemory({ body: '<html>', headers: { 'content-type': 'text/html' } })
    expect(await memory.session.probe(exported, { ids: ['1'] })).toMatchObject({
      failure: { kind: 'drift' },
    })
  })
})

test('an effect is never probed', async () => {
  const memory = openInMemory({ body: rows })
  await expect(
    memory.session.probe(operationNamed('car_activate_schedule'), { scheduleId: '7' }),
  ).rejects.toMatchObject({
    kind: 'input',
    message: 'car_activate_schedule is no read.',
    next: 'Only reads can be tried out.',
  })
  expect([...memory.sent, ...memory.logins]).toEqual([])
})
