import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { bytesIn, edited } from '../../support/script-edits/edited.ts'

// Edits of a stored script: where they are made, in which bytes, and why they are refused. Before, one line of
// 208 kB cost the whole script, and passing back what was read lost its line ends, mark and encoding.

const windowsText = '\ufeffone\r\ntwo\r\nthree\r\n'

describe('a text that occurs once', () => {
  test('is replaced, and the rest stays', () => {
    const { text, note } = edited(windowsText, [{ find: 'two', replace: '2' }])
    expect([text, note]).toEqual(['\ufeffone\r\n2\r\nthree\r\n', '1 edit at line 2'])
  })

  test.each([
    ['deleted', [{ find: 'two\n', replace: '' }], '\ufeffone\r\nthree\r\n'],
    ['one of blanks', [{ find: '\nthree', replace: '\n  three' }], '\ufeffone\r\ntwo\r\n  three\r\n'],
    ['a mark within a text', [{ find: 'on', replace: 'o\ufeffn' }], '\ufeffo\ufeffne\r\ntwo\r\nthree\r\n'],
    ['the whole script', [{ find: windowsText, replace: 'x\n' }], 'x\r\n'],
  ])('may be %s', (_, edits, expected) => {
    expect(edited(windowsText, edits).text).toBe(expected)
  })

  test('is looked for in what is stored, so that the order of edits does not matter', () => {
    const edits = [
      { find: 'one', replace: 'two' },
      { find: 'two', replace: 'three' },
      { find: 'three', replace: 'one' },
    ]
    for (const list of [edits, edits.toReversed()]) {
      const { text, note } = edited(windowsText, list)
      expect([text, note]).toEqual(['\ufefftwo\r\nthree\r\none\r\n', '3 edits at lines 1, 2 and 3'])
    }
  })

  test('may stand directly before another one', () => {
    const edits = [
      { find: 'b', replace: 'Yb' },
      { find: 'a', replace: 'aX' },
    ]
    expect(edited('ab\n', edits).text).toBe('aXYb\n')
  })
})

describe('line ends', () => {
  test.each(['two\nthree', 'two\r\nthree', 'two\rthree'])('%j finds the stored kind', (find) => {
    expect(edited(windowsText, [{ find, replace: '2\n3\n4' }]).text).toBe('\ufeffone\r\n2\r\n3\r\n4\r\n')
    expect(edited('one\ntwo\nthree\n', [{ find, replace: '2\r\n3\r\n4' }]).text).toBe('one\n2\n3\n4\n')
    expect(edited('one\rtwo\rthree\r', [{ find, replace: '2\n3\r\n4' }]).text).toBe('one\r2\r3\r4\r')
  })

  const mixed = 'a\r\nb\nc\r\nd'

  test.each([
    ['the first one that is replaced', 'b\nc', 'x\ny\nz', 'a\r\nx\ny\nz\r\nd'],
    ['that of its line', 'c', 'x\ny', 'a\r\nb\nx\r\ny\r\nd'],
    ['the most used one, at the end', 'd', 'd\nx', 'a\r\nb\nc\r\nd\r\nx'],
    ['what is not changed keeps its own', 'a\nb\nc', 'a\nx\nc', 'a\r\nx\nc\r\nd'],
  ])('mixed: each place decides for itself: %s', (_, find, replace, expected) => {
    expect(edited(mixed, [{ find, replace }]).text).toBe(expected)
  })

  test('a CR that the script prints stays, and is written as it is', () => {
    const stored = 'printf "50%\rdone"\r\nexit 0\r\n'
    expect(edited(stored, [{ find: 'exit 0', replace: 'printf "\r"\nexit 1' }]).text).toBe(
      'printf "50%\rdone"\r\nprintf "\r"\r\nexit 1\r\n',
    )
  })

  test('of a script of one line are those of the edit', () => {
    expect(edited('one', [{ find: 'one', replace: 'one\ntwo' }]).text).toBe('one\ntwo')
  })
})

