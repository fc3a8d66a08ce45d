import { describe, expect, test } from 'vitest'
import { AnswerStore } from '../../../src/cli/probe/answer-store.ts'
import { planProbes } from '../../../src/cli/probe/plan.ts'
import { isReadRoute } from '../../../src/cli/probe/read-routes.ts'
import { requestVariants } from '../../../src/cli/probe/request-variants.ts'
import { routeVariants } from '../../../src/cli/probe/route-variants.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Route } from '../../../src/operations/operation.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { settingsFrom } from '../../support/environment.ts'

// The requests of a recording on an account in use: everything that can be read, and no effect.

const both = new Set(['car', 'saq'])
const plan = planProbes(both, {})
const reads = operations.filter(({ effect }) => effect === 'read')
const effects = operations.filter(({ effect }) => effect !== 'read')

describe('a route that may be probed', () => {
  test.each(plan.map(({ operation }) => operation.route))('%s can change nothing', (route) => {
    expect(isReadRoute(route)).toBe(true)
    expect(route).toMatch(
      /^(GET|POST) (\/sm\/v\d\/|\/qps\/rest\/(portal\/version$|\d\.\d\/(search|count|get)\/))/,
    )
    if (route.startsWith('POST /sm/')) expect(route).toMatch(/\/(search|count)$/)
  })

  test.each(effects.map(({ name, route }) => [name, route] as const))('is not that of %s', (_, route) => {
    expect(isReadRoute(route)).toBe(false)
    // `search` and `count` would be taken for ids that do not exist.
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '(?!(?:search|count)$)[^/]+')}$`)
    expect(plan.map(({ operation }) => operation.route).filter((asked) => pattern.test(asked))).toEqual([])
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
  ])('is not %s', (route) => expect(isReadRoute(route as Route)).toBe(false))
})

describe('the probes', () => {
  test('cover every read once where it is declared', () => {
    const own = plan.filter(({ kind }) => kind === 'own').map(({ operation }) => operation.name)
    expect(own.toSorted()).toEqual(reads.map(({ name }) => name).toSorted())
  })

  test('are bounded', () => expect(plan.length).toBeLessThanOrEqual(100))

  test('cover one product where the other is not selected', () => {
    const names = planProbes(new Set(['saq']), {}).map(({ operation }) => operation.name)
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !name.startsWith('saq_'))).toEqual([])
  })

  test('have variants for every guess, used only where the guess is not found', () => {
    const guessed = reads.filter(({ evidence }) => evidence === 'guessed').map(({ name }) => name)
    expect(guessed.filter((name) => (routeVariants[name] ?? []).length < 2)).toEqual([])
    for (const { kind, operation, onlyIfNotFound: ifAbsent } of plan)
      expect(ifAbsent === true, operation.name).toBe(kind === 'variant' && operation.evidence !== 'guessed')
    expect(Object.keys(routeVariants).filter((name) => !reads.some((read) => read.name === name))).toEqual([])
  })

  test('do not repeat', () => {
    const each = plan.map(
      ({ kind, operation, about }) => `${kind} ${operation.name} ${operation.route} ${about}`,
    )
    expect(each.filter((one, at) => each.indexOf(one) !== at)).toEqual([])
  })

  test.each(
    plan
      .filter(({ kind }) => kind === 'variant')
      .map(({ operation: { name, route } }) => [name, route] as const),
  )('try %s at %s, which QUALYS_ROUTES could set', (name, route) => {
    const start = () => catalogueOf(settingsFrom({ QUALYS_ROUTES: JSON.stringify({ [name]: route }) }))
    expect(start).not.toThrow()
  })

  test('list a configured route, and leave out one that may change something', () => {
    const set = planProbes(both, {
      car_get_script: 'GET /sm/v7/scripts/{scriptId}',
      car_get_schedule: 'GET /sm/v1/scheduler/{scheduleId}/activate',
    }).filter(({ kind }) => kind === 'set')
    expect(set.map(({ operation }) => [operation.name, operation.route])).toEqual([
      ['car_get_script', 'GET /sm/v7/scripts/{scriptId}'],
      ['car_get_schedule', 'GET /sm/v1/scheduler/{scheduleId}/activate'],
    ])
    expect(set[1]?.prepare(new AnswerStore())).toBe('mayAct')
  })

  test('check each filter with a value that no row has', () => {
    const named = (wanted: string) =>
      requestVariants
        .filter(({ kind }) => kind === wanted)
        .map(({ operation, about }) => `${operation.name} ${about}`)
    expect(named('control')).toEqual(named('token'))
    expect(named('token')).toContain('car_search_assets tags.name')
  })
})
