import { describe, expect, test } from 'vitest'
import { Known } from '../../../src/cli/probe/known.ts'
import { planOf } from '../../../src/cli/probe/plan.ts'
import { isRead } from '../../../src/cli/probe/reads.ts'
import { ways } from '../../../src/cli/probe/request-variants.ts'
import { variants } from '../../../src/cli/probe/variants.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Route } from '../../../src/operations/operation.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { settingsFrom } from '../../support/environment.ts'

// What a recording asks of an account that somebody works with: everything that can be read, and nothing that acts.

const both = new Set(['car', 'saq'])
const plan = planOf(both, {})
const reads = operations.filter(({ effect }) => effect === 'read')
const effects = operations.filter(({ effect }) => effect !== 'read')

describe('a route that may be asked', () => {
  test.each(plan.map(({ route }) => route))('%s can change nothing', (route) => {
    expect(isRead(route)).toBe(true)
    expect(route).toMatch(
      /^(GET|POST) (\/sm\/v\d\/|\/qps\/rest\/(portal\/version$|\d\.\d\/(search|count|get)\/))/,
    )
    if (route.startsWith('POST /sm/')) expect(route).toMatch(/\/(search|count)$/)
  })

  test.each(effects.map(({ name, route }) => [name, route] as const))('is not that of %s', (_, route) => {
    expect(isRead(route)).toBe(false)
    // `search` and `count` are ids of nothing, where a path has an id there.
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '(?!(?:search|count)$)[^/]+')}$`)
    expect(plan.map((question) => question.route).filter((asked) => pattern.test(asked))).toEqual([])
  })

  test.each([
    'GET /qps/rest/1.0/delete/saq/user/{userId}',
    'POST /qps/rest/1.0/delete/saq/user',
    'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}',
    'GET /sm/v1/scripts/{scriptId}/execute',
    'POST /sm/v1/scripts/{scriptId}',
    'POST /sm/v1/search/delete',
    'GET /sm/v1/scripts/../scripts/execute',
    'GET /sm/v1/scripts//execute',
    'GET /sm/v1/scripts/Execute',
    'GET /sm/v1/scripts/%65xecute',
    'DELETE /sm/v1/reports/{reportId}',
    'PATCH /sm/v4/script/{scriptId}',
    'GET /auth',
    'GET /qps/rest/1.0/search/../delete/saq/user',
  ])('is not %s', (route) => expect(isRead(route as Route)).toBe(false))
})

describe('the questions', () => {
  test('are about every read once where it is declared', () => {
    const own = plan.filter(({ kind }) => kind === 'own').map(({ operation }) => operation.name)
    expect(own.toSorted()).toEqual(reads.map(({ name }) => name).toSorted())
  })

  test('are bounded', () => expect(plan.length).toBeLessThanOrEqual(80))

  test('are about one product where the other is left out', () => {
    const names = planOf(new Set(['saq']), {}).map(({ operation }) => operation.name)
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !name.startsWith('saq_'))).toEqual([])
  })

  test('have variants for every guess, and look for others only where they are not found', () => {
    const guessed = reads.filter(({ evidence }) => evidence === 'guessed').map(({ name }) => name)
    expect(guessed.filter((name) => (variants[name] ?? []).length < 2)).toEqual([])
    for (const { kind, operation, ifAbsent } of plan)
      expect(ifAbsent === true, operation.name).toBe(kind === 'variant' && operation.evidence !== 'guessed')
    expect(Object.keys(variants).filter((name) => !reads.some((read) => read.name === name))).toEqual([])
  })

  test('are no question twice', () => {
    const each = plan.map(
      ({ kind, operation, route, about }) => `${kind} ${operation.name} ${route} ${about}`,
    )
    expect(each.filter((one, at) => each.indexOf(one) !== at)).toEqual([])
  })

  test.each(
    plan.filter(({ kind }) => kind === 'variant').map(({ operation, route }) => [operation.name, route]),
  )('look for %s at %s, which QUALYS_ROUTES could set', (name, route) => {
    const start = () => catalogueOf(settingsFrom({ QUALYS_ROUTES: JSON.stringify({ [name]: route }) }))
    expect(start).not.toThrow()
  })

  test('list a route that is set, and leave one alone that may act', () => {
    const set = planOf(both, {
      car_get_script: 'GET /sm/v7/scripts/{scriptId}',
      car_get_schedule: 'GET /sm/v1/scheduler/{scheduleId}/activate',
    }).filter(({ kind }) => kind === 'set')
    expect(set.map(({ operation, route }) => [operation.name, route])).toEqual([
      ['car_get_script', 'GET /sm/v7/scripts/{scriptId}'],
      ['car_get_schedule', 'GET /sm/v1/scheduler/{scheduleId}/activate'],
    ])
    expect(set[1]?.prepare(new Known())).toBe('mayAct')
  })

  test('prove each filter by a value that nothing has', () => {
    const named = (wanted: string) =>
      ways.filter(({ kind }) => kind === wanted).map(({ operation, about }) => `${operation.name} ${about}`)
    expect(named('control')).toEqual(named('token'))
    expect(named('token')).toContain('car_search_assets tags.name')
  })
})
