import { describe, expect, test } from 'vitest'
import { differenceOf } from '../../../src/tools/effects/preview/content/difference.ts'
import { formDifferences } from '../../../src/tools/effects/preview/content/facts.ts'
import { base64Of, linesFrom, scriptFrom, sha256, signatureLines } from '../../support/preview/scripts.ts'

// The difference between a stored script and a new one.

const compare = (stored: string, added: string) => differenceOf(linesFrom(stored), linesFrom(added), {})
const between = async (stored: string, added: string): Promise<readonly string[]> =>
  (await compare(stored, added)).excerpt
const numbered = (count: number, word = 'line'): string[] =>
  Array.from({ length: count }, (_, at) => `${word} ${at + 1}`)

test('shows what was removed and added with its number, and a line or two around it', async () => {
  const lines = numbered(12)
  const added = [...lines.slice(0, 5), 'new "6"', 'new 6b', ...lines.slice(6)]
  expect(await between(`${lines.join('\n')}\n`, `${added.join('\n')}\n`)).toEqual([
    'difference to the stored content: 1 line removed, 2 lines added',
    '  (3 lines alike)',
    '     4 "line 4"',
    '     5 "line 5"',
    '  -  6 "line 6"',
    String.raw`  +  6 "new \"6\""`,
    '  +  7 "new 6b"',
    '     8 "line 7"',
    '     9 "line 8"',
    '  (4 lines alike)',
  ])
})

test.each([
  ['nothing', 'a\nb\n', 'a\nb\n', 'no line differs from the stored content'],
  ['line ends alone', 'a\nb\n', 'a\r\nb\r\n', 'no line differs from the stored content'],
  ['a byte order mark alone', 'a\nb\n', '\uFEFFa\nb\n', 'no line differs from the stored content'],
])('%s', async (_what, stored, added, row) => {
  expect(await between(stored, added)).toEqual([row])
})

test.each<readonly [string, string, string, string[]]>([
  ['indentation', '  a', '    a', ['  - 1 "  a"', '  + 1 "    a"']],
  ['a tab', '  a', '\ta', ['  - 1 "  a"', '  + 1 "\\ta"']],
  ['quotes', "echo '$x'", 'echo "$x"', [`  - 1 "echo '$x'"`, String.raw`  + 1 "echo \"$x\""`]],
  ['a blank at the end', 'a', 'a ', ['  - 1 "a"', '  + 1 "a "']],
  ['a character that cannot be seen', 'ab', 'a\u200bb', ['  - 1 "ab"', '  + 1 "a\\u{200b}b"']],
  ['a blank of another kind', 'a b', 'a\u00a0b', ['  - 1 "a b"', '  + 1 "a\\u{a0}b"']],
  [
    'base64',
    base64Of(300, 'a'),
    base64Of(300, 'b'),
    ['a', 'b'].map(
      (seed) =>
        `  ${seed === 'a' ? '-' : '+'} 1 base64, 300 characters, sha256 ${sha256(base64Of(300, seed))}`,
    ),
  ],
])('%s that differs is seen', async (_what, stored, added, rows) => {
  expect((await between(stored, added)).slice(1)).toEqual(rows)
})

test('a line that differs under a mask is said to', async () => {
  const script = (word: string): string => `a\ncurl https://svc:${word}@repo.example/x\nb\n`
  expect(await between(script('Secret12345'), script('Secret12346'))).toEqual([
    'difference to the stored content: 1 line removed, 1 line added',
    '    1 "a"',
    '  line 2 differs under a mask',
    '    3 "b"',
  ])
})

test('the character that covers secrets is no mask where a script holds it', async () => {
  expect((await between('a\n', 'a\uffff\uffff\n')).slice(1)).toEqual([
    '  - 1 "a"',
    '  + 1 "a\\u{fffe}\\u{fffe}"',
  ])
  expect((await between('a\ufffe', 'a\uffff')).slice(1)).toEqual([
    '  line 1 differs in characters that are shown alike',
  ])
})

test('a line with a mask that differs elsewhere is shown', async () => {
  const rows = await between('curl https://svc:Secret12345@a/x', 'curl https://svc:Secret12345@b/x')
  expect(rows.slice(1)).toEqual([
    '  - 1 "curl https://[masked-by-qualys-mcp]@a/x"',
    '  + 1 "curl https://[masked-by-qualys-mcp]@b/x"',
  ])
})

test('a tab and the text that stands for one differ', async () => {
  expect((await between('a\\tb', 'a\tb')).slice(1)).toEqual([
    String.raw`  - 1 "a\\tb"`,
    String.raw`  + 1 "a\tb"`,
  ])
})

test('within a long line, what differs is shown', async () => {
  const rows = await between(
    `${'x '.repeat(2_000)}A${' y'.repeat(2_000)}`,
    `${'x '.repeat(2_000)}B${' y'.repeat(2_000)}`,
  )
  expect(rows.slice(1)).toEqual([
    '  - 1 (3,960 characters alike)',
    expect.stringMatching(/^ {8}"(x ){20}A( y){19} "$/),
    '        "y"',
    '        (3,960 characters alike)',
    '  + 1 (3,960 characters alike)',
    expect.stringMatching(/^ {8}"(x ){20}B( y){19} "$/),
    '        "y"',
    '        (3,960 characters alike)',
  ])
})

