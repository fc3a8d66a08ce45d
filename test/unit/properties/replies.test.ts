import { test } from 'vitest'
import { everyRowOnce, noFenceBroken } from '../../support/properties/replies.ts'
import { sourceInMemory } from '../replies/source.ts'

test('every row is shown once, within the budget, the same in both forms', () =>
  everyRowOnce(sourceInMemory(), 20))

test('no text of hosts or people ends its fence, or speaks in our words', () =>
  noFenceBroken(sourceInMemory(), 100))
