import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Binding, openPosition, type Position, sealPosition } from '../../../src/session/continuation.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf } from './walk.ts'

const binding: Binding = {
  tool: 'car_search_jobs',
  account: 'https://gateway.qg1.apps.qualys.com acme_ab1',
  query: { filter: 'scriptId:19218', sort: ['created.dateTime:desc'] },
}
const uuid = '23f97a1f-76f4-4e85-a7c2-566f120874fc'
const refused = expect.objectContaining({
  kind: 'input',
  message: expect.stringContaining('continuationToken'),
  next: expect.stringMatching(/same arguments.*leave it out to start at the first row/),
})

describe('a sealed position', () => {
  const values: unknown[] = [
    0,
    1,
    127,
    128,
    255,
    1_674_129_606_914,
    2 ** 32,
    2 ** 53 - 1,
    2 ** 53,
    1e21,
    -1,
    -(2 ** 53 - 1),
    0.5,
    -1.25,
    5e-324,
    '',
    '0',
    '007',
    '25890',
    '-5',
    '1e3',
    '9007199254740991',
    '9007199254740993',
    '12345678901234567890',
    ' 7',
    uuid,
    uuid.toUpperCase(),
    `${uuid}x`,
    'Zürich | HQ',
    '証明書\n\u0000\u001b[31m',
    '\u{1F600}',
    '\uD800',
    null,
    true,
    false,
    'null',
    'true',
    [1, '2'],
    { a: null },
  ]
  test.each(values.map((value) => [value]))('keeps %j, type and all', (value) => {
    const position: Position = [20, value, '25890', value]
    expect(openPosition(sealPosition(position, binding), binding)).toEqual(position)
  })

  test('keeps all of them at once, and counts up to the largest', () => {
    for (const before of [0, 1, 9_998, 15_000, 2 ** 53 - 1]) {
      const position: Position = [before, ...values]
      expect(openPosition(sealPosition(position, binding), binding)).toEqual(position)
    }
  })

  test.each([
    { name: 'jobs', position: [15_000, 1_674_129_606_914, '25890'] },
    { name: 'asset jobs', position: [99_999_999, 4_102_444_800_000, '9007199254740991'] },
    { name: 'assets', position: [10_000_000, 2 ** 53 - 1] },
    { name: 'jobs with uuid ids', position: [10_000_000, 4_102_444_800_000, uuid] },
    { name: 'a page number', position: [9_998] },
  ] as { name: string; position: Position }[])(
    '$name: at most 64 characters, safe in any text',
    ({ position }) => {
      const token = sealPosition(position, binding)
      expect(token).toMatch(/^[\w-]{1,64}$/)
      expect(openPosition(token, binding)).toEqual(position)
    },
  )

  test('fits the same arguments in another order, nested ones too', () => {
    const token = sealPosition([20], { ...binding, query: { a: 1, b: { c: [1, 2], d: 'x' } } })
    expect(openPosition(token, { ...binding, query: { b: { d: 'x', c: [1, 2] }, a: 1 } })).toEqual([20])
  })

  const token = sealPosition([20, 1_674_129_606_914, '25890', 'Zürich', null], binding)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const altered = [...token].flatMap((old, at) =>
    [...alphabet, '=', '+', '/', ' ', 'é']
      .filter((other) => other !== old)
      .map((other) => token.slice(0, at) + other + token.slice(at + 1)),
  )
  const cut = [...token].flatMap((_, length) => [token.slice(0, length), token.slice(length + 1)])
  const grown = ['A', '=', '==', '\n', ' ', '.', token].flatMap((more) => [token + more, more + token])
  test.each([
    { name: 'every single character altered', damaged: altered },
    { name: 'cut at every length', damaged: cut },
    { name: 'grown', damaged: grown },
    { name: 'in other capitals', damaged: [token.toUpperCase(), token.toLowerCase()] },
    { name: 'anything at all', damaged: ['x', '%00', '../..', 'null', '0'.repeat(64), 'A'.repeat(2_000)] },
  ])('$name: refused, with how to start again', ({ damaged }) => {
    expect(damaged.length).toBeGreaterThan(1)
    for (const wrong of damaged) expect(() => openPosition(wrong, binding), wrong).toThrow(refused)
  })

  test.each([
    { tool: 'car_search_asset_jobs' },
    { account: 'https://gateway.qg1.apps.qualys.com acme_cd2' },
    { account: 'https://gateway.qg2.apps.qualys.com acme_ab1' },
    { query: { ...binding.query, filter: 'scriptId:19219' } },
    { query: { ...binding.query, sort: ['created.dateTime:asc'] } },
    { query: { sort: binding.query['sort'] } },
    { query: { ...binding.query, match: 'x' } },
    { query: {} },
  ] as Partial<Binding>[])('for %o: refused', (other) => {
    expect(() => openPosition(token, { ...binding, ...other })).toThrow(refused)
  })

  test('does not show what it is bound to', () => {
    const secretly = Buffer.from(token, 'base64url').toString('latin1')
    for (const part of ['acme', 'scriptId', 'qualys', 'car_']) expect(secretly).not.toContain(part)
  })
})

