import { describe, expect, test } from 'vitest'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'
import { type DigestedHost, differencesOf, kindsOf } from '../../support/workflows/digest.ts'

// What two hosts printed: what makes no difference, and what is told of each of them.

const pair = (one: DigestedHost, other: DigestedHost): DigestedHost[] =>
  [one, other].map((host, index) => ({
    host: index === 0 ? 'ws-one' : 'ws-other',
    ...(typeof host === 'string' ? { output: host } : host),
  }))

describe('nothing is told of two hosts that differ in', () => {
  test.each<[what: string, one: DigestedHost, other: DigestedHost]>([
    ['nothing', 'ok', 'ok'],
    ['blanks around', 'ok\r\n', '\n  ok'],
    ['blanks between', 'a   b\tc', 'a b c'],
    ['empty lines', 'a\n\n\nb', 'a\nb'],
    [
      'the widths of columns',
      'Name     State\n----     -----\nsshd     on',
      'Name State\n---- -----\nsshd on',
    ],
    ['the length of a rule', 'a\n==========\nb', 'a\n===\nb'],
    ['the length of a bar', '[#########] done', '[#####] done'],
    ['blanks alone', '', ' \n'],
    ['their own name', 'hello ws-one!', 'hello ws-other!'],
    ['their own name in capitals', 'WS-ONE', 'Ws-Other'],
    [
      'their own name in paths and words',
      '\\\\WS-ONE$ /var/ws-one.log ws-one_1 ws-one.corp.example.com',
      '\\\\WS-OTHER$ /var/ws-other.log ws-other_1 ws-other.corp.example.com',
    ],
    [
      'a long name printed in short',
      { host: 'web01.corp.example.com', output: 'web01: up' },
      { host: 'web02.corp.example.com', output: 'web02: up' },
    ],
    ['a name with signs', { host: 'a+b(c', output: 'on a+b(c' }, { host: 'a.b[c', output: 'on a.b[c' }],
    ['the order of fields', '{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}'],
    ['the layout of JSON', '{"a":1,"b":[1,2]}', '{\n  "a": 1,\n  "b": [ 1, 2 ]\n}'],
  ])('%s', async (_what, one, other) => {
    const kinds = await kindsOf(pair(one, other))
    expect(kinds.map((kind) => [kind.count, ...differencesOf(kind)])).toEqual([[2]])
  })
})

describe('two hosts are of one kind, and their order is told, if they differ in', () => {
  test.each([
    ['the order of lines', 'a\nb\nc', 'c\nb\na', 'c'],
    ['the order of records', '[{"n":"a"},{"n":"b"}]', '[{"n":"b"},{"n":"a"}]', '[].n: b'],
  ])('%s', async (_what, one, other, first) => {
    const kinds = await kindsOf(pair(one, other))
    expect(kinds.map((kind) => [kind.count, ...differencesOf(kind)])).toEqual([
      [2, `only on 1 (ws-other): the same lines in another order, first: ${first}`],
    ])
  })
})

/** All that is told of two hosts, in one line; each value with its host. */
async function difference(one: DigestedHost, other: DigestedHost): Promise<string> {
  const kinds = await kindsOf(pair(one, other))
  return kinds.map((kind) => [kind.count, ...differencesOf(kind)].join(' | ')).join(' || ')
}

