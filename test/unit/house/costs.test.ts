import { expect, test } from 'vitest'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { costOf, mostInstructions, mostPerTool, selections, toolCosts } from '../../programs/costs.ts'
import { settingsFrom } from '../../support/environment.ts'

// What a model reads before the first call.

test.each(selections)('the list with $env is within its budget', async (selection) => {
  const { tokens, instructions } = await costOf(selection)
  expect(tokens).toBeLessThanOrEqual(selection.budget)
  expect(instructions).toBeLessThanOrEqual(mostInstructions)
})

test('no tool costs more than 450 tokens', async () => {
  const catalogue = catalogueOf(settingsFrom({ QUALYS_UNVERIFIED: 'all' }))
  const costs = await toolCosts(catalogue)
  expect(costs.size).toBe(catalogue.manifests.length)
  expect([...costs].filter(([, cost]) => cost > mostPerTool)).toEqual([])
})