describe('a token of the server', () => {
  const tool = 'car_search_jobs'
  const args = {
    scriptId: 19218,
    filter: 'platform:WINDOWS',
    startAt: '2023-01-01',
    endAt: '2023-12-31T00:00:00Z',
    sort: ['created.dateTime:asc'],
    match: 'auto',
    pageSize: 10,
  }
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let assistant: Assistant
  let token: string
  let nextIds: string[]
  const on = (other: Assistant, changed: object, name = tool) =>
    other.call(name, { ...args, continuationToken: token, ...changed }, 'json')

  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 500 })
    assistant = await assistantOn(sandbox)
    const { structured } = await assistant.call(tool, args, 'json')
    token = structured.continuationToken ?? ''
    nextIds = columnOf([(await on(assistant, {})).structured], 'id')
  })
  afterAll(async () => {
    await assistant.close()
    await sandbox.close()
  })

  test.each([
    { tool, args: {} },
    { tool: 'car_search_asset_jobs', args: {} },
    { tool: 'car_search_assets', args: {} },
    { tool: 'car_search_scripts', args: {} },
    { tool: 'car_list_reports', args: {} },
    { tool: 'car_search_asset_jobs', args: { outcome: 'failed', match: 'denied', pageSize: 2 } },
  ])('$tool $args: at most 64 characters', async ({ tool, args }) => {
    const { structured, raw } = await assistant.call(tool, args, 'json')
    expect(structured.continuationToken).toMatch(/^[\w-]{8,64}$/)
    expect((await assistant.call(tool, args)).text).toMatch(/continuationToken "[\w-]{8,64}"$/)
    expect(raw).not.toHaveProperty('isError')
  })

  test.each([
    { name: 'unchanged', changed: {} },
    { name: 'another pageSize', changed: { pageSize: 3 }, rows: 3 },
    { name: 'no pageSize', changed: { pageSize: undefined }, rows: 20 },
    { name: 'other fields', changed: { fields: ['id', 'severity'] } },
    { name: 'an id as text', changed: { scriptId: '19218' } },
    {
      name: 'the same instants spelled otherwise',
      changed: { startAt: '2023-01-01T01:00:00+01:00', endAt: '2023-12-31 00:00:00' },
    },
  ])('$name: goes on', async ({ changed, rows = 10 }) => {
    const { structured, isError } = await on(assistant, changed)
    expect(isError).toBe(false)
    const ids = columnOf([structured], 'id')
    expect(ids).toHaveLength(rows)
    expect(ids.slice(0, 10)).toEqual(nextIds.slice(0, rows))
  })

  test('arguments in another order: goes on', async () => {
    const reversed = Object.fromEntries(Object.entries({ ...args, continuationToken: token }).reverse())
    expect(Object.keys(reversed)[0]).toBe('continuationToken')
    expect(columnOf([(await assistant.call(tool, reversed, 'json')).structured], 'id')).toEqual(nextIds)
  })

  test.each([
    { changed: { scriptId: 16515 } },
    { changed: { scriptId: undefined } },
    { changed: { filter: 'platform:LINUX' } },
    { changed: { filter: undefined } },
    { changed: { scriptName: 'Backup' } },
    { changed: { startAt: '2023-01-02' } },
    { changed: { endAt: undefined } },
    { changed: { sort: ['created.dateTime:desc'] } },
    { changed: { sort: undefined } },
    { changed: { match: 'manual' } },
    { changed: { match: undefined } },
    { changed: { continuationToken: 'AAAA' } },
  ])('$changed: refused before anything is asked', async ({ changed }) => {
    await sandbox.control.forget()
    const { error, text } = await on(assistant, changed)
    expect(error).toMatchObject({ kind: 'input', next: expect.stringContaining('leave it out to start') })
    expect(text).toContain('continuationToken does not fit')
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('from another tool: refused', async () => {
    const { error } = await assistant.call('car_search_scripts', { continuationToken: token })
    expect(error).toMatchObject({ kind: 'input' })
  })

  test.each([
    { name: 'a restarted server', extra: {}, works: true },
    { name: 'a server with another page budget', extra: { QUALYS_REPLY_CHARS: '9000' }, works: true },
    {
      name: 'another account',
      extra: { QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' },
      works: false,
    },
  ])('on $name: works is $works', async ({ extra, works }) => {
    const other = await assistantOn(sandbox, extra)
    const { structured, error } = await on(other, {})
    await other.close()
    if (works) expect(columnOf([structured], 'id')).toEqual(nextIds)
    else expect(error).toMatchObject({ kind: 'input' })
  })

  test('on a second server beside the first', async () => {
    const second = await assistantOn(sandbox)
    const [here, there] = await Promise.all([on(assistant, {}), on(second, {})])
    expect(there.structured).toEqual(here.structured)
    const further = await second.call(
      tool,
      { ...args, continuationToken: here.structured.continuationToken },
      'json',
    )
    expect(columnOf([further.structured], 'id')).toHaveLength(10)
    await second.close()
  })
})
