import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SettingsError } from '../../../src/shared/errors.ts'
import { maxLineBytes } from '../../../src/tools/effects/audit/audit-line.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'

let folder: string
let path: string
/** Two interleaved chains, a and b: lines 1, 3, 5, 7, 9 are a's, 2, 4, 6, 8, 10 b's; 9 and 10 are their ends. */
let intact: readonly string[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-verify-'))
  path = join(folder, 'audit.jsonl')
  const logs = [1, 2].map(() => new AuditLog({ path, redact: (text) => text }))
  for (const event of ['approved', 'sent', 'answered'] as const)
    for (const log of logs) log.record(event, { tool: 'car_execute_script', hosts: 3 })
  for (const log of logs) log.close()
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  // The first line of a chain and its first effect are written together.
  const seqOf = (text: string): number => JSON.parse(text).seq
  intact = lines.sort((a, b) => seqOf(a) - seqOf(b))
})
afterAll(() => rmSync(folder, { recursive: true }))

const verify = (text: string): ReturnType<typeof verifyAudit> => {
  writeFileSync(path, text)
  return verifyAudit(path)
}
const joinLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const without = (...numbers: number[]): string[] => intact.filter((_, at) => !numbers.includes(at + 1))
const line = (number: number): string => intact[number - 1] ?? ''
const inPlace = (...changes: (readonly [number: number, text: string])[]): string[] => {
  const lines = [...intact]
  for (const [number, text] of changes) lines[number - 1] = text
  return lines
}
const withHash = (body: string): string =>
  `${body.slice(0, -1)},"hash":"${createHash('sha256').update(body).digest('hex')}"}`
/** A forged line: changed, with a new hash of its own. */
const forgeLine = (number: number, from: string | RegExp, to: string): string => {
  const changed = line(number).replace(from, to)
  return withHash(changed.replace(/,"hash":"[0-9a-f]{64}"\}$/, '}'))
}
const chainOf = (number: number): string => `chain ${String(JSON.parse(line(number)).chain).slice(0, 8)}`

test('interleaved chains, all intact', async () => {
  expect(await verify(joinLines(intact))).toEqual({ lines: ['2 chains, 10 lines: intact'], ok: true })
})

test('an empty file is a finding', async () => {
  const empty = 'the file is empty: its lines were taken away, or nothing was ever written'
  for (const text of ['', '\n\n'])
    expect(await verify(text)).toEqual({ lines: [empty, '0 chains, 0 lines: 1 finding'], ok: false })
})

test('blank lines between are no findings', async () => {
  expect((await verify(`\n${intact.join('\n\n')}\n\n`)).ok).toBe(true)
})