describe('an edit of line ends alone', () => {
  test('changes all of them, beside other edits', () => {
    const edits = [
      { find: '\r\n', replace: '\n' },
      { find: '\ufeff', replace: '' },
      { find: 'two', replace: '2\nzwei' },
    ]
    const { text, note, warnings } = edited(windowsText, edits, { platform: 'LINUX' })
    expect(text).toBe('one\n2\nzwei\nthree\n')
    expect(note).toBe('2 edits at lines 1 and 2, line ends: CR LF -> LF')
    expect(warnings).toEqual([])
  })

  test.each([
    ['\n', '\r\n', 'a\nb\r\nc\n', 'a\r\nb\r\nc\r\n'],
    ['\r', '\n', 'a\rb\r', 'a\nb\n'],
    ['\r\n', '\n', 'a\r\r\nb\r\n', 'a\nb\n'],
  ])('%j -> %j', (find, replace, stored, expected) => {
    expect(edited(stored, [{ find, replace }]).text).toBe(expected)
  })

  test('is refused where there are none', () => {
    expect(edited('a\nb\n', [{ find: '\r\n', replace: '\n' }]).problem).toContain('has no such line ends')
  })

  test('is named by a warning, for what breaks the script on its platform', () => {
    const change = [{ find: 'two', replace: '2' }]
    for (const platform of ['LINUX', 'UNIX', 'MAC'])
      expect(edited(windowsText, change, { platform }).warnings).toEqual([
        `The script keeps its CR LF line ends, which break it on ${platform}: the edit {"find":"\\r\\n","replace":"\\n"} changes all of them.`,
        `The script keeps its byte order mark, which breaks it on ${platform}: the edit {"find":"\\ufeff","replace":""} takes it away.`,
      ])
    expect(edited(windowsText, change).warnings).toEqual([])
    expect(edited('two\n', change, { platform: 'LINUX' }).warnings).toEqual([])
  })
})

describe('is refused', () => {
  test.each([
    [
      'a text that is not there',
      [{ find: 'four', replace: '4' }],
      'Edit 1 is not found in script 7: read the lines with car_get_script, and pass them as they are there, without what is masked',
    ],
    [
      'a text that is there in another spelling',
      [
        { find: 'one', replace: '1' },
        { find: 'T wo\n\n three', replace: '' },
      ],
      'Edit 2 is not found in script 7 (line 2 has it in other case, blanks or invisible characters): read the lines with car_get_script, and pass them as they are there, without what is masked',
    ],
    [
      'a text that is there several times',
      [{ find: 'e', replace: 'E' }],
      'Edit 1 is found 3 times in script 7, at lines 1 and 3: add neighbouring text to its find, so that it occurs once',
    ],
    [
      'the same place twice',
      [
        { find: 'one\ntwo', replace: '1' },
        { find: 'two', replace: '2' },
      ],
      'Edit 1 and edit 2 change the same text at line 2: make them one edit',
    ],
    [
      'another line end alone',
      [{ find: 'one\ntwo', replace: 'one\r\ntwo' }],
      'Edit 1 changes nothing, as line ends stay as they are stored: pass the new text as its replace, or leave the edit out',
    ],
    [
      'what leaves nothing',
      [{ find: 'one\ntwo\nthree', replace: ' ' }],
      'would be empty: keep some of its text',
    ],
    [
      'what is more than Qualys takes',
      [
        { find: 'one', replace: 'x'.repeat(200_000) },
        { find: 'two', replace: 'é'.repeat(200_000) },
      ],
      'would be larger than the 500 KB that Qualys takes: write less',
    ],
  ])('%s', (_, edits, problem) => {
    expect(edited(windowsText, edits).problem).toContain(problem)
  })

  test.each(['echo red now', 'echo a b c', 'ECHO  red now'])(
    '%j, naming the line that holds it otherwise',
    (find) => {
      const stored = 'exit\necho \u001b[31mred\u001b[0m now\n\necho a\u200d \ue0a0b c\n'
      const line = find.includes('a b') ? 4 : 2
      expect(edited(stored, [{ find, replace: '' }]).problem).toContain(
        `is not found in script 7 (line ${line} has it in other case, blanks or invisible characters)`,
      )
    },
  )

  test('with places that overlap, as found twice', () => {
    expect(edited('aaa', [{ find: 'aa', replace: 'b' }]).problem).toContain('is found 2 times')
  })

  test('a text that occurs everywhere, without counting all of it', () => {
    const { problem } = edited('a\n'.repeat(50_000), [{ find: 'a', replace: 'b' }])
    expect(problem).toContain('is found more than 100 times in script 7, at lines 1, 2, 3, ')
  })
})

