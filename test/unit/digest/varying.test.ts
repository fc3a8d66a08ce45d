import { describe, expect, test } from 'vitest'
import { classOf, numberIn, type ValueClass } from '../../../src/tools/digest/places/value-class.ts'
import { type DigestedHost, hostsLike, told } from '../../support/workflows/digest.ts'

// Which values vary and are folded, and which are results (design 4).

const letters = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')

describe('a place with v values on h hosts', () => {
  const numbers = (h: number, v: number): DigestedHost[] => hostsLike(h, (at) => `PID: ${100 + (at % v)}`)

  test.each([
    [6, 4, 'PID varies: 4 values, 100 to 103'],
    [5, 5, 'PID varies: 5 values, 100 to 104'],
    [10, 6, 'PID varies: 6 values, 100 to 105'],
    [200, 101, 'PID varies: 101 values, 100 to 200'],
  ])('varies with h = %i, v = %i', async (h, v, text) =>
    expect(await told(numbers(h, v))).toEqual([`${h}: PID: 100`, text]),
  )

  test.each([
    [4, 4, 'PID: 100 on 1 (ws-1); 101 on 1 (ws-2); 102 on 1 (ws-3); 103 on 1 (ws-4)'],
    [5, 2, 'PID: 101 on 2 (ws-2 ws-4); 100 on 3 (ws-1 ws-3 ws-5)'],
    [6, 3, 'PID: 100 on 2 (ws-1 ws-4); 101 on 2 (ws-2 ws-5); 102 on 2 (ws-3 ws-6)'],
  ])('is a result with h = %i, v = %i', async (h, v, text) =>
    expect(await told(numbers(h, v))).toEqual([`${h}: PID: 100`, text]),
  )

  test('is a result with v = h / 2 of many', async () => {
    const [, text = '', ...others] = await told(numbers(200, 100))
    expect(text).toMatch(/^PID: 100 on 2 \(ws-1 ws-101\); .*; 88 more on 176$/)
    expect(others).toEqual([])
  })

  test('with nothing but words varies without a range', async () =>
    expect(await told(hostsLike(20, (at) => `user ${letters(at)}x logged in`))).toEqual([
      expect.stringMatching(/^20: user /),
      'user varies: 20 values',
    ]))

  test('with at most twelve words is a result, since no range says which they are', async () => {
    const [, text = ''] = await told(hostsLike(10, (at) => `user ${letters(at)}x logged in`))
    expect(text.match(/ on 1 \(ws-\d+\)/g)).toHaveLength(10)
  })
})

describe('never folded, even with a value for each host, are', () => {
  test.each<[what: string, valueAt: (index: number) => string]>([
    ['patches', (at) => `KB${50 + at}`],
    ['vulnerabilities', (at) => `CVE-2026-${1000 + at}`],
    ['hexadecimal codes', (at) => `0x${(40 + at).toString(16)}`],
    ['versions', (at) => `1.2.${at}`],
    ['negative numbers', (at) => `-${5 + at}`],
    ['names of servers', (at) => `dc-${at}`],
  ])('%s', async (_what, valueAt) => {
    const [, text = '', ...others] = await told(hostsLike(6, (at) => `found ${valueAt(at)}`))
    expect(others).toEqual([])
    for (let at = 0; at < 6; at++) expect(text).toContain(` ${valueAt(at)} on 1 (ws-${at + 1})`)
  })

  test.each(['port', 'error', 'version', 'build', 'release', 'code'])('numbers behind %j', async (word) => {
    const [, text = ''] = await told(hostsLike(6, (at) => `${word} ${500 + at}`))
    expect(text).toContain('500 on 1 (ws-1); 501 on 1 (ws-2)')
  })
})

