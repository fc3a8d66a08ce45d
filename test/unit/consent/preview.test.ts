import { describe, expect, test } from 'vitest'
import { factsOf, type PreviewInput } from '../../../src/tools/effects/preview/facts.ts'
import type { PreviewParts } from '../../../src/tools/effects/preview/preview.ts'
import { wholeText } from '../../../src/tools/effects/preview/text.ts'
import { expectWellFormed, valuesIn } from '../../support/consent/previews.ts'
import { effectNamed } from '../../support/effects/in-memory.ts'

const previewOf = (input: PreviewInput): string => wholeText({ facts: factsOf(input), notes: [] })

// How arguments are shown: short ones on their line, long ones in pieces, all of them whole.

const nothing: PreviewParts = { counts: [], lines: [], coveredArguments: new Set(), warnings: [] }

/** The lines of a preview between its head and the account. */
function linesFor(args: object, parts: Partial<PreviewParts> = {}, tool = 'car_clone_script'): string[] {
  const preview = previewOf({
    operation: effectNamed(tool),
    effect: 'create',
    args: { ...args },
    parts: { ...nothing, ...parts },
    account: 'here somebody',
  })
  expectWellFormed(preview)
  const [head, ...lines] = preview.split('\n')
  expect(head).toMatch(/^Clone a script|^Update a script/)
  expect(lines.pop()).toBe('account: "here somebody"')
  return lines
}

describe('the order', () => {
  test('is title, effect and counts, warnings, lines, other arguments, account', () => {
    const preview = previewOf({
      operation: effectNamed('car_deactivate_schedule'),
      effect: 'update',
      args: { scheduleId: 'a', other: 1, none: undefined },
      parts: {
        counts: ['1 host', '2 tags'],
        lines: ['one', 'two'],
        coveredArguments: new Set(['scheduleId']),
        warnings: ['First.', 'Second.'],
      },
      account: 'here somebody',
    })
    expect(preview.split('\n')).toEqual([
      'Deactivate a schedule (update): 1 host, 2 tags',
      '! First.',
      '! Second.',
      'one',
      'two',
      'other: "1"',
      'account: "here somebody"',
    ])
  })

  test('has one count after a colon', () => {
    const preview = previewOf({
      operation: effectNamed('car_delete_report'),
      effect: 'delete',
      args: {},
      parts: { ...nothing, counts: ['1 host'] },
      account: 'x',
    })
    expect(preview).toMatch(/^Delete a report \(delete\): 1 host\n/)
  })

  test('has no colon where nothing is counted, and the warnings of the operation after those of its parts', () => {
    const preview = previewOf({
      operation: effectNamed('car_delete_report'),
      effect: 'delete',
      args: { reportId: 'r1' },
      parts: { ...nothing, warnings: ['First.'] },
      account: 'x',
    })
    expect(preview).toBe(
      'Delete a report (delete)\n! First.\n! A deleted report cannot be brought back.\nreportId: "r1"\naccount: "x"',
    )
  })
})

