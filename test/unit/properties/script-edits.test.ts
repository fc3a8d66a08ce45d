import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { checkProperty } from '../../support/properties/property.ts'
import { bytesIn, edited } from '../../support/script-edits/edited.ts'

// An edit of a random stretch of a random script, in every encoding and with every line end: the bytes outside stay,
// and the text is the expected one.

const unicode = ['é', 'ß', '漢字', '😀', '😁', '👩‍💻', '\ue0a0', '\u001b[31m', '\u200b', '\u00a0']
const western = ['é', 'ß', 'ü']
const ascii = ['a', 'b', 'Ab', ' ', '\t', 'echo ', '$x', '"', '\\', '{', '}', '#', '0', '12']

const encodings = {
  'utf-8': unicode,
  'utf-8 with mark': unicode,
  'utf-16le': western,
  'utf-16le with mark': unicode,
  'utf-16be': western,
  'utf-16be with mark': unicode,
  'windows-1252': western,
} as const
type Encoding = keyof typeof encodings

const lineOf = (letters: readonly string[]) =>
  fc.array(fc.constantFrom(...ascii, ...ascii, ...letters), { maxLength: 8 }).map((parts) => parts.join(''))

/** Lines, and one of them that tells the encodings apart. */
const scriptOf = (encoding: Encoding, ends: readonly string[]) =>
  fc
    .array(fc.tuple(lineOf(encodings[encoding]), fc.constantFrom(...ends)), { minLength: 2, maxLength: 12 })
    .map((lines) => `# é script${ends[0]}${lines.map((line) => line.join('')).join('')}`)

const anEdit = (encoding: Encoding) =>
  fc.record({
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 30 }),
    replace: fc
      .array(fc.oneof(lineOf(encodings[encoding]), fc.constantFrom('\n', '\r\n')), { maxLength: 4 })
      .map((parts) => parts.join('')),
  })

const withLineFeeds = (text: string): string => text.replace(/\r\n|\r|\n/g, '\n')

/** A stretch of whole letters that occurs once. */
function stretchOf(text: string, from: number, length: number): { start: number; end: number } {
  const letters = text.match(/\r\n|[\s\S]/gu) ?? []
  const first = from % letters.length
  const start = letters.slice(0, first).join('').length
  const end = start + letters.slice(first, first + length).join('').length
  const found = withLineFeeds(text.slice(start, end))
  const all = withLineFeeds(text)
  fc.pre(all.indexOf(found) === all.lastIndexOf(found))
  return { start, end }
}

const names = Object.keys(encodings) as Encoding[]

describe.each(names)('%s', (encoding) => {
  const check = (
    ends: readonly string[],
    runs: number,
    verify: (parts: { before: string; found: string; replace: string; after: string; text: string }) => void,
  ) =>
    checkProperty(fc.tuple(scriptOf(encoding, ends), anEdit(encoding)), runs, ([script, edit]) => {
      const bytes = bytesIn(encoding, script)
      const stored = new StoredText(bytes)
      const mark = stored.text.startsWith('\ufeff') ? '\ufeff' : ''
      expect([stored.text, stored.encoding]).toEqual([mark + script, encoding.split(' ')[0]])
      const { start, end } = stretchOf(script, edit.from, edit.length)
      const [before, found, after] = [script.slice(0, start), script.slice(start, end), script.slice(end)]
      // Whichever line ends a model writes.
      const find = edit.from % 2 === 0 ? withLineFeeds(found) : found
      fc.pre(withLineFeeds(found) !== withLineFeeds(edit.replace))
      fc.pre(!/^(?:\r\n|\r|\n)$/.test(find) || !/^(?:\r\n|\r|\n)$/.test(edit.replace))
      fc.pre((before + edit.replace + after).trim() !== '')
      const result = edited(bytes, [{ find, replace: edit.replace }])
      expect(result.problem).toBeUndefined()
      const head = bytesIn(encoding, before)
      const tail = bytesIn(encoding.split(' ')[0] ?? '', after)
      expect(result.bytes.subarray(0, head.length).equals(head)).toBe(true)
      expect(result.bytes.subarray(result.bytes.length - tail.length).equals(tail)).toBe(true)
      const written = new StoredText(result.bytes).text
      verify({ before: mark + before, found, replace: edit.replace, after, text: written })
    })

  test.each([['\n'], ['\r\n'], ['\r']])('line ends %j', (lineEnd) => {
    check([lineEnd], 150, ({ before, replace, after, text }) =>
      expect(text).toBe(before + replace.replace(/\r\n|\n/g, lineEnd) + after),
    )
  })

  test('mixed line ends', () => {
    check(['\n', '\r\n'], 150, ({ before, replace, after, text }) => {
      expect(withLineFeeds(text)).toBe(withLineFeeds(before + replace + after))
    })
  })
})