describe('results beside values that vary', () => {
  test('what many hosts share', async () => {
    const hosts = hostsLike(40, (at) => `PID: ${at < 6 ? 4 : 1_000 + at}`)
    expect(await told(hosts)).toEqual([
      '40: PID: 4',
      'PID: 4 on 6 (ws-1 ws-2 ws-3)',
      'PID varies: 35 values, 4 to 1039',
    ])
  })

  test('a word among numbers', async () => {
    const hosts = hostsLike(20, (at) => `free: ${at < 5 ? 'unknown' : 1_000 + at} MB`)
    expect(await told(hosts)).toEqual([
      expect.stringMatching(/^20: free: /),
      'free: unknown on 5 (ws-1 ws-2 ws-3)',
      'free varies: 15 values, 1005 to 1019',
    ])
  })

  test('a value on one host is not folded into another', async () => {
    const hosts = hostsLike(200, (at) => `KB installed: ${at < 160 ? 'KB5032189' : 'KB5031356'}`)
    expect(await told(hosts)).toEqual([
      '200: KB installed: KB5032189',
      'KB installed: KB5031356 on 40 (ws-161 ws-162 ws-163); KB5032189 on 160 (ws-1 ws-10 ws-100)',
    ])
  })

  test('many values: the smallest and the largest, and how many there are', async () => {
    const [, text] = await told(hostsLike(40, (at) => `score ${(at % 20) + 60}`))
    expect(text).toBe(
      'score 60 on 2 (ws-1 ws-21); 61 on 2 (ws-2 ws-22); 62 on 2 (ws-23 ws-3); 63 on 2 (ws-24 ws-4); 64 on 2 (ws-25 ws-5); 65 on 2 (ws-26 ws-6); 74 on 2 (ws-15 ws-35); 75 on 2 (ws-16 ws-36); 76 on 2 (ws-17 ws-37); 77 on 2 (ws-18 ws-38); 78 on 2 (ws-19 ws-39); 79 on 2 (ws-20 ws-40); 8 more on 16',
    )
  })
})

describe('the class of a value', () => {
  test.each<[value: string, before: string, valueClass: ValueClass]>([
    ['', '', 'nothing'],
    ['running', '', 'word'],
    ['-', '', 'word'],
    ['12', '', 'number'],
    ['12%', '', 'number'],
    ['16,272', '', 'number'],
    ["5'000", '', 'number'],
    ['12', 'port ', 'name'],
    ['5032189', 'KB', 'name'],
    ['12', 'Exit code: ', 'name'],
    ['-5', '', 'name'],
    ['50.5', '', 'name'],
    ['50,5', '', 'name'],
    ['4.8.0.1', 'v', 'name'],
    ['10.1.2.3', '', 'number'],
    ['10.1.2.3', 'version ', 'name'],
    ['2026-11-22', '', 'number'],
    ['22.11.2026', '', 'number'],
    ['10:11:12', '', 'number'],
    ['2026-11-22T10:11:12Z', '', 'number'],
    ['12ms', '', 'quantity in ms'],
    ['1h2m', '', 'mixed'],
    ['fe80::1%eth0', '', 'identifier'],
    ['00:1a:2b:3c:4d:5e', '', 'identifier'],
    ['81761e17-470b-40ab-89db-ef02607e00ab', '', 'identifier'],
    ['d41d8cd98f00b204e9800998ecf8427e', '', 'identifier'],
    ['/tmp/81761e17-470b-40ab-89db-ef02607e00ab', '', 'mixed'],
    ['/tmp/x1', '', 'name'],
    ['eth0', '', 'name'],
  ])('%j behind %j: %s', (value, before, valueClass) => expect(classOf(value, before)).toBe(valueClass))

  test.each<[value: string, number: number | undefined]>([
    ['5', 5],
    ['-5', -5],
    ['1,234', 1_234],
    ["1'000'000", 1_000_000],
    ['1,5', 1.5],
    ['99%', 99],
    ['1.2.3', undefined],
    ['a', undefined],
    ['', undefined],
  ])('%j writes %j', (value, number) => expect(numberIn(value)).toBe(number))
})
