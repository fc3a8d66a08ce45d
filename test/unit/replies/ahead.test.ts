import { test } from 'vitest'
import { lists } from '../../support/replies/lists.ts'
import { comparedBudget, everyBudget, expectReadAhead } from '../../support/replies/walks.ts'
import { sourceInMemory } from './source.ts'

test.each(lists)(
  '$tool, $paging: every row once, in order, however many fit; and the same without what is kept',
  (list) =>
    // The batches are the same however a list is paged: one list stands for all.
    expectReadAhead(sourceInMemory(), list, list === lists[0] ? everyBudget : [comparedBudget]),
)
