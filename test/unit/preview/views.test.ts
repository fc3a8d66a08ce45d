import { describe, expect, test } from 'vitest'
import {
  fitsInto,
  line,
  linesToRead,
  type Preview,
  type PreviewBlock,
  shortLines,
  wholeText,
} from '../../../src/tools/effects/preview/preview.ts'
import { refuseUnreadable } from '../../../src/tools/effects/preview/readable.ts'

// The whole view shows everything; a short one shows the first of each group, and the way to the rest.

const previewOf = (blocks: readonly PreviewBlock[], more: Partial<Preview['facts']> = {}): Preview => ({
  facts: { headline: 'Run a script (execute)', warnings: ['It reboots.'], blocks, ...more },
  notes: [],
})
const whole = (...blocks: readonly PreviewBlock[]): string[] =>
  wholeText(previewOf(blocks)).split('\n').slice(2)
const short = (...blocks: readonly PreviewBlock[]): string[] =>
  shortLines(previewOf(blocks), 'elsewhere').slice(3)
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `"POS-${String(at).padStart(4, '0')}"`)
const people = (count: number): string[] => names(count).map((name) => `${name}, "Acme"`)

test('warnings stand directly below the counts, whatever stands below them', () => {
  const preview = previewOf([line('text', '! x\n'.repeat(5_000))])
  for (const lines of [wholeText(preview).split('\n'), shortLines(preview, 'elsewhere')]) {
    expect(lines.slice(0, 2)).toEqual(['Run a script (execute)', '! It reboots.'])
    expect(lines.slice(2).filter((text) => text.startsWith('!'))).toEqual([])
  }
})

test('a warning is one line, whatever it quotes', () => {
  const preview = previewOf([], { warnings: ['It holds "a\n! b\u2028c".'] })
  expect(wholeText(preview).split('\n')).toEqual([
    'Run a script (execute)',
    String.raw`! It holds "a\n! b\u{2028}c".`,
  ])
})

describe('rows of names', () => {
  test.each([1, 10])('%i stand on one line', (count) => {
    const line = [`hosts: ${names(count).join(', ')}`]
    expect(whole({ label: 'hosts', rows: names(count) })).toEqual(line)
    expect(short({ label: 'hosts', rows: names(count) })).toEqual(line)
  })

  test('25 share few lines; a short view shows ten of them', () => {
    const hosts = { label: 'hosts', rows: names(25) }
    const lines = whole(hosts)
    expect(lines).toHaveLength(4)
    expect(lines.join('\n').match(/"[^"]+"/g)).toEqual(names(25))
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(short(hosts)).toEqual([`hosts: ${names(10).join(', ')}`, '  … and 15 more hosts'])
  })

  test('0: none', () => {
    expect(whole({ label: 'hosts', rows: [] })).toEqual(['hosts: none'])
  })

  test('11: one more', () => {
    expect(short({ label: 'hosts', rows: names(11) })[1]).toBe('  … and 1 more')
  })
})

describe('rows of several values', () => {
  test('have a line each; a short view shows ten of them', () => {
    const rows = { label: '  recipients', rows: people(1_234) }
    expect(whole(rows)).toEqual(['  recipients:', ...people(1_234).map((row) => `    ${row}`)])
    expect(short(rows)).toEqual([
      '  recipients:',
      ...people(10).map((row) => `    ${row}`),
      '    … and 1,224 more recipients',
    ])
  })

  test('the names of the columns belong to the label alone', () => {
    const rows = { label: 'recipients (id, name)', rows: people(12) }
    expect(short(rows).at(-1)).toBe('  … and 2 more recipients')
  })

  test('with a long value are indented', () => {
    const rows = [line('user', 'x'.repeat(81)), '"y"']
    expect(whole({ label: 'users', rows })).toEqual([
      'users:',
      '  user (1 value):',
      `    "${'x'.repeat(80)}"`,
      '      "x"',
      '  "y"',
    ])
  })
})

test('a long value is whole in the whole view, and its first lines in a short one', () => {
  const text = line('text', 'x'.repeat(80 * 12))
  expect(whole(text)).toHaveLength(13)
  expect(short(text)).toEqual([...whole(text).slice(0, 10), '  … and 3 more lines'])
})

describe('a script', () => {
  const script = 'echo 1\r\necho "2"\n\techo 3\recho 4'
  const block = { excerpt: ['  "echo 1"', '  (3 more lines)'], lines: ['content: 4 lines'], script }

  test('is whole in the whole view, each line with its number, and an excerpt in a short one', () => {
    expect(whole(block)).toEqual([
      'content: 4 lines',
      String.raw`  1 "echo 1\r"`,
      String.raw`  2 "echo \"2\""`,
      String.raw`  3 "\techo 3\r"`,
      '  4 "echo 4"',
    ])
    expect(short(block)).toEqual(block.excerpt)
  })

  test('shows base64, signatures and long lines in full', () => {
    const long = `x = '${'QUJD'.repeat(100)}'`
    const lines = whole({ excerpt: [], lines: [], script: `${long}\n${' '.repeat(200)}; reboot` })
    const shown = lines.map((text) => /"(.*)"$/.exec(text)?.[1] ?? '')
    expect(shown.slice(0, 6).join('')).toBe(long)
    expect(shown.slice(6).join('')).toBe(`${' '.repeat(200)}; reboot`)
  })
})

describe('notes', () => {
  const preview = { ...previewOf(['text: "x"']), notes: ['Now: 30 hosts left.\n! x'] }

  test('stand below a line that says what they are', () => {
    const end = ['text: "x"', 'not part of what you approve:', String.raw`  Now: 30 hosts left.\n! x`]
    expect(wholeText(preview).split('\n').slice(2)).toEqual(end)
    expect(shortLines(preview, 'elsewhere').slice(3)).toEqual(end)
  })
})

test('a short view names the way to the rest directly below the warnings', () => {
  expect(shortLines(previewOf(['text: "x"']), 'elsewhere')).toEqual([
    'Run a script (execute)',
    '! It reboots.',
    'all of it: elsewhere',
    'text: "x"',
  ])
})

test.each([
  [58, true],
  [59, false],
])('60 lines fit into a form: %i lines below the head', (count, fits) => {
  expect(fitsInto(60, previewOf(Array(count).fill('x: "y"')))).toBe(fits)
})

describe('what nobody can read', () => {
  test.each([1_998, 1_999])('begins above 2,000 lines: %i below the head', (count) => {
    const preview = previewOf([line('text', 'x'.repeat(80 * (count - 1)))])
    expect(linesToRead(preview.facts)).toBe(count + 2)
    const check = (): void => refuseUnreadable(preview)
    if (count === 1_998) expect(check).not.toThrow()
    else expect(check).toThrow('would take 2,001 lines, and nobody can read more than 2,000')
  })

  test('counts neither rows nor the content of a script or a template', () => {
    const preview = previewOf([
      { label: 'recipients', rows: people(4_000) },
      { excerpt: [], lines: Array(3_000).fill('x'), script: 'x\n'.repeat(250_000) },
    ])
    expect(() => refuseUnreadable(preview)).not.toThrow()
    expect(linesToRead(preview.facts)).toBe(2)
  })
})
