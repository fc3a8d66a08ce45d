import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { countQuestionnaires } from '../../../src/operations/saq/questionnaires.ts'
import { countTemplates } from '../../../src/operations/saq/templates.ts'
import { countUsers } from '../../../src/operations/saq/users.ts'
import { toJsonSchema } from '../../../src/tools/schema.ts'
import { groupCountingInput, listToCount } from '../../../src/tools/server/group-counting.ts'

// Operations whose tools count a list in groups besides Qualys' own count.

const counting = operations.filter(({ counts }) => counts)

test('are those of questionnaires, campaigns and users', () => {
  expect(counting.map(({ name, counts }) => [name, counts?.name])).toEqual([
    ['saq_count_campaigns', 'saq_search_campaigns'],
    ['saq_count_questionnaires', 'saq_search_questionnaires'],
    ['saq_count_users', 'saq_search_users'],
  ])
})

test.each(counting.map((operation) => [operation.name, operation] as const))(
  '%s takes its own inputs, those of groups, and the local filters of its list',
  (_name, operation) => {
    const names = Object.keys(groupCountingInput(operation))
    expect(names).toEqual(expect.arrayContaining(['groupBy', 'top']))
    expect(names).toEqual(expect.arrayContaining(Object.keys(operation.input)))
    expect(names).toEqual(expect.arrayContaining(Object.keys(operation.counts?.localFilters ?? {})))
    for (const name of ['match', 'fields', 'pageSize', 'continuationToken']) expect(names).not.toContain(name)
  },
)

test('the inputs of groups have no descriptions: that of the tool names columns', () => {
  const { properties } = toJsonSchema(groupCountingInput(countUsers))
  expect(properties).toMatchObject({
    groupBy: { type: 'array', items: { type: 'string' } },
    top: { type: 'integer' },
  })
  expect(JSON.stringify((properties as Record<string, unknown>)['groupBy'])).not.toContain('description')
})

test('other operations keep their inputs', () => {
  expect(groupCountingInput(countTemplates)).toBe(countTemplates.input)
})

describe('the rows are read', () => {
  test.each([
    [{ groupBy: ['state'] }, true],
    [{ distinct: 'campaign.id' }, true],
    [{ min: 2 }, true],
    [{ late: false }, true],
    [{ state: ['REVIEW'] }, false],
    [{ top: 5 }, false],
    [{}, false],
  ])('for %j: %s', (args, isRead) => {
    expect(listToCount(countQuestionnaires, args) !== undefined).toBe(isRead)
  })

  test('never for an operation that counts no list', () => {
    expect(listToCount(countTemplates, { groupBy: ['state'] })).toBeUndefined()
  })
})
