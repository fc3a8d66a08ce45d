import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeOutput, decodeText } from '../../../src/shared/text-decoding.ts'
import { checkProperty, wellFormed, withoutLoneSurrogates } from '../../support/properties/property.ts'

// Any bytes are a text, and a bad byte changes nothing but itself.

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)),
  wellFormed().map((text) => Buffer.from(text)),
  wellFormed().map((text) => Buffer.from(text, 'utf16le')),
  wellFormed().map((text) => Buffer.from(text, 'latin1')),
)

test('any bytes, one after another or cut, are a text without half letters', () => {
  checkProperty(fc.tuple(bytes, bytes, fc.nat(400)), 3_000, ([first, second, length]) => {
    const text = decodeText(Buffer.concat([first, second]).subarray(0, length))
    expect(withoutLoneSurrogates(text)).toBe(text)
    expect(text.length).toBeLessThanOrEqual(length)
  })
})

test('UTF-8 is read as it is', () => {
  checkProperty(wellFormed(), 2_000, (text) => {
    fc.pre(!text.includes('\0') && !text.startsWith('\ufeff'))
    expect(decodeText(Buffer.from(text))).toBe(text)
    expect(decodeOutput(Buffer.from(text))).toBe(text)
  })
})

test('UTF-16 is read as it is after its mark, in either order', () => {
  checkProperty(wellFormed(), 1_000, (text) => {
    const marked = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect(decodeText(marked)).toBe(text)
    expect(decodeText(Buffer.from(marked).swap16())).toBe(text)
  })
})

const badBytes = fc.constantFrom(0xc0, 0xc1, 0xf5, 0xf8, 0xfe, 0xff)

test('one bad byte in UTF-8 is one sign, and changes nothing else', () => {
  const texts = wellFormed().filter((text) => !text.includes('\0') && /[^\0-\x7f]/.test(text))
  checkProperty(fc.tuple(texts, texts, badBytes), 2_000, ([before, after, bad]) => {
    fc.pre(!before.startsWith('\ufeff'))
    const whole = Buffer.concat([Buffer.from(before), Buffer.of(bad), Buffer.from(after)])
    expect(decodeText(whole)).toBe(`${before}\ufffd${after}`)
  })
})

test('ASCII is kept around any bytes from 80 on', () => {
  const ascii = fc.string({ unit: fc.constantFrom(...'abc XYZ019\n\t~!'), maxLength: 20 })
  const high = fc.uint8Array({ min: 0x80, maxLength: 6 })
  checkProperty(fc.tuple(ascii, high, ascii, high, ascii), 3_000, ([a, x, b, y, c]) => {
    const whole = Buffer.concat([Buffer.from(a), x, Buffer.from(b), y, Buffer.from(c)])
    // A mark at the head says otherwise.
    fc.pre(!/^\xff\xfe|^\xfe\xff/.test(whole.toString('latin1')))
    expect(decodeText(whole).replace(/[^\0-\x7f]/g, '')).toBe(a + b + c)
  })
})
