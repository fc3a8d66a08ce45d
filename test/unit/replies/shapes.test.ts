import { test } from 'vitest'
import { type List, lists } from '../../support/replies/lists.ts'
import { expectEveryShape } from '../../support/replies/shapes.ts'
import { sourceInMemory } from './source.ts'

// Rows of any shape. The kind of paging does not affect how a list is shown: one list stands for JSON, one for XML.

const [json, xml] = [lists[0], lists.find((list) => list.xml)] as readonly List[] as readonly [List, List]

test.each([2_000, 5_000, 24_000, 60_000])('every field of rows in JSON within %i characters', (budget) =>
  expectEveryShape(sourceInMemory(), json, budget),
)

test('every field of rows in XML within 2,000 characters', () =>
  expectEveryShape(sourceInMemory(), xml, 2_000))
