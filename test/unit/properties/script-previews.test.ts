import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceOf } from '../../../src/tools/effects/preview/content/difference.ts'
import { excerpt } from '../../../src/tools/effects/preview/content/excerpt.ts'
import { differenceLines } from '../../../src/tools/effects/preview/content/rows.ts'
import { segmentsOf } from '../../../src/tools/effects/preview/content/segments.ts'
import type { ScriptLanguage } from '../../../src/tools/effects/targets/script-language.ts'
import {
  base64Lines,
  base64Of,
  linesFrom,
  scriptFrom,
  signatureLines,
} from '../../support/preview/scripts.ts'
import { anyText, checkAsyncProperty, checkProperty } from '../../support/properties/property.ts'

// Every line of a script is shown, or counted on a line that says so: none is lost.

const languages: readonly ScriptLanguage[] = [
  {},
  ...['PowerShell', 'Python', 'VBScript', 'Shell', 'Lua', 'Batch', 'JScript'].map((name) => ({ name })),
]

/** What scripts are made of: several lines, perhaps with an end of their own. */
const part: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: anyText(6) },
  fc.constantFrom(
    ...[
      '',
      'code',
      '# words',
      '<#',
      '#>',
      '"""',
      "' words",
      'REM words',
      '-- words',
      '// words',
      '#!/bin/sh',
    ],
    ...['# SIG # Begin signature block', '# SIG # End signature block', `# ${base64Of(64)}`, 'x'.repeat(700)],
    ...[signatureLines(7).join('\n'), base64Lines(5).join('\r\n'), `x = '${base64Of(250)}'`],
    ...[Array(20).fill('# licence').join('\n'), 'https://svc:Secret12345@repo.example/x', ' '.repeat(90)],
  ),
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n')

const script: fc.Arbitrary<string> = fc
  .array(fc.tuple(part, lineEnd), { maxLength: 60, size: 'max' })
  .map((parts) => parts.map((pair) => pair.join('')).join(''))

const countIn = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))

/** The number of lines that a row of an excerpt stands for: the rows of a long line count once. */
function linesOfRow(row: string): number {
  const [, folded] = /^ {2}(?:comment|signature block), ([\d,]+) lines?, /.exec(row) ?? []
  const [, run] = /^ {2}base64, [\d,]+ characters on ([\d,]+) lines?, /.exec(row) ?? []
  const [, left] = /^ {2}\(([\d,]+) more lines?\)$/.exec(row) ?? []
  if (folded ?? run ?? left) return countIn(folded ?? run ?? left)
  return /^ {2}(?! )/.test(row) ? 1 : 0
}

test('every line is in one segment', () => {
  checkProperty(fc.tuple(script, fc.constantFrom(...languages)), 100, ([content, language]) => {
    const { lines } = scriptFrom(content)
    expect(segmentsOf(lines, language).flatMap((segment) => segment.lines)).toEqual(lines)
    expect(lines.map(({ text, end }) => `${text}${end}`).join('')).toBe(scriptFrom(content).content.text)
  })
})

test('an excerpt shows or counts every line', () => {
  checkProperty(fc.tuple(script, fc.constantFrom(...languages)), 100, ([content, language]) => {
    const lines = linesFrom(content)
    const rows = excerpt(segmentsOf(lines, language), 40)
    expect(
      rows.reduce((sum, row) => sum + linesOfRow(row), 0),
      rows.join('\n'),
    ).toBe(lines.length)
    expect(rows.join('\n')).not.toContain('Secret12345')
  })
})

/** The number of new lines that a row of a difference stands for. */
function newLinesOfRow(row: string): number {
  const [, folded] =
    /^ {2}[+ ] +\d+ (?:comment|signature block|base64, [\d,]+ characters on),? ([\d,]+) lines?, /.exec(row) ??
    []
  const [, counted] = /^ {2}\(([\d,]+) (?:more lines? added|lines? alike)/.exec(row) ?? []
  const [, twins] = /^ {2}\(shown alike but different: ([\d,]+) more/.exec(row) ?? []
  const [, added, alike] =
    /^ {2}\(.* removed, ([\d,]+) lines? added; ([\d,]+) lines? alike\)$/.exec(row) ?? []
  if (added !== undefined) return countIn(added) + countIn(alike)
  if (folded ?? counted ?? twins) return countIn(folded ?? counted ?? twins)
  return /^ {2}(?:[+ ] +\d+ [^ ]|line [\d,]+ differs )/.test(row) ? 1 : 0
}

test('a difference shows or counts every new line', async () => {
  const edited = fc.tuple(
    fc.array(part, { maxLength: 60, size: 'max' }),
    fc.array(part, { maxLength: 60, size: 'max' }),
    fc.nat(),
    fc.nat(60),
    fc.constantFrom(...languages),
  )
  await checkAsyncProperty(edited, 60, async ([parts, others, place, removed, language]) => {
    const at = parts.length === 0 ? 0 : place % parts.length
    const [stored, added] = [parts, parts.toSpliced(at, removed, ...others)].map((list) => list.join('\n'))
    const lines = linesFrom(added ?? '')
    const { excerpt, whole } = await differenceOf(linesFrom(stored ?? ''), lines, language)
    const all = [whole.summary, ...differenceLines(whole)]
    for (const rows of [excerpt, all]) {
      expect(rows.join('\n')).not.toContain('Secret12345')
      if (rows.length === 1) return
      expect(
        rows.reduce((sum, row) => sum + newLinesOfRow(row), 0),
        rows.join('\n'),
      ).toBe(lines.length)
    }
    expect(all.join('\n')).not.toMatch(/more line|more change/)
  })
})