describe('an encoding stays:', () => {
  test.each([
    'utf-8',
    'utf-8 with mark',
    'utf-16le',
    'utf-16le with mark',
    'utf-16be',
    'utf-16be with mark',
    'windows-1252',
  ])('%s', (encoding) => {
    const { bytes } = edited(bytesIn(encoding, 'Größe 1\r\nexit 1\r\n'), [
      { find: 'ö', replace: 'ü' },
      { find: 'exit 1', replace: 'à\nexit 2' },
    ])
    expect(bytes).toEqual(bytesIn(encoding, 'Grüße 1\r\nà\r\nexit 2\r\n'))
  })

  test.each(['utf-16le', 'utf-16be'])('%s of ASCII alone, without a mark', (encoding) => {
    const { bytes } = edited(bytesIn(encoding, 'echo 1\r\n'), [{ find: '1', replace: '2' }])
    expect(bytes).toEqual(bytesIn(encoding, 'echo 2\r\n'))
    expect(new StoredText(bytes)).toMatchObject({ encoding, text: 'echo 2\r\n', isExact: false })
  })

  test('windows-1252 has its own signs, and no others', () => {
    const stored = Buffer.from('a\xe9\r\n\x80 5\r\n', 'latin1')
    expect(edited(stored, [{ find: '€ 5', replace: '€ 6 – œ' }]).bytes.toString('latin1')).toBe(
      'a\xe9\r\n\x80 6 \x96 \x9c\r\n',
    )
    expect(edited(stored, [{ find: '5', replace: '漢' }]).problem).toBe(
      'A replacement holds a character that windows-1252, the encoding of script 7, does not have: write it without, or pass the whole content, which is sent in UTF-8',
    )
  })

  test('windows-1252 may have letters in a row', () => {
    const stored = bytesIn('windows-1252', '# äöü ÄÖÜß\r\nexit 1\r\n')
    const edits = [
      { find: 'ö', replace: 'õ' },
      { find: 'ÖÜ', replace: '' },
    ]
    expect(edited(stored, edits).bytes).toEqual(bytesIn('windows-1252', '# äõü Äß\r\nexit 1\r\n'))
  })

  test.each([
    ['Shift-JIS', '93fa967b8cea'],
    ['GB2312', 'd6d0cec4d7a2cacd'],
    ['EUC-KR', 'c7d1b1dbc7d1'],
  ])('%s is not taken for windows-1252', (_, hex) => {
    const stored = Buffer.concat([Buffer.from('# '), Buffer.from(hex, 'hex'), Buffer.from('\nexit 1\n')])
    expect(edited(stored, [{ find: 'exit 1', replace: 'é' }]).problem).toContain('is not certain')
    expect(
      edited(stored, [{ find: 'exit 1', replace: 'exit 2' }]).bytes.includes(Buffer.from(hex, 'hex')),
    ).toBe(true)
  })

  // ソフト, whose second bytes are \, t and g; then 表, whose second byte is \.
  const shiftJis = Buffer.from('# \x83\x5c\x83\x74\x83\x67\r\necho a\\b\r\n# \x95\x5c t\r\n', 'latin1')

  test('one that is not certain keeps its bytes, and only ASCII is edited', () => {
    const { bytes } = edited(shiftJis, [{ find: 'echo a\\b\n', replace: 'echo c\nexit\n' }])
    expect(bytes.toString('latin1')).toBe('# \x83\x5c\x83\x74\x83\x67\r\necho c\r\nexit\r\n# \x95\x5c t\r\n')
  })

  test.each([
    [{ find: 'echo', replace: 'é' }, 'holds characters beyond ASCII'],
    [{ find: 'ƒ\\', replace: 'x' }, 'holds characters beyond ASCII'],
    // The letters t and g stand there once more, or only as second bytes.
    [{ find: 't', replace: 'x' }, 'is found 2 times'],
    [{ find: 'g', replace: 'x' }, 'beside a byte that may belong to the same letter'],
    [{ find: '\\ t', replace: 'x' }, 'beside a byte that may belong to the same letter'],
  ])('nor is half a letter taken for ASCII: %j', (edit, problem) => {
    expect(edited(shiftJis, [edit]).problem).toContain(problem)
  })

  test('UTF-8 with a bad byte keeps it', () => {
    const stored = Buffer.concat([
      Buffer.from('# é漢\r\n'),
      Buffer.of(0xe2, 0x82),
      Buffer.from(' x\r\nexit 1\r\n'),
    ])
    const { bytes } = edited(stored, [{ find: 'exit 1', replace: 'exit 2' }])
    expect(bytes.equals(Buffer.from(stored.toString('latin1').replace('exit 1', 'exit 2'), 'latin1'))).toBe(
      true,
    )
  })

  test('an edit that would make a letter of two halves is refused', () => {
    const stored = Buffer.concat([
      Buffer.from('# é\n'),
      Buffer.of(0xe2),
      Buffer.from(' '),
      Buffer.of(0x82, 0xac, 10),
    ])
    expect(edited(stored, [{ find: ' ', replace: '' }]).problem).toContain('is found 2 times')
    const once = stored.subarray(2)
    expect(edited(once, [{ find: ' ', replace: '' }]).problem).toContain(
      'would no longer be read in its encoding, utf-8',
    )
  })
})