describe('a value', () => {
  test.each([
    ['a number', 5, '"5"'],
    ['a boolean', false, '"false"'],
    ['a list', ['a', 'b'], '"a", "b"'],
    ['a list of numbers', [1, 2], '"1", "2"'],
    ['an object', { a: [1], b: 'x"y' }, String.raw`"{\"a\":[1],\"b\":\"x\\\"y\"}"`],
    ['a parameter', { key: 'path', value: 'C:\\' }, String.raw`"path=C:\\"`],
    [
      'a parameter of two lines',
      { key: 'path', value: '/tmp # safe\nrm -rf /' },
      String.raw`"path=/tmp # safe\nrm -rf /"`,
    ],
    ['a secret parameter', { key: 'password', secret: 'db' }, '"password=(secret db)"'],
    [
      'a value like a secret',
      { key: 'a', value: '(secret db)' },
      String.raw`"{\"key\":\"a\",\"value\":\"(secret db)\"}"`,
    ],
    ['a key with a sign', { key: 'a=b', value: 'c' }, String.raw`"{\"key\":\"a=b\",\"value\":\"c\"}"`],
    ['a script', { id: 5 }, '"5"'],
    ['a script with a title', { id: 5, title: 'T' }, '"5", "5 title T"'],
    ['a script with parameters', { id: 5, params: [{ key: 'a', value: '1' }] }, '"5", "5 a=1"'],
    [
      'a script with a parameter like a title',
      { id: 5, params: [{ key: 'title x', value: '1' }] },
      String.raw`"{\"id\":5,\"params\":[{\"key\":\"title x\",\"value\":\"1\"}]}"`,
    ],
    ['an object with more', { id: 5, colour: 'red' }, String.raw`"{\"id\":5,\"colour\":\"red\"}"`],
    ['an empty text', '', '""'],
  ])('%s', (_what, given, shown) => {
    expect(linesFor({ given })).toEqual([`given: ${shown}`])
  })

  test.each([80, 81])('of %i characters', (length) => {
    const text = `${'x'.repeat(length - 1)}y`
    expect(linesFor({ text })).toEqual(
      length === 80 ? [`text: "${text}"`] : ['text (1 value):', `  "${'x'.repeat(80)}"`, '    "y"'],
    )
  })

  test('that is a list of ten stands on one line', () => {
    const list = Array.from({ length: 10 }, (_, at) => `v${at}`.padEnd(40, 'x'))
    expect(linesFor({ list })).toEqual([`list: ${list.map((text) => `"${text}"`).join(', ')}`])
  })

  test('that is a list of more stands on lines of about a hundred characters, all of it', () => {
    const list = Array.from({ length: 500 }, (_, at) => `POS-${String(at).padStart(4, '0')}`)
    const lines = linesFor({ list })
    expect(lines.slice(0, 2)).toEqual([
      'list: "POS-0000", "POS-0001", "POS-0002", "POS-0003", "POS-0004", "POS-0005", "POS-0006",',
      '  "POS-0007", "POS-0008", "POS-0009", "POS-0010", "POS-0011", "POS-0012", "POS-0013", "POS-0014",',
    ])
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(valuesIn(lines.join('\n'))).toEqual(list)
  })

  test.each([640, 641, 9_000])('of %i characters is shown in pieces, all of it', (length) => {
    const lines = linesFor({ text: `${'x'.repeat(length - 1)}y` })
    expect(lines.slice(0, 3)).toEqual(['text (1 value):', `  "${'x'.repeat(80)}"`, `    "${'x'.repeat(80)}"`])
    expect(lines).toHaveLength(1 + Math.ceil(length / 80))
    expect(lines.at(-1)).toMatch(/y"$/)
  })

  test('of two long texts: where each begins is seen', () => {
    const [one, other] = ['a'.repeat(81), 'b'.repeat(81)]
    expect(linesFor({ list: [one, other] })).toEqual([
      'list (2 values):',
      `  "${'a'.repeat(80)}"`,
      '    "a"',
      `  "${'b'.repeat(80)}"`,
      '    "b"',
    ])
  })

  test('is counted as it is spelled out', () => {
    const text = '\u200b'.repeat(12)
    expect(linesFor({ text })).toEqual([
      'text (1 value):',
      `  "${'\\u{200b}'.repeat(10)}"`,
      `    "${'\\u{200b}'.repeat(2)}"`,
    ])
  })

  test('of a million characters is shown whole', () => {
    const lines = linesFor({ text: '\u001b[;'.repeat(300_000) })
    expect(lines).toHaveLength(1 + 300_000 / 10)
  })

  test.each([
    ['named', ['named']],
    ['other', []],
  ])('covered by another line is not shown again: %s', (name, hidden) => {
    expect(linesFor({ [name]: 'x' }, { coveredArguments: new Set(hidden) })).toEqual(
      hidden.length > 0 ? [] : ['other: "x"'],
    )
  })
})

describe('the new content of a script', () => {
  test('stands below the arguments, and is shown once', () => {
    const content = ['content: 1 line', '  "echo 1"']
    expect(
      linesFor({ content: 'echo 1', comment: 'why' }, { content, coveredArguments: new Set(['content']) }),
    ).toEqual(['comment: "why"', ...content])
  })

  test('that no preview of content shows is a value', () => {
    expect(linesFor({ content: 5 })).toEqual(['content: "5"'])
  })
})
