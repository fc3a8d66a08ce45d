import { describe, expect, test } from 'vitest'
import { decodeOutput, decodeSlices, decodeText, isCertainText } from '../../../src/shared/text-decoding.ts'

// The text in bytes of hosts, of Qualys and of people: in the encoding that they show, and never spoiled by one bad
// byte.

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const utf16be = (text: string): Buffer => utf16(text).swap16()
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const join = (...parts: readonly (Buffer | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)))

const elf = join(
  [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0, 1, 0, 0, 0, 0x50, 0x10],
  [0, 0, 0, 0, 0, 0],
  utf8('/lib64/ld-linux-x86-64.so.2\0\0GNU\0'),
)

const kana = 'これはテストです\r\n'
const kanji = '日本語の文章、漢字\r\n'

/** A label, the bytes, and the text. */
const samples: readonly (readonly [label: string, bytes: Buffer, text: string])[] = [
  ['nothing', join(), ''],
  ['ASCII', utf8('total 3\n'), 'total 3\n'],
  ['UTF-8', utf8('prix 5 €, café'), 'prix 5 €, café'],
  ['UTF-8 with its mark', utf8('\ufeffcafé'), 'café'],
  ['UTF-8 with two marks', utf8('\ufeff\ufeffx'), '\ufeffx'],
  ['UTF-8 beyond the first plane', utf8('😀 \u{10ffff}'), '😀 \u{10ffff}'],
  ['UTF-8, pure Japanese', utf8(kanji), kanji],
  ['UTF-8, cut in a letter', join(utf8('prix 5 €, café, caf'), [0xc3]), 'prix 5 €, café, caf\ufffd'],
  ['UTF-8, cut in a long letter', join(utf8('5 '), utf8('€€').subarray(0, 5)), '5 €\ufffd'],
  ['UTF-8 with a bad byte', join(utf8('né '), [0xff], utf8(' là')), 'né \ufffd là'],
  ['UTF-8 with a letter of Latin 1', join(utf8('né caf'), latin1('é!')), 'né caf\ufffd!'],
  ['a sign alone shows UTF-8', join(utf8('5 €'), [0xff]), '5 €\ufffd'],
  ['UTF-8 that was spoiled before', join(utf8('caf\ufffd '), [0xff]), 'caf\ufffd \ufffd'],
  ['UTF-8 with its mark and no other letter', join(utf8('\ufeffcaf'), [0xe9]), 'caf\ufffd'],
  ['windows-1252', join([0x80, 0x20, 0xe9]), '€ é'],
  ['windows-1252, a quote', join([0x4f, 0x92, 0x42]), 'O’B'],
  ['windows-1252, letters', latin1('Größe, naïve'), 'Größe, naïve'],
  ['windows-1252, what has no sign', join([0x61, 0x81, 0x8d, 0x8f, 0x90, 0x9d]), `a${'\ufffd'.repeat(5)}`],
  ['UTF-16 with a mark', utf16('\ufeffGröße 漢字 😀'), 'Größe 漢字 😀'],
  ['UTF-16 with a mark, the other order', utf16be('\ufeffGröße 漢字 😀'), 'Größe 漢字 😀'],
  ['UTF-16 with a mark, cut', utf16('\ufeffGrö').subarray(0, 7), 'Gr\ufffd'],
  ['UTF-16 with a mark, half a letter', join(utf16('\ufeffa'), [0x3d, 0xd8], utf16('b')), 'a\ufffdb'],
  ['UTF-16', utf16('Größe\r\n'), 'Größe\r\n'],
  ['UTF-16, the other order', utf16be('Größe\r\n'), 'Größe\r\n'],
  ['UTF-16, ASCII alone', utf16('Get-Process\r\n'), 'Get-Process\r\n'],
  ['UTF-16, cut', utf16('Get-Process').subarray(0, 21), 'Get-Proces\ufffd'],
  ['UTF-16, the other order, cut', utf16be('Get-Process').subarray(0, 21), 'Get-Proces\ufffd'],
  ['UTF-16, pure Japanese', utf16(kana), kana],
  ['UTF-16, pure Japanese, the other order', utf16be(kanji), kanji],
  ['UTF-16, Japanese and ASCII', utf16(`Name: ${kanji}`), `Name: ${kanji}`],
  ['UTF-16, Russian', utf16('Привет, мир\r\n'), 'Привет, мир\r\n'],
  ['find -print0', utf8('./a\0./b\0./cc\0'), './a\0./b\0./cc\0'],
  ['find -print0, letters', utf8('./é\0./ü\0./日本\0'), './é\0./ü\0./日本\0'],
  ['find -print0, one letter each', utf8('./xé\0a\0b\0c\0'), './xé\0a\0b\0c\0'],
  ['/proc/1/cmdline', utf8('/sbin/init\0splash\0'), '/sbin/init\0splash\0'],
  ['/proc/2/cmdline', utf8('sh\0-c\0sleep 9\0'), 'sh\0-c\0sleep 9\0'],
  ['ELF', elf, elf.toString('utf8')],
  [
    'mixed: UTF-16 within ASCII',
    join(utf8('one\n'), utf16('two words\n'), utf8('three\n')),
    'one\ntwo words\nthree\n',
  ],
  ['mixed: UTF-16 within UTF-8', join(utf8('né\n'), utf16('Größe\n'), utf8('là\n')), 'né\nGröße\nlà\n'],
  [
    'mixed: UTF-16 within windows-1252',
    join(latin1('Über Größé'), utf16('Größe'), [0x93]),
    'Über GrößéGröße“',
  ],
  [
    'mixed: UTF-16 with its mark',
    join(utf8('line one\n'), utf16('\ufeffline two\n')),
    'line one\nline two\n',
  ],
  ['mixed: UTF-16 with a byte too many', join(utf16('one\n'), [0xff], utf16('two\n')), 'one\nÿtwo\n'],
]

