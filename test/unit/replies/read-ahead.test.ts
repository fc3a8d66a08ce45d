import { test } from 'vitest'
import { lists } from '../../support/replies/lists.ts'
import { comparedBudget, everyBudget, expectReadAhead } from '../../support/replies/walks.ts'
import { sourceInMemory } from './source.ts'

test.each(lists)(
  '$tool, $paging: every row once, in order, at every page size; and the same without the read-ahead cache',
  (list) =>
    // The batches do not depend on the kind of paging: one list stands for all.
    expectReadAhead(sourceInMemory(), list, list === lists[0] ? everyBudget : [comparedBudget]),
)
