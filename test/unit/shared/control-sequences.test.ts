import { describe, expect, test } from 'vitest'
import { hiddenIn, safeText } from '../../../src/shared/safe-text.ts'

// Control sequences in any number and state. A long string of characters of two code
// units, without its terminator, overflowed the search.

const mebibyte = 2 ** 20

describe('the C1 form of a sequence', () => {
  test.each([
    ['\u009b31mred', 'red'],
    ['\u009d0;title\u009cafter', 'after'],
    ['\u009d0;title\u0007after', 'after'],
    ['\u009d0;title\u001b\\after', 'after'],
    ['\u0090q\u009cafter', 'after'],
    ['\u0098sos\u009cafter', 'after'],
    ['\u009epm\u009cafter', 'after'],
    ['\u009fapc\u009cafter', 'after'],
    ['\u009dnever ends', 'never ends'],
    ['\u009da\u009db\u009cafter', 'aafter'],
    ['\u0085next', 'next'],
  ])('%j', (text, expected) => expect(safeText(text)).toBe(expected))
})

describe('a sequence without an end', () => {
  test.each([
    ['\u001b', ''],
    ['\u001b[', ''],
    ['\u001b[;?', ';?'],
    ['\u001b]0;title', '0;title'],
    ['\u001bPdcs', 'dcs'],
    ['\u001b]0;title\u001b[0mafter', '0;titleafter'],
    ['\u001b ', ' '],
    ['\u009b;', ';'],
  ])('%j', (text, expected) => expect(safeText(text)).toBe(expected))
})

describe('two MiB of one beginning after the other', () => {
  test.each([
    ['\u001b', ''],
    ['\u001b[', ''],
    ['\u001b[;?', ';?'],
    ['\u001b]', ''],
    ['\u001b]0;x', '0;x'],
    ['\u001bP', ''],
    ['\u001b^', ''],
    ['\u001b !"#', ' !"#'],
    ['\u009b', ''],
    ['\u009b;?', ';?'],
    ['\u009d', ''],
    ['\u0090', ''],
    ['\u009da\u009c', ''],
    ['\u001b[;?\u001b]a\u009d\u009b1', ';?a1'],
    ['\ufe0f', ''],
    ['\u{e0041}', ''],
    ['\ud800', ''],
    ['\u00a0', ' '],
  ])('%j', (beginning, shown) => {
    const count = Math.floor((2 * mebibyte) / beginning.length)
    // Compared by their length first: a difference of megabytes is no message.
    const text = safeText(beginning.repeat(count))
    expect(text).toHaveLength(shown.length * count)
    expect(text === shown.repeat(count)).toBe(true)
  })
})

test.each(['\u001b]', '\u009d'])(
  'eight million characters of two code units behind one beginning: %j',
  (beginning) => {
    const text = `${beginning}${'\u{1f600}'.repeat(8 * mebibyte)}`
    expect(safeText(text)).toHaveLength(16 * mebibyte)
    expect(hiddenIn(text)).toHaveLength(1)
  },
)

test('a string of several lines is one sequence, but for hidden parts by line', () => {
  expect(safeText('a\u001b]x\ny\u0007b')).toBe('ab')
  expect(hiddenIn('a\u001b]x\ny\u0007b')).toEqual([
    { from: 1, to: 3, isSequence: true },
    { from: 6, to: 7, isSequence: false },
  ])
})
