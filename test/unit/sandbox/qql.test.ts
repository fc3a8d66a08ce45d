import { describe, expect, test } from 'vitest'
import { makeCarStore } from '../../../src/sandbox/data/car/store.ts'
import { parseQql } from '../../../src/sandbox/query/qql.ts'
import { compileQql, type TokenTable } from '../../../src/sandbox/query/qql-match.ts'

const plain = (text: string) => ({ text, quoting: 'plain' })
const is = (token: string, text: string, quoting = 'plain') => ({
  kind: 'is',
  token,
  value: { text, quoting },
})

describe('reading', () => {
  test.each<[string, unknown]>([
    ['status:APPROVED', is('status', 'APPROVED')],
    ['scriptId: 19218', is('scriptId', '19218')],
    ['  a:1  ', is('a', '1')],
    [
      'script.name:Script test for subscribed modules',
      is('script.name', 'Script test for subscribed modules'),
    ],
    ['name:Android order nothing', is('name', 'Android order nothing')],
    ['a:or-else', is('a', 'or-else')],
    ['a:x:y', is('a', 'x:y')],
    ["name:O'Brien", is('name', "O'Brien")],
    ['a:"b and c"', is('a', 'b and c', 'phrase')],
    ['a:`b) OR c:d`', is('a', 'b) OR c:d', 'exact')],
    ["a:'b'", is('a', 'b', 'exact')],
    ['a:""', is('a', '', 'phrase')],
    ['a:*', is('a', '*')],
    ['a:b AND c:d', { kind: 'and', parts: [is('a', 'b'), is('c', 'd')] }],
    ['a:b and c:d', { kind: 'and', parts: [is('a', 'b'), is('c', 'd')] }],
    ['a:b c or d:e', { kind: 'or', parts: [is('a', 'b c'), is('d', 'e')] }],
    [
      'a:1 OR b:2 AND c:3',
      { kind: 'or', parts: [is('a', '1'), { kind: 'and', parts: [is('b', '2'), is('c', '3')] }] },
    ],
    [
      '(a:1 OR b:2) AND c:3',
      { kind: 'and', parts: [{ kind: 'or', parts: [is('a', '1'), is('b', '2')] }, is('c', '3')] },
    ],
    ['not a:1', { kind: 'not', part: is('a', '1') }],
    ['NOT (a:1)', { kind: 'not', part: is('a', '1') }],
    ['a:1 NOT b:2', { kind: 'and', parts: [is('a', '1'), { kind: 'not', part: is('b', '2') }] }],
    ['a:1 AND NOT b:2', { kind: 'and', parts: [is('a', '1'), { kind: 'not', part: is('b', '2') }] }],
    [
      'platform:[WINDOWS, LINUX]',
      { kind: 'in', token: 'platform', values: [plain('WINDOWS'), plain('LINUX')] },
    ],
    [
      'a:[ "x, y" ,z z]',
      { kind: 'in', token: 'a', values: [{ text: 'x, y', quoting: 'phrase' }, plain('z z')] },
    ],
    ['severity > 3', { kind: 'compare', token: 'severity', comparison: '>', value: plain('3') }],
    ['severity>=3', { kind: 'compare', token: 'severity', comparison: '>=', value: plain('3') }],
    ['severity = 3', { kind: 'compare', token: 'severity', comparison: '=', value: plain('3') }],
    ['a < now-7d', { kind: 'compare', token: 'a', comparison: '<', value: plain('now-7d') }],
    ['a:[1 .. 5]', { kind: 'range', token: 'a', from: plain('1'), to: plain('5'), inclusive: true }],
    ['a:[1..5]', { kind: 'range', token: 'a', from: plain('1'), to: plain('5'), inclusive: true }],
    ['a:(1 .. 5)', { kind: 'range', token: 'a', from: plain('1'), to: plain('5'), inclusive: false }],
    [
      'a: [now-600s ... now]',
      { kind: 'range', token: 'a', from: plain('now-600s'), to: plain('now'), inclusive: true },
    ],
    [
      'a: ["2024-07-08T12:01:12.012+0000" .. "2024-08-09T12:01:12.012+0000"]',
      {
        kind: 'range',
        token: 'a',
        from: { text: '2024-07-08T12:01:12.012+0000', quoting: 'phrase' },
        to: { text: '2024-08-09T12:01:12.012+0000', quoting: 'phrase' },
        inclusive: true,
      },
    ],
    ['log4j finder', { kind: 'any', value: plain('log4j finder') }],
    ['"log4j finder"', { kind: 'any', value: { text: 'log4j finder', quoting: 'phrase' } }],
  ])('%s', (filter, tree) => {
    expect(parseQql(filter)).toEqual(tree)
  })

  test.each<[string, number]>([
    ['a:', 3],
    ['a: AND b:1', 4],
    ['AND a:1', 1],
    ['a:1 AND', 8],
    ['a:1 OR OR b:2', 8],
    ['(a:1', 5],
    ['a:1)', 4],
    ['a:[1, 2', 8],
    ['a:[]', 4],
    ['a:[1,,2]', 6],
    ['a:[1 ..]', 8],
    ['a:(1, 2)', 5],
    ['a:"b', 3],
    ['a:`b', 3],
    ['a:"b" c:1', 7],
    ['a:b (c)', 5],
    ['NOT', 4],
    ['()', 2],
  ])('an error in %s is at %i', (filter, position) => {
    expect(() => parseQql(filter)).toThrow(`at position ${position}`)
  })

  test.each([
    '('.repeat(3_000),
    `${'NOT '.repeat(900)}a:1`,
    `${'('.repeat(41)}a:1${')'.repeat(41)}`,
    'x'.repeat(4_001),
    `a:[${'1,'.repeat(1_999)}`,
    '"'.repeat(3_999),
  ])('hostile input is refused', (filter) => {
    expect(() => parseQql(filter)).toThrow(/position/)
  })
})

