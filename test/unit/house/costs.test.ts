import { expect, test } from 'vitest'
import { costOf, everyTool, mostInstructions, mostPerTool, selections } from '../../programs/costs.ts'

// What a model reads before the first call.

test.each(selections)('the list with $env is within its budget', (selection) => {
  const { tools, tokens, instructions } = costOf(selection)
  expect(tools).toBeGreaterThan(0)
  expect(tokens).toBeLessThanOrEqual(selection.budget ?? Number.POSITIVE_INFINITY)
  expect(instructions).toBeLessThanOrEqual(mostInstructions)
})

test('no tool costs more than 450 tokens', () => {
  expect(everyTool.length).toBeGreaterThan(0)
  expect(everyTool.filter(({ tokens }) => tokens > mostPerTool)).toEqual([])
})
