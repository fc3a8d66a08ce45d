import { describe, expect, test } from 'vitest'
import { foldLine } from '../../../src/cli/fold-line.ts'

// A terminal breaks a long line anywhere: the rest of a value must not look like a line of a preview.

test.each([79, 80])('a line of %i columns stays as it is', (length) => {
  expect(foldLine('x'.repeat(length), 80)).toEqual(['x'.repeat(length)])
})

test('one of 81 columns goes on behind a mark', () => {
  expect(foldLine('x'.repeat(81), 80)).toEqual(['x'.repeat(80), '      | x'])
})

test('an empty line is one', () => {
  expect(foldLine('', 80)).toEqual([''])
})

test('a value cannot begin a line', () => {
  const line = `title: "${'x'.repeat(72)}! 0 hosts are affected."`
  expect(foldLine(line, 80)).toEqual([line.slice(0, 80), '      | ! 0 hosts are affected."'])
})

describe('what is not plain', () => {
  test.each(['漢', 'é', '👨'])('%s takes two columns', (character) => {
    const parts = foldLine(character.repeat(41), 80)
    expect(parts).toEqual([character.repeat(40), `      | ${character}`])
  })
})

test('a terminal of a few columns gets lines all the same', () => {
  expect(foldLine('x'.repeat(21), 3)).toEqual(['x'.repeat(20), '      | x'])
})