describe('both values are told of two hosts that differ in', () => {
  test.each<[what: string, one: string, other: string, told: string]>([
    ['a count', '0 failed', '12 failed', '… failed: 0 on 1 (ws-one); 12 on 1 (ws-other)'],
    ['a large count', '0 failed', '1200 failed', '… failed: 0 on 1 (ws-one); 1200 on 1 (ws-other)'],
    ['a patch', 'patch KB92', 'patch KB56', 'patch KB56 on 1 (ws-other); KB92 on 1 (ws-one)'],
    ['a number alone', '1234', '1235', 'value: 1234 on 1 (ws-one); 1235 on 1 (ws-other)'],
    ['a score', 'passed 3:10', 'passed 4:20', 'passed 3:10 on 1 (ws-one); 4:20 on 1 (ws-other)'],
    ['a version', 'Version: 4.8.0', 'Version: 4.1.0', 'Version: 4.1.0 on 1 (ws-other); 4.8.0 on 1 (ws-one)'],
    ['a version in JSON', '{"v":"4.8"}', '{"v":"4.1"}', 'v: 4.1 on 1 (ws-other); 4.8 on 1 (ws-one)'],
    [
      'a version with v',
      'agent v4.8.0',
      'agent v4.1.0',
      'agent v4.1.0 on 1 (ws-other); v4.8.0 on 1 (ws-one)',
    ],
    ['the name of another', 'server dc-1', 'server dc-2', 'server dc-1 on 1 (ws-one); dc-2 on 1 (ws-other)'],
    ['a word', 'sshd running', 'sshd stopped', 'sshd running on 1 (ws-one); stopped on 1 (ws-other)'],
    ['a word at the beginning', 'yes to all', 'no to all', '… to all: no on 1 (ws-other); yes on 1 (ws-one)'],
    ['capitals', 'Mode On', 'Mode ON', 'Mode ON on 1 (ws-other); On on 1 (ws-one)'],
    ['a sign', 'sshd ✓', 'sshd ✗', 'sshd ✓ on 1 (ws-one); ✗ on 1 (ws-other)'],
    ['a sign for a value', 'owner -', 'owner root', 'owner - on 1 (ws-one); root on 1 (ws-other)'],
    ['a time', 'at 10:11', 'at 22:33', 'at 10:11 on 1 (ws-one); 22:33 on 1 (ws-other)'],
    ['a day', 'on 2026-11-22', 'on 2026-11-23', 'on 2026-11-22 on 1 (ws-one); 2026-11-23 on 1 (ws-other)'],
    ['a mode', '-rw-r----- x', '-rw-rw-rw- x', '… x: -rw-r----- on 1 (ws-one); -rw-rw-rw- on 1 (ws-other)'],
    ['an address', 'gw 10.1.2.1', 'gw 10.9.9.9', 'gw 10.1.2.1 on 1 (ws-one); 10.9.9.9 on 1 (ws-other)'],
    ['a port', 'on 10.1.2.1:80', 'on 10.1.2.1:443', 'on 10.1.2.1:80 on 1 (ws-one); 443 on 1 (ws-other)'],
    ['zeros before a number', 'mode 0644', 'mode 644', 'mode 0644 on 1 (ws-one); 644 on 1 (ws-other)'],
    ['punctuation', 'ready!', 'ready?', 'value: ready! on 1 (ws-one); ready? on 1 (ws-other)'],
    ['a field', '{"a":true}', '{"a":false}', 'a: false on 1 (ws-other); true on 1 (ws-one)'],
    ['a list', '{"a":[1]}', '{"a":[1,2]}', 'a: [1,2] on 1 (ws-other); [1] on 1 (ws-one)'],
    ['a stand-in and a number', 'x 12345', 'x \u0005', 'x 12345 on 1 (ws-one); \u0005 on 1 (ws-other)'],
    ['a further line', 'a', 'a\nb', 'only on 1 (ws-other): b'],
  ])('%s', async (_what, one, other, told) => {
    expect(await difference(one, other)).toBe(`2 | ${told}`)
  })

  test('a further record', async () => {
    expect(await difference('[{"n":1}]', '[{"n":1},{"n":2}]')).toMatch(
      /^2 \| \[\]\.n: 2 on 1 \(ws-other\) \| /,
    )
  })

  test('two places', async () => {
    const told = await difference('free 50.5 GB', 'free 1.5 TB')
    expect(told).toContain('free 1.5 on 1 (ws-other); 50.5 on 1 (ws-one)')
    expect(told).toContain('GB on 1 (ws-one); TB on 1 (ws-other)')
  })

  test('words on one line and on two lines', async () => {
    const told = await difference('a\nb', 'a b')
    expect(told).toContain('a on 1 (ws-one); a b on 1 (ws-other)')
    expect(told).toContain('only on 1 (ws-one): b')
  })

  test('the text of Qualys', async () => {
    const text = (seconds: number): Partial<HostResult> => ({
      output: 'x',
      text: `no answer in ${seconds} s`,
    })
    expect(await difference(text(5), text(7))).toBe(
      '2 | text of the outcome: no answer in 5 s on 1 (ws-one); no answer in 7 s on 1 (ws-other)',
    )
  })
})

describe('two hosts are of two kinds if they differ in', () => {
  test.each<[what: string, one: DigestedHost, other: DigestedHost]>([
    ['their only word', 'PASS', 'FAIL'],
    ['the capitals of their only word', 'On', 'ON'],
    ['a mark between brackets', '[x] on', '[ ] on'],
    ['the sign between two words', 'a=1', 'a:1'],
    ['the names of their fields', '{"a":true}', '{"b":true}'],
    ['most lines', 'a\nb\nc', 'a\nd e\nf g'],
    ['the texts of Qualys', { text: 'SUCCESS', output: 'x' }, { text: 'DONE', output: 'x' }],
    ['nothing printed and nothing held', '', { output: undefined as never }],
  ])('%s', async (_what, one, other) => {
    expect(await difference(one, other)).toBe('1 || 1')
  })
})

describe('the name of a host is not looked for', () => {
  test.each<[what: string, names: [string, string], outputs: [string, string], told: string]>([
    [
      'if it is a number',
      ['120', '121'],
      ['120 failed', '121 failed'],
      '… failed: 120 on 1 (120); 121 on 1 (121)',
    ],
    ['if it is one letter', ['a', 'b'], ['part a', 'part b'], 'part a on 1 (a); b on 1 (b)'],
    ['if it is two letters', ['db', 'fs'], ['on db', 'on fs'], 'on db on 1 (db); fs on 1 (fs)'],
    ['at the end of a word', ['one', 'ase'], ['x phone', 'x phase'], 'x phase on 1 (ase); phone on 1 (one)'],
    [
      'at the beginning of a word',
      ['abc', 'xyz'],
      ['x abcs', 'x xyzs'],
      'x abcs on 1 (abc); xyzs on 1 (xyz)',
    ],
    [
      'before a further digit',
      ['ws-1', 'ws-2'],
      ['x ws-10', 'x ws-20'],
      'x ws-10 on 1 (ws-1); ws-20 on 1 (ws-2)',
    ],
    ['behind a further digit', ['1ab', '2cd'], ['x 91ab', 'x 92cd'], 'x 91ab on 1 (1ab); 92cd on 1 (2cd)'],
    [
      'if it is that of the other',
      ['web', 'dbs'],
      ['peer dbs', 'peer web'],
      'peer dbs on 1 (web); web on 1 (dbs)',
    ],
  ])('%s', async (_what, [one, other], [printed, otherPrinted], told) => {
    const text = await difference({ host: one, output: printed }, { host: other, output: otherPrinted })
    expect(text).toBe(`2 | ${told}`)
  })
})
