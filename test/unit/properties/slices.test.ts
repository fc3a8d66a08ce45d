import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { hiddenIn, safeText } from '../../../src/shared/safe-text.ts'
import { redactor } from '../../../src/shared/secrets.ts'
import { textLines } from '../../../src/tools/replies/slices/text-lines.ts'
import { checkAsyncProperty, checkProperty, wellFormed } from '../../support/properties/property.ts'
import { allLines, allSlices, readerOf } from '../../support/scripts/stored-script.ts'

// Whatever bytes are stored: the slices together are the stored text, and `exact` says whether they are its bytes.

const lineOf = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: wellFormed(4) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(wellFormed(3), fc.constantFrom(300, 3_000))
      .map(([text, times]) => text.repeat(times)),
  },
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '')
/** Anything that looks like a credential is masked, and so is not exact. */
const credential = /eyJ|ZXlK|bearer|basic|:\\*\/\\*\/|@/i
const script = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(lineOf, lineEnd), { maxLength: 12 }))
  .map(([mark, lines]) => mark + lines.flat().join(''))
  .filter((text) => !credential.test(text))

const encodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.concat([Buffer.from(text), Buffer.of(0x83, 0x65, 0x0a)]),
]
const stored = fc.tuple(script, fc.constantFrom(...encodings)).map(([text, encode]) => encode(text))

test('the slices together are the stored text, within the budget in both forms', async () => {
  const budget = fc.constantFrom(2_000, 2_500, 24_000)
  await checkAsyncProperty(fc.tuple(stored, budget), 50, async ([bytes, most]) => {
    const read = readerOf(bytes, { environment: { QUALYS_REPLY_CHARS: String(most) } })
    const slices = await allSlices(async (args) => {
      const { structured } = await read(args, 'json')
      expect(JSON.stringify(structured).length).toBeLessThanOrEqual(most)
      expect((await read(args)).text.length).toBeLessThanOrEqual(most)
      return structured.rows[0]
    })
    const content = slices.map((slice) => slice.content).join('')
    expect(content).toBe(new StoredText(bytes).text)
    const isExact = Buffer.from(content).equals(bytes)
    expect(slices.map(({ exact }) => exact)).toEqual(slices.map(() => isExact))
    expect(slices.every(({ encoding }) => (encoding === undefined) === isExact)).toBe(true)
  })
})

test('a slice ends between lines if a whole line fits', async () => {
  await checkAsyncProperty(stored, 40, async (bytes) => {
    const read = readerOf(bytes, { environment: { QUALYS_REPLY_CHARS: '2500' } })
    const lines = allLines(textLines(new StoredText(bytes), redactor([])))
    const slices = await allSlices(async (args) => (await read(args, 'json')).structured.rows[0])
    for (const { content, from, next } of slices) {
      if (next?.offset === undefined) continue
      // Fields, facts and notes take less than 1,200; JSON writes a character as six at most.
      expect(next.from, JSON.stringify(content)).toBe(from)
      expect((lines[from - 1]?.length ?? 0) * 6).toBeGreaterThan(1_300)
    }
  })
})

test('what is not told to be hidden is shown', () => {
  checkProperty(stored, 300, (bytes) => {
    const text = new StoredText(bytes)
    const read = textLines(text, redactor([]))
    const [lines, { notShown }] = [allLines(read), read]
    expect(lines.join('')).toBe(text.text)
    const shown = lines.map((line) => safeText(line)).join('')
    const isWhole = notShown.length === 0
    expect(isWhole && Buffer.from(shown).equals(bytes)).toBe(isWhole)
    // The other way round: only the missing line break at the end is no difference.
    if (shown === text.text && text.isExact)
      expect(notShown.filter((clause) => clause !== 'no line break at the end')).toEqual([])
  })
})

test('what is hidden in a text is what its lines lose', () => {
  const part = fc.constantFrom(
    '\u001b',
    '[',
    ']',
    '0',
    ';',
    'm',
    '\u0007',
    '\u009b',
    '\u200b',
    '\n',
    '\r',
    'é',
    '\ufeff',
    '\u009d',
    '\u00a0',
    '\u2800',
  )
  checkProperty(fc.oneof(script, fc.string({ unit: part })), 500, (written) => {
    const read = new StoredText(Buffer.from(written))
    // Bytes of UTF-8 with many zeros may be taken for UTF-16.
    const { text } = read
    let end = 0
    const kept = hiddenIn(text).map(({ from, to }) => {
      const before = text.slice(end, from)
      end = to
      return before
    })
    const shown = [...kept, text.slice(end)].map((part) => part.replace(/\r\n?/g, '\n')).join('')
    const lines = allLines(textLines(read, redactor([])))
    expect(shown.replace(/\p{Zs}/gu, ' ')).toBe(lines.map(safeText).join(''))
  })
})
