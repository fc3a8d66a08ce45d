import { describe, expect } from 'vitest'
import { readXml } from '../../../src/sandbox/xml/reader.ts'
import { test } from '../../support/operations/refused/over-http.ts'
import {
  emptyIds,
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

// Every input of SAQ's reads with all accepted and refused values, through the whole stack.

/** A call whose only filter is this one. */
const filterTest = test.extend<{
  readonly expectFilter: (tool: string, args: object, filter: object) => Promise<void>
}>({
  expectFilter: async ({ sandbox, assistant }, use) => {
    await use(async (tool, args, filter) => {
      await sandbox.control.clearRequests()
      const { isError, text } = await assistant.call(tool, args)
      expect(isError, `${JSON.stringify(args)}: ${text}`).toBe(false)
      const [{ body } = { body: '' }] = await sandbox.control.requests()
      const filters = readXml(body).children.find(({ name }) => name === 'filters')
      expect(filters?.children).toHaveLength(1)
      expect(filters?.children[0]).toMatchObject(filter)
    })
  },
})

filterTest.for(plainTextInputs)(
  '%s %s: a text arrives unchanged',
  async ([tool, argument], { expectFilter }) => {
    const attributes = { operator: argument.endsWith('Contains') ? 'CONTAINS' : 'EQUALS' }
    for (const text of validSearchTexts) await expectFilter(tool, { [argument]: text }, { text, attributes })
  },
)

describe('an address arrives without what stands around it', () => {
  filterTest.for(['saq_search_users', 'saq_count_users'])('%s', async (tool, { expectFilter }) => {
    const filter = { text: 'jane@vendor.example', attributes: { operator: 'EQUALS' } }
    for (const emailAddress of [
      'jane@vendor.example',
      ' jane@vendor.example\u200b',
      '<mailto:jane@vendor.example>',
    ])
      await expectFilter(tool, { emailAddress }, filter)
  })
})

test.for(invalidSearchTexts)('%s is no text, for any input', async ([, value, says], { expectRefused }) => {
  for (const [tool, argument] of textInputs) await expectRefused(tool, { [argument]: value }, says)
})

describe('an invalid id', () => {
  test.for(idInputs)('%s %s', async ([tool, argument], { expectRefused }) => {
    const says = new RegExp(`${argument}(\\.0)?: must be (an id|a list of 1 to 1,000 ids)`)
    for (const value of [...invalidIds, ...emptyIds]) await expectRefused(tool, { [argument]: [value] }, says)
    for (const value of invalidIds) await expectRefused(tool, { [argument]: value }, says)
    await expectRefused(tool, { [argument]: Array.from({ length: 1_001 }, (_, id) => id) }, says)
    await expectRefused(tool, { [argument]: Array.from({ length: 100_000 }, () => '../') }, /must be/)
  })

  test.for(getOperations.map(({ name, input }) => [name, Object.keys(input)[0] ?? ''] as const))(
    '%s %s',
    async ([name, argument], { expectRefused }) => {
      const says = new RegExp(`${argument}: must be an id from saq_search_\\w+`)
      for (const value of [...invalidIds, ...emptyIds, [1], []])
        await expectRefused(name, { [argument]: value }, says)
      await expectRefused(name, {}, says)
    },
  )
})

test.for(numberInputs)('%s %s: an invalid number', async ([tool, argument], { expectRefused }) => {
  const says = new RegExp(`${argument}(\\.\\d)?: must be a list of whole numbers`)
  for (const value of invalidNumbers) await expectRefused(tool, { [argument]: value }, says)
})

test.for(wordInputs)('%s %s: an unknown word', async ([tool, argument], { expectRefused }) => {
  const says = new RegExp(`${argument}(\\.\\d)?: must be a list of [A-Z_, ]+`)
  for (const value of invalidWords) await expectRefused(tool, { [argument]: value }, says)
})

test.for(flagInputs)('%s %s: an invalid flag', async ([tool, argument], { expectRefused }) => {
  for (const value of invalidFlags)
    await expectRefused(tool, { [argument]: value }, /: must be true or false/)
})
