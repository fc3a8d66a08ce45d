import { describe, expect, test } from 'vitest'
import { LineIndex } from '../../../src/tools/replies/slices/line-index.ts'

// Where the lines of a text are, whatever ends them.

const text = 'a\r\n\r\n\rb\n\nend'
const index = new LineIndex(text)
const numbers = Array.from({ length: index.count }, (_, at) => at + 1)

test('the lines are the text, each with its line break', () => {
  expect(numbers.map((number) => index.line(number))).toEqual(['a\r\n', '\r\n', '\r', 'b\n', '\n', 'end'])
  expect(numbers.map((number) => index.breakOf(number))).toEqual(['\r\n', '\r\n', '\r', '\n', '\n', ''])
})

test('a place belongs to the line that it is in, its line break included', () =>
  expect([...text].map((_, at) => index.lineAt(at))).toEqual([1, 1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 6]))

test('several places in a line name it once', () => expect(index.linesAt([0, 2, 4, 11])).toEqual([1, 2, 6]))

describe('a line that is not there', () => {
  test.each([0, 7, 99])('such as %i is empty', (number) => expect(index.line(number)).toBe(''))

  test('is each line of an empty text', () => {
    expect(new LineIndex('').count).toBe(0)
    expect(new LineIndex('').line(1)).toBe('')
  })
})
