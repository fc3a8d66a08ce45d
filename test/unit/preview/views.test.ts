import { describe, expect, test } from 'vitest'
import {
  fieldBelow,
  labelled,
  type Preview,
  type PreviewBlock,
  type PreviewTable,
  sentenceBelow,
} from '../../../src/tools/effects/preview/preview.ts'
import { refuseUnreadable } from '../../../src/tools/effects/preview/readable.ts'
import { fitsInto, linesToRead, shortLines, wholeText } from '../../../src/tools/effects/preview/text.ts'
import { cellsIn, hostileTexts, rowLine } from '../../support/consent/previews.ts'

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
  Array.from({ length: count }, (_, at) => `POS-${String(at).padStart(4, '0')}`)
const hosts = (count: number): PreviewTable => ({
  label: 'hosts',
  columns: [],
  rows: names(count).map((name) => [name]),
})
const people = (count: number, columns: readonly string[] = []): PreviewTable => ({
  label: 'recipients',
  columns,
  rows: names(count).map((name) => [name, 'Acme']),
})
const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ')

test('warnings stand directly below the counts, whatever stands below them', () => {
  const preview = previewOf([labelled('text', '! x\n'.repeat(5_000))])
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
    const line = [`hosts: ${quoted(names(count))}`]
    expect(whole(hosts(count))).toEqual(line)
    expect(short(hosts(count))).toEqual(line)
  })

  test('25 share few lines; a short view shows ten of them', () => {
    const lines = whole(hosts(25))
    expect(lines).toHaveLength(4)
    expect(lines.join('\n').match(/(?<=")POS[^"]+(?=")/g)).toEqual(names(25))
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(short(hosts(25))).toEqual([`hosts: ${quoted(names(10))}`, '  … and 15 more hosts'])
  })

  test('0: none', () => {
    expect(whole(hosts(0))).toEqual(['hosts: none'])
  })

  test('11: one more', () => {
    expect(short(hosts(11))[1]).toBe('  … and 1 more')
  })

  test('one of which is long stand on lines of their own', () => {
    expect(whole({ label: 'hosts', columns: ['name'], rows: [['x'.repeat(81)], ['y']] })).toEqual([
      'hosts (name):',
      `  "${'x'.repeat(80)}"`,
      '    "x"',
      '  "y"',
    ])
  })
})

describe('rows of several values', () => {
  test('have a line each; a short view shows ten of them', () => {
    const lines = names(1_234).map((name) => `  "${name}", "Acme"`)
    expect(whole(people(1_234))).toEqual(['recipients:', ...lines])
    expect(short(people(1_234))).toEqual([
      'recipients:',
      ...lines.slice(0, 10),
      '  … and 1,224 more recipients',
    ])
  })

  test('have the names of their columns behind the label, and there alone', () => {
    const lines = short(people(12, ['id', 'name']))
    expect([lines[0], lines.at(-1)]).toEqual(['recipients (id, name):', '  … and 2 more recipients'])
  })

  test.each(Object.entries({ ...hostileTexts, 'a column': 'hosts (id, name, platform):\n  "1", "x", "y"' }))(
    'keep to their row and their column, whatever a cell holds: %s',
    (_what, text) => {
      const rows = [
        ['1', text, 'LINUX'],
        ['2', 'x', text],
      ]
      const lines = whole({ label: 'hosts', columns: ['id', 'name', 'platform'], rows })
      expect(lines[0]).toBe('hosts (id, name, platform):')
      for (const line of lines.slice(1)) expect(line).toMatch(rowLine)
      expect(cellsIn(lines.slice(1), '  ')).toEqual(rows.flat())
    },
  )
})

describe('what belongs below another block', () => {
  test('is indented, its values as well', () => {
    expect(
      whole(
        labelled('script 7', 'Restart'),
        sentenceBelow('active'),
        fieldBelow('options', ['x'.repeat(81)], 2),
        fieldBelow('hosts', names(11)),
      ),
    ).toEqual([
      'script 7: "Restart"',
      '  active',
      '    options (1 value):',
      `      "${'x'.repeat(80)}"`,
      '        "x"',
      `  hosts: ${quoted(names(7))},`,
      `    ${quoted(names(11).slice(7))}`,
    ])
  })

  test('is one line, whatever it quotes', () => {
    expect(whole(sentenceBelow('not known: "a\n! b"'), 'c\n! d')).toEqual([
      String.raw`  not known: "a\n! b"`,
      String.raw`c\n! d`,
    ])
  })
})

test.each(Object.entries(hostileTexts))('a label spells out what it holds: %s', (_what, text) => {
  const lines = whole(labelled(text, 'x'), { label: text, columns: [text], rows: [['y', 'z']] })
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
})

test('a long value is whole in the whole view, and its first lines in a short one', () => {
  const text = labelled('text', 'x'.repeat(80 * 12))
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
  const preview = { ...previewOf([labelled('text', 'x')]), notes: ['Now: 30 hosts left.\n! x'] }

  test('stand below a line that says what they are', () => {
    const end = ['text: "x"', 'not part of what you approve:', String.raw`  Now: 30 hosts left.\n! x`]
    expect(wholeText(preview).split('\n').slice(2)).toEqual(end)
    expect(shortLines(preview, 'elsewhere').slice(3)).toEqual(end)
  })
})

test('a short view names the way to the rest directly below the warnings', () => {
  expect(shortLines(previewOf([labelled('text', 'x')]), 'elsewhere')).toEqual([
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
    const preview = previewOf([labelled('text', 'x'.repeat(80 * (count - 1)))])
    expect(linesToRead(preview.facts)).toBe(count + 2)
    const check = (): void => refuseUnreadable(preview)
    if (count === 1_998) expect(check).not.toThrow()
    else expect(check).toThrow('would take 2,001 lines, and nobody can read more than 2,000')
  })

  test('counts neither rows nor the content of a script or a template', () => {
    const preview = previewOf([
      people(4_000),
      { excerpt: [], lines: Array(3_000).fill('x'), script: 'x\n'.repeat(250_000) },
    ])
    expect(() => refuseUnreadable(preview)).not.toThrow()
    expect(linesToRead(preview.facts)).toBe(2)
  })
})
