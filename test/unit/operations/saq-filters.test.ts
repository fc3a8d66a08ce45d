import { describe, expect, test } from 'vitest'
import {
  callInMemory,
  checkArguments,
  expectRefusal,
  operationNamed,
} from '../../support/operations/calls.ts'
import { sessionInMemory } from '../../support/operations/memory.ts'
import { saqAnswer } from '../../support/operations/rows.ts'
import {
  emptyIds,
  everyInput,
  flagInputs,
  getOperations,
  idInputs,
  invalidFlags,
  invalidIds,
  invalidNumbers,
  invalidSearchTexts,
  invalidWords,
  numberInputs,
  plainTextInputs,
  textInputs,
  validSearchTexts,
  wordInputs,
} from '../../support/operations/saq-filters.ts'
import { inXml } from '../../support/operations/xml-text.ts'

// The values that the reads of SAQ accept, and those they refuse before anything is sent.

const refused = async (tool: string, args: object, says: RegExp): Promise<void> =>
  expectRefusal(await callInMemory(tool, args), says)

test('every input of every filter is one of these kinds', () => {
  const kinds = [idInputs, numberInputs, wordInputs, textInputs, flagInputs]
  for (const inputs of kinds) expect(inputs.length).toBeGreaterThan(2)
  expect(kinds.flat()).toHaveLength(everyInput.length)
  expect(getOperations).toHaveLength(4)
})

test.for(plainTextInputs)('%s %s: a text arrives unchanged', async ([tool, argument]) => {
  const operator = argument.endsWith('Contains') ? 'CONTAINS' : 'EQUALS'
  for (const text of validSearchTexts) {
    const { session, sent } = sessionInMemory(() => saqAnswer('Any', []))
    const { value = {} } = await checkArguments(tool, { [argument]: text })
    await session.call(operationNamed(tool), value)
    const criteria = sent[0]?.body.match(/<Criteria field="[\w.]+" operator="(\w+)">([^<]*)<\/Criteria>/)
    expect(criteria?.slice(1)).toEqual([operator, inXml(text)])
    expect(sent[0]?.body.match(/<Criteria/g)).toHaveLength(1)
  }
})

test.for(invalidSearchTexts)('%s is no text, for any input', async ([, value, says]) => {
  for (const [tool, argument] of textInputs) await refused(tool, { [argument]: value }, says)
})

describe('an invalid id', () => {
  test.for(idInputs)('%s %s', async ([tool, argument]) => {
    const says = new RegExp(`${argument}(\\.0)?: must be (an id|a list of 1 to 1,000 ids)`)
    for (const value of [...invalidIds, ...emptyIds]) await refused(tool, { [argument]: [value] }, says)
    for (const value of invalidIds) await refused(tool, { [argument]: value }, says)
    await refused(tool, { [argument]: [1, 'x'] }, new RegExp(`${argument}\\.1: must be an id`))
    await refused(tool, { [argument]: [[1]] }, says)
  })

  test.for(getOperations)('$name', async ({ name, input }) => {
    const [argument = ''] = Object.keys(input)
    const says = new RegExp(`${argument}: must be an id from saq_search_\\w+`)
    for (const value of [...invalidIds, ...emptyIds, [1], []])
      await refused(name, { [argument]: value }, says)
    await refused(name, {}, says)
  })

  test.for(idInputs)('%s %s: a list that is too long', async ([tool, argument]) => {
    const says = new RegExp(`${argument}: must be a list of 1 to 1,000 ids`)
    await refused(tool, { [argument]: Array.from({ length: 1_001 }, (_, id) => id) }, says)
    await refused(tool, { [argument]: Array.from({ length: 1_001 }, () => '../') }, /must be/)
    const thousand = { [argument]: Array.from({ length: 1_000 }, (_, id) => id) }
    expect((await checkArguments(tool, thousand)).complaint).toBeUndefined()
  })
})

test.for(numberInputs)('%s %s: what is no number', async ([tool, argument]) => {
  const says = new RegExp(`${argument}(\\.\\d)?: must be a list of whole numbers`)
  for (const value of invalidNumbers) await refused(tool, { [argument]: value }, says)
  await refused(tool, { [argument]: Array.from({ length: 1_001 }, (_, n) => n) }, says)
  const thousand = { [argument]: Array.from({ length: 1_000 }, (_, n) => n) }
  expect((await checkArguments(tool, thousand)).complaint).toBeUndefined()
})

test.for(wordInputs)('%s %s: an unknown word', async ([tool, argument]) => {
  const says = new RegExp(`${argument}(\\.\\d)?: must be a list of [A-Z_, ]+`)
  for (const value of invalidWords) await refused(tool, { [argument]: value }, says)
})

// search_campaigns.htm prints the words of risk for it, by mistake.
test.for(['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'])('workflowType is not %s', (word) =>
  refused('saq_search_campaigns', { workflowType: [word] }, /must be a list of SIMPLE, REVIEWABLE, FULL/),
)

test.for(flagInputs)('%s %s: what is no flag', async ([tool, argument]) => {
  for (const value of invalidFlags) await refused(tool, { [argument]: value }, /: must be true or false/)
})