test('how far a guess of a secret in a long line is right is not told', async () => {
  const script = (word: string, end: string): string =>
    `${'x '.repeat(1_000)}https://svc:${word}@repo.example/${' y'.repeat(1_000)}${end}${' z'.repeat(1_000)}`
  const guess = (word: string): Promise<readonly string[]> =>
    between(script('Secret12345', 'A'), script(word, 'B'))
  const rows = await guess('Xecret12345')
  expect(rows[1]).toMatch(/^ {2}- 1 \([\d,]+ characters alike\)$/)
  expect(await guess('Secret1234X')).toEqual(rows)
})

test('a signature block that was replaced is one line on each side', async () => {
  const rows = await between(
    ['a', ...signatureLines(190, 'old')].join('\n'),
    ['b', ...signatureLines(190, 'new')].join('\n'),
  )
  expect(rows).toHaveLength(5)
  expect(rows[2]).toMatch(/^ {2}- {3}2 signature block, 190 lines, sha256 [0-9a-f]{64}$/)
  expect(rows[4]).toMatch(/^ {2}\+ {3}2 signature block, 190 lines, sha256 [0-9a-f]{64}$/)
})

describe('of many lines', () => {
  test('that were all replaced, the first and the last ones are shown, and the others are counted', async () => {
    const rows = await between(numbered(300, 'old').join('\n'), numbered(300, 'new').join('\n'))
    expect(rows.length).toBeLessThan(42)
    expect(rows).toContain('  (288 more lines removed)')
    expect(rows).toContain('  (288 more lines added)')
    expect(rows).toContain('  + 300 "new 300"')
  })

  test('that begin with a licence, the code is shown', async () => {
    const script = (word: string): string =>
      [...numbered(30, `# ${word}`), ...numbered(20, `${word} code`)].join('\n')
    const rows = await between(script('old'), script('new'))
    expect(rows.filter((row) => /^ {2}- +1 comment, 30 lines, /.test(row))).toHaveLength(1)
    expect(rows.filter((row) => /^ {2}\+ +1 comment, 30 lines, /.test(row))).toHaveLength(1)
    expect(rows).toContain('  + 31 "new code 1"')
  })

  test('in many places, the others are counted', async () => {
    const lines = numbered(300)
    const rows = await between(
      lines.join('\n'),
      lines.map((text, at) => (at % 5 === 0 ? `new ${at}` : text)).join('\n'),
    )
    expect(rows.length).toBeLessThan(45)
    expect(rows[0]).toBe('difference to the stored content: 60 lines removed, 60 lines added')
    expect(rows.join('\n')).toMatch(
      /\n {2}\(\d+ more changes: \d+ lines removed, \d+ lines added; \d+ lines alike\)\n/,
    )
  })

  test('that have nothing in common, the first and the last new ones are shown', async () => {
    const rows = await between(numbered(20_000, 'old').join('\n'), numbered(20_000, 'new').join('\n'))
    expect(rows.slice(0, 2)).toEqual([
      'too many lines differ from those that are stored to show each; of the new ones:',
      '  "new 1"',
    ])
    expect(rows).toContain('  (19,960 more lines)')
  })

  test('half of which were cut out, the rest is alike', async () => {
    const lines = numbered(20_000)
    const rows = await between(
      lines.join('\n'),
      [...lines.slice(0, 5_000), ...lines.slice(15_000)].join('\n'),
    )
    expect(rows[0]).toBe('difference to the stored content: 10,000 lines removed, 0 lines added')
    expect(rows).toContain('  (4,998 lines alike)')
  })
})

describe('what stands on no line', () => {
  test.each<readonly [string, string | Buffer, string | Buffer, string[]]>([
    ['nothing', 'a\n', 'b\n', []],
    ['line ends', 'a\r\nb\r\n', 'a\nb\n', ['line ends: CR LF -> LF']],
    ['some line ends', 'a\r\nb\nc\n', 'a\nb\nc\n', ['line ends: 2 LF, 1 CR LF -> LF']],
    ['line ends on other lines', 'a\r\nb\nc', 'a\nb\r\nc', ['line ends: 1 LF, 1 CR LF, on other lines']],
    ['a mark taken away', '\uFEFFa\n', 'a\n', ['byte order mark: removed']],
    ['a mark put before it', 'a\n', '\uFEFFa\n', ['byte order mark: added']],
    ['an end of the last line', 'a\nb', 'a\nb\n', ['line end at the end: added']],
    ['no end of the last line', 'a\nb\n', 'a\nb', ['line end at the end: removed']],
    ['an encoding', Buffer.from('\uFEFFabcd\n', 'utf16le'), 'abcd\n', ['encoding: utf-16le -> utf-8']],
    [
      'bytes that are no text',
      Buffer.concat([Buffer.from('漢字漢字 '), Buffer.of(0xff, 0x0a)]),
      '漢字漢字 \ufffd\n',
      ['bytes that are no text: replaced by U+FFFD'],
    ],
  ])('%s', (_what, stored, added, rows) => {
    expect(formDifferences(scriptFrom(stored), scriptFrom(added))).toEqual(rows)
  })
})
