import { expect, test } from 'vitest'
import { findLines } from '../../../src/tools/workflows/run/find-lines.ts'

// A long output is looked through in blocks: what lies at the edge of one is found as within it.

/** As many characters as one block has. */
const block = 131_072

test.each(['needle', 'NÉEDLE', '\u{1f600}\u{1f600}x'])('%s is found wherever a block ends', async (word) => {
  for (let back = 0; back <= word.length + 1; back++) {
    const before = `${'a'.repeat(block - back - 2)}\n`
    const { numbers } = await findLines(`${before} ${word} and ${word}\n${word}`, word.toLowerCase(), {
      offset: 0,
    })
    expect(numbers).toEqual([2, 3])
    const within = await findLines(`${'a'.repeat(block - back)}${word}\nnone\n${word}`, word, { offset: 0 })
    expect(within.numbers).toEqual([1, 3])
  }
})

test('the search ends between two blocks if the caller has gone', async () => {
  const controller = new AbortController()
  const search = findLines('a\n'.repeat(block), 'a', { offset: 0 }, controller.signal)
  controller.abort()
  await expect(search).rejects.toThrow('aborted')
})
