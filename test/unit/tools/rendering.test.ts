import { describe, expect, test } from 'vitest'
import { renderRow } from '../../../src/tools/replies/rendering.ts'

// One row in both forms, and how large it is.

const withoutMarks = (text: string): string => text.replace(/[0-9a-f]{8}/g, 'MARK')

describe('a row', () => {
  test('has a cell for each column, and its values', () => {
    const {
      row,
      cells,
      blocks,
      cutCount: cut,
    } = renderRow({ id: 7, a: true, c: null }, ['id', 'a', 'b', 'c'], 2_000)
    expect({ ...row }).toEqual({ id: 7, a: true, c: null })
    expect(cells).toEqual(['7', 'true', '', ''])
    expect([blocks, cut]).toEqual([[], 0])
  })

  test('has long texts and those of several lines below, named by its id', () => {
    const { cells, blocks } = renderRow(
      { id: 7, note: 'a\nb', list: ['x'.repeat(161)] },
      ['id', 'note', 'list'],
      2_000,
    )
    expect(cells).toEqual(['7', '(below)', '(below)'])
    expect(blocks.map(withoutMarks)).toEqual([
      'note of 7:\n<<MARK\na\nb\nMARK>>',
      `list of 7:\n<<MARK\n${'x'.repeat(161)}\nMARK>>`,
    ])
  })

  test('without an id is named by its first column', () => {
    const [block = ''] = renderRow({ name: 'web', note: 'a\nb' }, ['name', 'note'], 2_000).blocks
    expect(withoutMarks(block)).toMatch(/^note of web:/)
  })
})

describe('what is cut', () => {
  test.each<[string, unknown, number]>([
    ['a text that fits', 'x'.repeat(300), 0],
    ['a text of one character more', 'x'.repeat(301), 1],
    [
      'a list that fits as text, and not as JSON',
      Array.from({ length: 60 }, (_, id) => ({ id, name: 'T' })),
      1,
    ],
    ['a list that fits in neither', ['y'.repeat(400)], 1],
    ['an object', { text: 'x'.repeat(400) }, 1],
    ['a number', 7, 0],
  ])('%s', (_what, value, cut) =>
    expect(renderRow({ id: 1, value }, ['id', 'value'], 300).cutCount).toBe(cut),
  )

  test('is counted for each column', () => {
    const long = 'x'.repeat(301)
    expect(renderRow({ a: long, b: long, c: 'x' }, ['a', 'b', 'c'], 300).cutCount).toBe(2)
  })
})

describe('the size', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of the JSON form where names are long', { anIdWithALongName: 1, anotherLongNameOfAField: 2 }],
    ['of the text where it is the larger one', { a: 'x'.repeat(400) }],
    ['with what JSON has to escape', { a: '"'.repeat(150) }],
  ])('%s', (_what, flat) => {
    const { size, row, cells, blocks } = renderRow(flat, Object.keys(flat), 2_000)
    const text = cells.join('\t').length + blocks.join('\n').length + 2
    expect(size).toBe(Math.max(text, JSON.stringify(row).length + 1))
  })
})