test('there are samples of every kind', () => expect(samples.length).toBeGreaterThanOrEqual(40))

test.each(samples)('%s', (_label, bytes, text) => {
  expect(decodeText(bytes)).toBe(text)
  // The bytes may stand anywhere in the memory.
  expect(decodeText(new Uint8Array(join([0x41], bytes)).subarray(1))).toBe(text)
})

test('windows-1252 has its 27 signs', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index))
  expect(decodeText(bytes)).toBe('€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ')
})

test.each([
  ['ISO-8859-1', latin1('Â©'), 'Â©'],
  ['windows-1252', join([0x80]), '€'],
  ['iso-8859-15', join([0xa4]), '€'],
  ['shift_jis', join([0x93, 0xfa]), '日'],
  ['UTF-8', latin1('Größe'), 'Größe'],
  ['UTF-16', utf8('né'), 'né'],
  ['no encoding', utf8('né'), 'né'],
  ['ISO-8859-1', utf8('\ufeffné'), 'né'],
])('declared as %s: %j', (label, bytes, text) => {
  expect([...decodeSlices(bytes, label)].join('')).toBe(text)
})

test.each([
  ['UTF-8', utf8('a😀'.repeat(50_000))],
  ['UTF-16', utf16('\ufeffa😀'.repeat(50_000))],
  ['windows-1252', latin1('é '.repeat(100_000))],
])('a long text in %s comes in slices that split no letter', (_label, bytes) => {
  const slices = [...decodeSlices(bytes)]
  expect(slices.length).toBeGreaterThan(2)
  expect(slices.filter((slice) => /\p{Cs}|\ufffd/u.test(slice))).toEqual([])
})

// A pattern that keeps each repetition on a stack overflows it.
test('fourteen megabytes of UTF-16 within another text are read', () => {
  const text = decodeText(join(utf8('xyz'), Buffer.alloc(14_000_000, utf16('h')), utf8('\0\0.')))
  expect(text.length).toBe(7_000_006)
})

test.each([
  ['find -print0', utf8('./a b\0./cc\0'), './a b\n./cc\n'],
  ['/proc/1/cmdline', utf8('sh\0-c\0sleep 9\0'), 'sh\n-c\nsleep 9\n'],
  ['a row of zeros', utf8('a\0\0\0b'), 'a\nb'],
])('the names in the output of %s stay apart', (_label, bytes, text) => {
  expect(decodeOutput(bytes)).toBe(text)
})

describe('whether the encoding is certain', () => {
  test.each([
    ['ASCII', utf8('{}'), true],
    ['UTF-8', utf8('\ufeffné'), true],
    ['UTF-16 with a mark', utf16('\ufeffné'), true],
    ['UTF-16', utf16be('{}'), true],
    ['windows-1252', latin1('né'), false],
    ['UTF-8 with a bad byte', join(utf8('né'), [0xff]), false],
  ])('%s: %j', (_label, bytes, isCertain) => expect(isCertainText(bytes)).toBe(isCertain))
})
