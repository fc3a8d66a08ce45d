import { describe, expect, test } from 'vitest'
import {
  factsOf,
  type PreviewInput,
  type PreviewParts,
  wholeText,
} from '../../../src/tools/effects/preview/preview.ts'
import { expectWellFormed } from '../../support/consent/previews.ts'
import { effectNamed } from '../../support/effects/in-memory.ts'

const previewOf = (input: PreviewInput): string => wholeText({ facts: factsOf(input), notes: [] })

// How arguments are shown: short ones on their line, long ones in pieces, and surplus ones as a count.

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
    ['an object', { a: [1], b: 'x"y' }, `"{'a':[1],'b':'x\\'y'}"`],
    ['a parameter', { key: 'path', value: 'C:\\' }, '"path=C:\\"'],
    ['a secret parameter', { key: 'password', secret: 'db' }, '"password=(secret db)"'],
    ['a script', { id: 5 }, '"5"'],
    ['a script with a title', { id: 5, title: 'T' }, '"5", "5 title T"'],
    ['a script with parameters', { id: 5, params: [{ key: 'a', value: '1' }] }, '"5", "5 a=1"'],
    ['an object with more', { id: 5, colour: 'red' }, `"{'id':5,'colour':'red'}"`],
    ['an empty text', '', '""'],
  ])('%s', (_what, given, shown) => {
    expect(linesFor({ given })).toEqual([`given: ${shown}`])
  })

  test.each([80, 81])('of %i characters', (length) => {
    const text = `${'x'.repeat(length - 1)}y`
    expect(linesFor({ text })).toEqual(
      length === 80 ? [`text: "${text}"`] : ['text (1 value):', `  "${'x'.repeat(80)}"`, '  "y"'],
    )
  })

  test.each([10, 11])('that is a list of %i', (count) => {
    const list = Array.from({ length: count }, (_, at) => `v${at}`)
    const quoted = list.map((text) => `"${text}"`)
    expect(linesFor({ list })).toEqual(
      count === 10
        ? [`list: ${quoted.join(', ')}`]
        : ['list (11 values):', ...quoted.map((text) => `  ${text}`)],
    )
  })

  test.each([100, 101, 103])('that is a list of %i shows a hundred', (count) => {
    const lines = linesFor({ list: Array.from({ length: count }, (_, at) => `v${at}`) })
    expect(lines[0]).toBe(`list (${count} values):`)
    expect(lines.filter((text) => /^ {2}"v\d+"$/.test(text))).toHaveLength(100)
    const more = { 100: [], 101: ['  (1 more value)'], 103: ['  (3 more values)'] }[count]
    expect(lines.slice(101)).toEqual(more)
  })

  test.each([640, 641, 900])('of %i characters is shown in eight pieces', (length) => {
    const lines = linesFor({ text: 'x'.repeat(length) })
    expect(lines.slice(0, 9)).toEqual(['text (1 value):', ...Array(8).fill(`  "${'x'.repeat(80)}"`)])
    const more = {
      640: [],
      641: ['  (about 1 more character on this line)'],
      900: ['  (about 260 more characters on this line)'],
    }[length]
    expect(lines.slice(9)).toEqual(more)
  })

  test('is counted as it is spelled out', () => {
    const text = '\u200b'.repeat(12)
    expect(linesFor({ text })).toEqual([
      'text (1 value):',
      `  "${'\\u{200b}'.repeat(10)}"`,
      `  "${'\\u{200b}'.repeat(2)}"`,
    ])
  })

  test('of a million characters is shown in pieces', () => {
    expect(linesFor({ text: '\u001b[;'.repeat(300_000) })).toHaveLength(10)
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
