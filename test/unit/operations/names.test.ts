import { describe, expect, test } from 'vitest'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import { callInMemory, expectRefusal } from '../../support/operations/calls.ts'
import { minimalArguments } from '../../support/operations/minimal-arguments.ts'
import { completeOperations } from '../../support/operations/parts.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Names of arguments that are nearly right, and names of Object.prototype, on every tool.

const inputs = completeOperations.flatMap((operation) =>
  Object.keys(toolOf(operation).input).map((argument) => [operation.name, argument] as const),
)
const refused = async (tool: string, args: object, says: RegExp): Promise<void> =>
  expectRefusal(await callInMemory(tool, { ...minimalArguments[tool], ...args }), says)

test('there are arguments to look at', () => expect(inputs.length).toBeGreaterThan(200))

test.for(inputs)('%s: the misspelt %s is refused with the right name', ([tool, argument]) => {
  const misspelt = `${argument.slice(0, -1)}${argument.slice(-1).repeat(2)}`
  return refused(
    tool,
    { [misspelt]: 1 },
    new RegExp(`there is no argument "${misspelt}"; did you mean ${argument}\\?`),
  )
})

test.for(['constructor', 'toString', 'hasOwnProperty', 'prototype', '__defineGetter__'])(
  'the argument %s is refused like any other unknown one, on every tool',
  async (argument) => {
    for (const { name } of completeOperations)
      await refused(name, { [argument]: {} }, /there is no argument "/)
  },
)

// The names that QPS uses for these things, and those of other tools.
test.for([
  'filter',
  'sort',
  'startAt',
  'criteria',
  'limitResults',
  'startFromOffset',
  'preferences',
  'operator',
])('no read of SAQ has an argument %s', async (argument) => {
  const reads = completeOperations.filter(({ name, effect }) => name.startsWith('saq_') && effect === 'read')
  expect(reads.length).toBeGreaterThan(10)
  for (const { name } of reads)
    await refused(name, { [argument]: 'x' }, new RegExp(`there is no argument "${argument}"`))
})

test.for([
  ['saq_search_questionnaires', 'campaign.id'],
  ['saq_search_questionnaires', 'companyContains'],
  ['saq_search_users', 'tags.tag.name'],
  ['saq_search_users', 'nameContains'],
  ['saq_search_users', 'uuidContains'],
  ['saq_search_templates', 'familyIdContains'],
  ['saq_search_templates', 'idContains'],
  ['saq_search_campaigns', 'statusContains'],
  ['saq_count_users', 'pageSize'],
  ['saq_count_users', 'fields'],
  ['saq_count_users', 'continuationToken'],
  ['saq_get_user', 'id'],
  ['saq_get_version', 'userId'],
] as const)('%s has no argument %s', ([tool, argument]) =>
  refused(tool, { [argument]: 'x' }, new RegExp(`there is no argument "${argument}"`)),
)

test('of two unknown arguments, both are named', () =>
  refused(
    'saq_search_users',
    { companie: 'x', colour: 'x' },
    /there is no argument "companie"; did you mean company\?; there is no argument "colour"/,
  ))

test('of four, three are named', async () => {
  const { text } = await callInMemory('saq_get_version', { a: 1, b: 1, c: 1, d: 1 })
  expect(text).toMatch(
    /: there is no argument "a"; there is no argument "b"; there is no argument "c"; there is none at all$/,
  )
})

describe('__proto__', () => {
  const pollution = { scriptApprovalUserConsent: true }
  const withPrototype = (args: object): object =>
    JSON.parse(`{"__proto__":${JSON.stringify(pollution)},${JSON.stringify(args).slice(1)}`)

  test('is an unknown argument, and changes nothing', async () => {
    await refused(
      'car_create_script',
      withPrototype(validScript),
      /there is no argument "__proto__"; there are title,/,
    )
    await refused('saq_search_templates', withPrototype({ pageSize: 1 }), /there is no argument "__proto__"/)
    const params = [withPrototype({ key: 'a', value: 'b' })]
    await refused(
      'car_create_script',
      { ...validScript, params },
      /params\.0: there is no argument "__proto__"/,
    )
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as Record<string, unknown>)['scriptApprovalUserConsent']).toBeUndefined()
  })

  test.for(['constructor', '__proto__', 'toString'])('no secret is called %s', (secret) =>
    refused(
      'car_create_script',
      { ...validScript, params: [{ key: 'a', secret }] },
      /There is no secret named|must be the name of a secret/,
    ),
  )
})