describe('found', () => {
  const ten = '2 chains, 10 lines: '
  const noEnd = (number: number): string =>
    `${chainOf(number)} has no end after line ${number}: its program still runs or was killed, or lines were cut off at the end`

  test.each<readonly [string, () => string, () => readonly string[]]>([
    [
      'a line removed',
      () => joinLines(without(5)),
      () => [`line 6: seq 2 is missing before it in ${chainOf(1)}`, '2 chains, 9 lines: 1 finding'],
    ],
    [
      'lines removed',
      () => joinLines(without(3, 5)),
      () => [`line 5: seq 1 to 2 are missing before it in ${chainOf(1)}`, '2 chains, 8 lines: 1 finding'],
    ],
    [
      'the first line removed',
      () => joinLines(without(1)),
      () => [
        `line 2: ${chainOf(1)} does not begin at seq 0: seq 0 is missing`,
        '2 chains, 9 lines: 1 finding',
      ],
    ],
    ['the end removed', () => joinLines(without(10)), () => [noEnd(8), '2 chains, 9 lines: 1 finding']],
    [
      'the last lines removed',
      () => joinLines(intact.slice(0, 7)),
      () => [noEnd(7), noEnd(6), '2 chains, 7 lines: 2 findings'],
    ],
    [
      'lines swapped',
      () => joinLines(inPlace([3, line(5)], [5, line(3)])),
      () => [
        `line 3: seq 1 is missing before it in ${chainOf(1)}`,
        `line 5: seq 1 of ${chainOf(1)} belongs before line 3: the order was changed`,
        `${ten}2 findings`,
      ],
    ],
    [
      'the first lines swapped',
      () => joinLines(inPlace([1, line(3)], [3, line(1)])),
      () => [
        `line 1: ${chainOf(1)} does not begin at seq 0: seq 0 is missing`,
        `line 3: seq 0 of ${chainOf(1)} belongs before line 1: the order was changed`,
        `${ten}2 findings`,
      ],
    ],
    [
      'a line doubled',
      () => joinLines([...intact.slice(0, 4), line(3), ...intact.slice(4)]),
      () => [
        `line 5: seq 1 of ${chainOf(1)} for a second time: a line was copied, or the chain forks`,
        '2 chains, 11 lines: 1 finding',
      ],
    ],
    [
      'a fork: another line with the number of one that is there',
      () => joinLines([...intact.slice(0, 4), forgeLine(3, '"hosts":3', '"hosts":9'), ...intact.slice(4)]),
      () => [
        `line 5: seq 1 of ${chainOf(1)} for a second time: a line was copied, or the chain forks`,
        '2 chains, 11 lines: 1 finding',
      ],
    ],
    [
      'a line edited',
      () => joinLines(inPlace([6, line(6).replace('"hosts":3', '"hosts":2')])),
      () => ['line 6: changed, for it does not fit its own hash', `${ten}1 finding`],
    ],
    [
      'the last line edited',
      () => joinLines(inPlace([10, line(10).replace('"facts":{}', '"facts":{"a":1}')])),
      () => ['line 10: changed, for it does not fit its own hash', `${ten}1 finding`],
    ],
    [
      'a line edited in its blanks alone',
      () => joinLines(inPlace([6, line(6).replace(':3', ': 3')])),
      () => ['line 6: changed, for it does not fit its own hash', `${ten}1 finding`],
    ],
    [
      'a number edited',
      () => joinLines(inPlace([5, line(5).replace('"seq":2', '"seq":7')])),
      () => [
        'line 5: changed, for it does not fit its own hash',
        `line 7: seq 2 is missing before it in ${chainOf(1)}`,
        `${ten}2 findings`,
      ],
    ],
    [
      'a line edited and given a new hash: its successor shows it',
      () => joinLines(inPlace([5, forgeLine(5, '"hosts":3', '"hosts":1')])),
      () => [
        `line 7: does not continue line 5 of ${chainOf(1)}: one of the two was changed or replaced`,
        `${ten}1 finding`,
      ],
    ],
    [
      'a first line that once was another',
      () => joinLines(inPlace([1, forgeLine(1, '"prev":""', '"prev":"x"')])),
      () => [
        `line 1: seq 0 of ${chainOf(1)}, but another line once stood before it`,
        `line 3: does not continue line 1 of ${chainOf(1)}: one of the two was changed or replaced`,
        `${ten}2 findings`,
      ],
    ],
    [
      'a line after the end',
      () => {
        const more = forgeLine(
          10,
          /"seq":4,"prev":"[0-9a-f]*"/,
          `"seq":5,"prev":"${JSON.parse(line(10)).hash}"`,
        )
        return joinLines([...intact, more])
      },
      () => [`line 11: ${chainOf(2)} goes on after its end`, '2 chains, 11 lines: 1 finding'],
    ],
    [
      'the last line cut off',
      () => joinLines(intact).slice(0, -40),
      () => [
        'line 10: cut off, or its line break was taken away',
        'line 10: no line of an audit log, or only a part of one',
        noEnd(8),
        `${ten}3 findings`,
      ],
    ],
    [
      'the last line break cut off',
      () => joinLines(intact).slice(0, -1),
      () => ['line 10: cut off, or its line break was taken away', `${ten}1 finding`],
    ],
    [
      'a line cut off in the middle',
      () => joinLines(inPlace([4, line(4).slice(0, 90)])),
      () => [
        'line 4: no line of an audit log, or only a part of one',
        `line 6: seq 1 is missing before it in ${chainOf(2)}`,
        `${ten}2 findings`,
      ],
    ],
    [
      'two lines run together',
      () => joinLines(intact).replace('}\n{', '}{'),
      () => [
        'no chain has its first line: the beginning of the file was taken away',
        'line 1: no line of an audit log, or only a part of one',
        `line 2: ${chainOf(1)} does not begin at seq 0: seq 0 is missing`,
        `line 3: ${chainOf(2)} does not begin at seq 0: seq 0 is missing`,
        '2 chains, 9 lines: 4 findings',
      ],
    ],
    [
      'the first lines of every chain removed',
      () => joinLines(without(1, 2)),
      () => [
        'no chain has its first line: the beginning of the file was taken away',
        `line 1: ${chainOf(1)} does not begin at seq 0: seq 0 is missing`,
        `line 2: ${chainOf(2)} does not begin at seq 0: seq 0 is missing`,
        '2 chains, 8 lines: 3 findings',
      ],
    ],
    [
      'line breaks of another system',
      () => intact.map((text) => `${text}\r\n`).join(''),
      () => [
        ...intact.map((_, at) => `line ${at + 1}: changed, for it does not fit its own hash`),
        `${ten}10 findings`,
      ],
    ],
  ])('%s', async (_what, damage, findings) => {
    expect(await verify(damage())).toEqual({ lines: findings(), ok: false })
  })
})

