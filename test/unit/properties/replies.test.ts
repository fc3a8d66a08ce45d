import { test } from 'vitest'
import { expectEveryRowOnce, expectNoFenceBroken } from '../../support/properties/replies.ts'
import { sourceInMemory } from '../replies/source.ts'

test('every row is shown once, within the budget, the same in both forms', () =>
  expectEveryRowOnce(sourceInMemory(), 20))

test('no text of hosts or people ends its fence, or reads like ours', () =>
  expectNoFenceBroken(sourceInMemory(), 100))
