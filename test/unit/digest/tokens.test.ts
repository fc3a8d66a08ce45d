import { describe, expect, test } from 'vitest'
import { holdsDigit, tokenSpans } from '../../../src/tools/digest/lines/line-tokens.ts'

// A line as tokens: what differs in a number alone must have its tokens at the same places.

function tokensOf(line: string): string[] {
  const spans = tokenSpans(line)
  return Array.from({ length: spans.length / 2 }, (_, at) => line.slice(spans[at * 2], spans[at * 2 + 1]))
}

describe('the tokens of a line', () => {
  test.each<[line: string, tokens: string[]]>([
    ['', []],
    ['   ', []],
    ['PID 1231.', ['PID', '1231']],
    ['is it ready?!', ['is', 'it', 'ready']],
    ["don't", ['don', 't']],
    ['a=1;b=2', ['a', '1', 'b', '2']],
    ['(a) [b] {c} <d> «e» „f“ 「g」', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    ['a|b', ['a', 'b']],
    ['key:value', ['key', 'value']],
    ['host:port:1', ['host', 'port', '1']],
  ])('%j: separators and the punctuation of sentences are none', (line, tokens) =>
    expect(tokensOf(line)).toEqual(tokens),
  )

  test.each<[line: string, tokens: string[]]>([
    ['-rw-r----- 1 root', ['-rw-r-----', '1', 'root']],
    ['-5 +3 100% ~ab', ['-5', '+3', '100%', '~ab']],
    ['/var/log/x:12: error', ['/var/log/x', '12', 'error']],
    ['C:\\Windows\\a.exe ok', ['C:\\Windows\\a.exe', 'ok']],
    ['C:\\a.ps1:12 char', ['C:\\a.ps1', '12', 'char']],
    ['.bashrc of ~/.ssh', ['.bashrc', 'of', '~/.ssh']],
    ['1-2 a_b a-b v1.2.3', ['1-2', 'a_b', 'a-b', 'v1.2.3']],
  ])('%j: signs and paths belong to them', (line, tokens) => expect(tokensOf(line)).toEqual(tokens))

  test.each<[line: string, tokens: string[]]>([
    ['✓ ok', ['✓', 'ok']],
    ['- root', ['-', 'root']],
    ['count ?', ['count', '?']],
    ['a ... b', ['a', '...', 'b']],
    ['a : b', ['a', 'b']],
    ['a … b', ['a', 'b']],
  ])('%j: a sign alone stands for a value, unless it separates', (line, tokens) =>
    expect(tokensOf(line)).toEqual(tokens),
  )

  test.each<[line: string, tokens: string[]]>([
    ['10.1.2.3:8080', ['10.1.2.3', '8080']],
    ['[2001:db8::a:1]:443', ['2001:db8::a:1', '443']],
    ['fe80::1%eth0', ['fe80::1%eth0']],
    ['MAC:00:1a:2b:3c:4d:5e', ['MAC', '00:1a:2b:3c:4d:5e']],
    ['00-1A-2B-3C-4D-5E', ['00-1A-2B-3C-4D-5E']],
    ['up 3 days, 12:41', ['up', '3', 'days', '12:41']],
    ['Time:12:30', ['Time', '12:30']],
    ['2026-11-22T10:11:12Z done', ['2026-11-22T10:11:12Z', 'done']],
    ['2026-11-22T10:11:12+01:00', ['2026-11-22T10:11:12+01:00']],
  ])('%j: an address, a port and a time are one each', (line, tokens) =>
    expect(tokensOf(line)).toEqual(tokens),
  )

  test.each<[line: string, tokens: string[]]>([
    ['16,272 KB', ['16,272', 'KB']],
    ['50,5 %', ['50,5', '%']],
    ["5'000", ["5'000"]],
    ['1,234,567,890 bytes', ['1,234,567,890', 'bytes']],
    ['a,16,272,yes', ['a', '16', '272', 'yes']],
    ['7,12,3,1', ['7', '12', '3', '1']],
    ['a, 5, 7', ['a', '5', '7']],
  ])('%j: a comma is within a number, unless it separates values', (line, tokens) =>
    expect(tokensOf(line)).toEqual(tokens),
  )

  test.each<[line: string, tokens: string[]]>([
    ['2026年11月20日', ['2026', '年', '11', '月', '20', '日']],
    ['第1号：成功', ['第', '1', '号', '成功']],
    ['버전3', ['버전', '3']],
    ['สวัสดี5', ['สวัสดี', '5']],
    ['エラー、12件。', ['エラー', '12', '件']],
    ['eth0 v2', ['eth0', 'v2']],
    ['день5', ['день5']],
  ])('%j: a number stands apart where a language has no blanks', (line, tokens) =>
    expect(tokensOf(line)).toEqual(tokens),
  )

  test.each([
    ['up 3 days, 12:41, 1 user', 'up 14 days, 2:05, 9 user'],
    ['size 1,024 of 4,096', 'size 12,024 of 114,096'],
    ['2026年11月20日', '1999年1月2日'],
    ['at 10.0.0.1:80 pid=7', 'at 192.168.100.200:65535 pid=99999'],
  ])('%j and %j are as many, whatever their digits', (one, other) =>
    expect(tokensOf(one)).toHaveLength(tokensOf(other).length),
  )
})

test.each([
  ['12', true],
  ['a1', true],
  ['２', true],
  ['Ⅷ', true],
  ['abc', false],
  ['-', false],
])('%j holds a digit: %s', (token, holds) => expect(holdsDigit(token)).toBe(holds))
