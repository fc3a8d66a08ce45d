import { describe, test as plain } from 'vitest'
import { lists } from '../../support/replies/lists.ts'
import { openSource } from '../../support/replies/row-server.ts'
import { expectEveryShape } from '../../support/replies/shapes.ts'
import {
  comparedBudget,
  everyBudget,
  expectEveryCut,
  expectHostileWalk,
  expectReadAhead,
} from '../../support/replies/walks.ts'

// Every list, every cut, every budget, over HTTP. A part of it, in memory: test/unit/replies.

const test = plain.extend<{ source: Awaited<ReturnType<typeof openSource>> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  source: async ({}, use) => {
    const source = await openSource()
    await use(source)
    await source.close()
  },
})

describe.each(lists)('$tool, $paging', (list) => {
  test('cut after each row in turn, and continued', ({ source }) =>
    expectEveryCut(source, list, (index) => index % 2 === 0))

  test.for([2_000, 3_000, 5_000, 9_000])('every page of at most %i characters', (budget, { source }) =>
    expectHostileWalk(source, list, budget),
  )

  test('every row once, in order, at every page size; and the same without the read-ahead cache', ({
    source,
  }) => expectReadAhead(source, list, list.args === undefined ? everyBudget : [comparedBudget]))

  test.for([2_000, 5_000, 24_000, 60_000])(
    '%i characters: every field of rows of any shape',
    (budget, { source }) => expectEveryShape(source, list, budget),
  )
})
