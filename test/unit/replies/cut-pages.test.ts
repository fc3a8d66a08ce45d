import { describe, test } from 'vitest'
import { lists } from '../../support/replies/lists.ts'
import { expectEveryCut, expectHostileWalk } from '../../support/replies/walks.ts'
import { sourceInMemory } from './source.ts'

// Pages cut after one row after the other, of hostile rows, walked by their tokens. The kind of paging only affects
// the tokens: one list stands for all budgets. All of both: test/nightly/replies.

describe.each(lists)('$tool, $paging', (list) => {
  const isFirst = list === lists[0]

  test('cut after each row in turn, and continued', () =>
    expectEveryCut(sourceInMemory(), list, (index) => index % (isFirst ? 2 : 4) === 0))

  test.each(isFirst ? [2_000, 3_000, 5_000, 9_000] : [2_000])(
    'every page of at most %i characters',
    (budget) => expectHostileWalk(sourceInMemory(), list, budget),
  )
})