describe('foreign content in the file', () => {
  const controls = '\u001b[2J\u009b31m\u202e'
  test.each([
    ['JSON that is no line', ['null', '1', '"x"', '[]', '{}', '{"__proto__":{"chain":1}}']],
    ['nesting without end', ['['.repeat(60_000), '{"a":'.repeat(12_000)]],
    ['control characters', [controls, `{"chain":"${controls}","seq":0}`]],
    [
      'ids that are none, in lines that fit their hash',
      ['__proto__', controls, 'x'.repeat(50_000)].map((chain) =>
        withHash(JSON.stringify({ chain, seq: 0, prev: '', event: 'end', facts: {} })),
      ),
    ],
    ['numbers beyond all measure', [`{"chain":1e999,"seq":-1e999}`, '9'.repeat(60_000)]],
    ['bytes that are no text', ['\u0000\u0001', Buffer.from([0xff, 0xfe]).toString('latin1')]],
    ['lines without end', ['x'.repeat(100_000)]],
  ])('is detected, and never printed: %s', async (_what, hostile) => {
    const { lines, ok } = await verify(joinLines([...intact, ...hostile]))
    expect(ok).toBe(false)
    expect(lines).toHaveLength(hostile.length + 1)
    expect(lines.join('\n')).toMatch(/^[ -~\n]*$/)
    expect(lines.join('').length).toBeLessThan(1_000)
  })

  test('changed lines of malformed chains create no chain', async () => {
    const strange = line(1)
      .replace('"seq":0', '"seq":5')
      .replace(/"chain":"\w{8}/, '"chain":"00000000')
    const { lines } = await verify(joinLines([...intact, strange]))
    expect(lines).toEqual([
      'line 11: changed, for it does not fit its own hash',
      '2 chains, 11 lines: 1 finding',
    ])
  })

  test('findings beyond a limit are only counted', async () => {
    const { lines } = await verify('no\n'.repeat(5_000))
    expect(lines).toHaveLength(1_002)
    expect(lines.at(-1)).toBe('0 chains, 5,000 lines: 5,001 findings (the first 1,000 findings above)')
  })

  test.each([
    [maxLineBytes, 'no line of an audit log, or only a part of one'],
    [maxLineBytes + 1, 'longer than this log writes any'],
    [3 * 1024 * 1024, 'longer than this log writes any'],
  ])('of a line of %i bytes, no more is held in memory than this log writes', async (length, says) => {
    const { lines } = await verify(joinLines([...intact, 'x'.repeat(length), line(1)]))
    expect(lines.slice(0, 2)).toEqual([`line 11: ${says}`, expect.stringMatching(/^line 12: seq 0 of /)])
  })
})

test.each([
  ['a file that is not there', () => join(folder, 'none'), /^There is no such file: .*QUALYS_AUDIT_FILE/],
  ['a folder', () => folder, /^The audit log is no regular file: name the one/],
  ['a device', () => '/dev/null', /^The audit log is no regular file: name the one/],
  ['an invalid name', () => 'a\0b', /cannot be read/],
])('%s is a sentence', async (_what, place, sentence) => {
  await expect(verifyAudit(place())).rejects.toThrow(SettingsError)
  await expect(verifyAudit(place())).rejects.toThrow(sentence)
})