describe('matching', () => {
  interface Row {
    name?: string
    status?: string
    size?: number
    at?: number
    on?: boolean
    tags?: string[]
  }
  const tokens: TokenTable<Row> = {
    name: { type: 'text', read: (row) => row.name },
    status: { type: 'word', read: (row) => row.status },
    size: { type: 'number', read: (row) => row.size },
    at: { type: 'date', read: (row) => row.at },
    on: { type: 'boolean', read: (row) => row.on },
    tags: { type: 'text', read: (row) => row.tags ?? [] },
  }
  const now = Date.parse('2026-11-20T12:00:00Z')
  const store = makeCarStore(1, 100)
  const matches = (filter: string, row: Row, unknownToken: 'reject' | 'nothing' | 'ignore' = 'reject') =>
    compileQql(parseQql(filter), tokens, { unknownToken, now, store })(row)
  const row: Row = {
    name: 'Check BitLocker status (EU)',
    status: 'APPROVED',
    size: 7,
    at: Date.parse('2026-11-18T10:30:00Z'),
    on: true,
    tags: ['Zürich HQ', 'Tier 0'],
  }

  test.each([
    'name:bitlocker',
    'name:status check',
    'name:"BitLocker status"',
    'name:`Check BitLocker status (EU)`',
    "name:'Check BitLocker status (EU)'",
    'name:bit*',
    'name:*',
    'status:approved',
    'status:[REJECTED, Approved]',
    'status:APP*',
    'size:7',
    'size = 7',
    'size > 6 AND size >= 7 AND size < 8 AND size <= 7',
    'size:[7 .. 9]',
    'size:(6 .. 8)',
    'at:2026-11-18',
    'at:[2026-11-01 .. 2026-11-18]',
    'at:(2026-11-17 .. 2026-11-19)',
    'at > now-7d',
    'at:[now-3d ... now]',
    `at:${Date.parse('2026-11-18T10:30:00Z')}`,
    "at:['2026-11-18T10:30:00.000+0000'..'2026-11-18T11:30:00.000+01:00']",
    'on:true',
    'NOT on:false',
    'tags:zürich',
    'tags:"tier 0"',
    'bitlocker',
    'APPROVED',
    'size:8 OR size:7',
    'NOT (size:8 OR size:9)',
  ])('%s', (filter) => {
    expect(matches(filter, row)).toBe(true)
  })

  test.each([
    'name:lock',
    'name:lock*',
    'name:"status BitLocker"',
    'name:`Check BitLocker status`',
    'name:`check bitlocker status (eu)`',
    'status:APPROVE',
    'size > 7',
    'size:(7 .. 9)',
    'at:(2026-11-18 .. 2026-11-19)',
    'at < now-7d',
    'on:false',
    'tags:"HQ Tier"',
    'nonsense',
    'NOT name:*',
  ])('not %s', (filter) => {
    expect(matches(filter, row)).toBe(false)
  })

  test('a missing value matches nothing but NOT', () => {
    expect(matches('size < 9', {})).toBe(false)
    expect(matches('name:*', {})).toBe(false)
    expect(matches('NOT status:APPROVED', {})).toBe(true)
  })

  test.each([
    'size:many',
    'at:yesterday',
    'at:2025-02-31',
    'on:maybe',
    'name > b',
    'status:[a .. b]',
    'other:1',
    'constructor:1',
  ])('cannot be answered: %s', (filter) => {
    expect(() => matches(filter, row)).toThrow()
  })

  test('unknown tokens match nothing, or count as absent', () => {
    expect(matches('other:1', row, 'nothing')).toBe(false)
    expect(matches('NOT other:1', row, 'nothing')).toBe(true)
    expect(matches('other:1', row, 'ignore')).toBe(true)
    expect(matches('NOT other:1', row, 'ignore')).toBe(true)
    expect(matches('other:1 AND size:8', row, 'ignore')).toBe(false)
    expect(matches('other:1 OR size:8', row, 'ignore')).toBe(false)
  })
})
