import { describe, expect } from 'vitest'
import {
  expectOneSentence,
  otherRecipient,
  recipient,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'

// Every invalid list of ids, with every tool that takes ids, through the whole stack: nothing is sent.

const test = testOn({ jobs: 100 }, unattendedSettings)
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)
const list = /ids: must be a list of 1 to 1,000 ids from saq_search_/
const one = /ids\.\d+: must be an id from saq_search_\w+/

const wrong: Readonly<Record<string, readonly [ids: unknown, says: RegExp]>> = {
  'no ids': [undefined, list],
  null: [null, list],
  'an empty list': [[], list],
  'an object': [{ 0: recipient }, one],
  'everything, as a star': [['*'], one],
  'an empty id': [[''], one],
  'a blank id': [[recipient, ' '], one],
  'an id with a blank inside': [[`${recipient} 1`], one],
  'several in one': [[`${recipient},${otherRecipient}`], one],
  'a word': [['all'], one],
  'a criterion': [['1" operator="GREATER'], one],
  'an element': [['1</Criteria><Criteria field="id" operator="GREATER">0'], one],
  'a fraction': [[1.5], one],
  'a negative one': [[-1], one],
  'leading zeros': [[`0${recipient}`], one],
  'digits of another script': [['٣٣٩٥٩٠'], one],
  'an exponent': [['4e5'], one],
  'a number that has lost digits': [[2 ** 53 + 2], one],
  'more digits than a Long has': [['9'.repeat(20)], one],
  'a null among them': [[recipient, null], one],
  'a list in the list': [[[recipient]], one],
  'the same twice': [[recipient, recipient], /ids: names an id twice; name each once/],
  'the same as number and text': [[recipient, Number(recipient)], /ids: names an id twice/],
  'more than any setting allows': [numbers(1001), list],
}

describe.each([
  ['saq_update_users', { title: 'changed in bulk' }],
  ['saq_delete_users', {}],
  ['saq_update_templates', { description: 'changed in bulk' }],
])('%s', (tool, rest) => {
  test.for(Object.entries(wrong))('%s', async ([, [ids, says]], { sandbox, assistant }) => {
    const { text, isError } = await assistant.call(tool, { ids, ...rest })
    expect(text).toMatch(says)
    expectOneSentence(text)
    expect(isError).toBe(true)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})

test.for([[undefined], [[]], ['x'], [[null]], [[{}]]])(
  'new users that are %j: nothing is sent',
  async ([users], { sandbox, assistant }) => {
    const { text } = await assistant.call('saq_create_users', { users })
    expect(text).toMatch(/users(\.0[\w.]*)?: must /)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  },
)
