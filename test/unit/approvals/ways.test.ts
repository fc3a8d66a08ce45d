import { describe, expect, test } from 'vitest'
import type { ApprovalWay } from '../../../src/config/approval/parsers.ts'
import type { Environment } from '../../../src/config/settings.ts'
import type { Effect } from '../../../src/operations/operation.ts'
import { asksPerson } from '../../../src/tools/effects/approval/asks-person.ts'
import type { Way } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import {
  type CallEffects,
  needsPerson,
  placeOf,
  type TakenWays,
  waysFor,
  waysText,
} from '../../../src/tools/effects/approval/ways.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'
import { settingsFrom } from '../../support/environment.ts'

// What counts as a yes: QUALYS_APPROVE_BY, QUALYS_PASSKEY_FOR and QUALYS_FOUR_EYES, for each effect.

const effects = ['create', 'update', 'delete', 'execute'] as const satisfies readonly Effect[]
const everything: readonly ApprovalWay[] = ['client', 'page', 'terminal']

const waysIn = (environment: Environment, call: CallEffects, usualWays = everything): TakenWays =>
  waysFor(call, {
    configuration: { settings: settingsFrom(environment) },
    safeguards: { approvals: { usualWays } },
  } as unknown as ToolContext)

const plain = (effect: Effect): CallEffects => ({ effect, declaredEffect: effect })

/** QUALYS_APPROVE_BY, and what counts then. Where another person has to approve, that is the page alone. */
const rows: readonly (readonly [string | undefined, readonly Way[]])[] = [
  [undefined, ['client', 'page', 'terminal']],
  ['client', ['client']],
  ['page', ['page']],
  ['terminal', ['terminal']],
  ['terminal, client', ['client', 'terminal']],
  ['page,terminal', ['page', 'terminal']],
  ['client,page', ['client', 'page']],
  ['client,page,terminal', ['client', 'page', 'terminal']],
]

describe.each(rows)('with QUALYS_APPROVE_BY=%s', (approveBy, usual) => {
  const given = approveBy === undefined ? {} : { QUALYS_APPROVE_BY: approveBy }

  test.each(effects)('what counts for %s', (effect) => {
    const others = effects.filter((name) => name !== effect).join(',')
    for (const passkeyFor of [undefined, effect, others])
      for (const fourEyes of [undefined, effect, others]) {
        const environment = {
          ...given,
          QUALYS_PASSKEY_FOR: passkeyFor,
          QUALYS_FOUR_EYES: fourEyes,
        }
        const needsOther = fourEyes === effect
        const ways = passkeyFor === effect ? ['passkey'] : needsOther ? ['page'] : usual
        expect(waysIn(environment, plain(effect)), JSON.stringify(environment)).toEqual({ ways, needsOther })
      }
  })
})

test('a process has usual ways of its own, which the setting replaces', () => {
  const call = plain('execute')
  expect(waysIn({}, call, ['page']).ways).toEqual(['page'])
  expect(waysIn({ QUALYS_APPROVE_BY: 'terminal' }, call, ['page']).ways).toEqual(['terminal'])
  expect(waysIn({ QUALYS_FOUR_EYES: 'execute' }, call, ['client', 'terminal']).ways).toEqual(['page'])
})

describe('a call with a stronger effect than its tool', () => {
  const call = { effect: 'execute', declaredEffect: 'update' } as const

  test.each([
    ['execute', true],
    ['update', true],
    ['create, delete', false],
  ])('is named by either effect: %s', (named, is) => {
    expect(waysIn({ QUALYS_PASSKEY_FOR: named }, call).ways.includes('passkey')).toBe(is)
    expect(waysIn({ QUALYS_FOUR_EYES: named }, call).needsOther).toBe(is)
    for (const name of ['QUALYS_PASSKEY_FOR', 'QUALYS_FOUR_EYES'])
      expect(needsPerson(settingsFrom({ [name]: named }), call)).toBe(is)
  })
})

describe('a person has to approve', () => {
  const asked = (environment: Environment, effect: Effect): boolean =>
    asksPerson(settingsFrom(environment), { ...plain(effect), namesSecret: false })

  test.each(['QUALYS_PASSKEY_FOR', 'QUALYS_FOUR_EYES'])('what %s names, in any mode', (name) => {
    const areAsked = (environment: Environment): boolean[] =>
      effects.map((effect) => asked({ ...environment, [name]: 'delete' }, effect))
    expect(areAsked({ QUALYS_CONFIRM: 'create' })).toEqual([true, false, true, false])
    expect(areAsked({ QUALYS_MODE: 'unattended' })).toEqual([false, false, true, false])
  })

  test('nothing in mode unattended unless one of them names it', () => {
    expect(effects.map((effect) => asked({ QUALYS_MODE: 'unattended' }, effect))).toEqual(
      effects.map(() => false),
    )
  })
})

describe('in words', () => {
  test.each<readonly [readonly Way[], boolean, string]>([
    [['passkey'], false, 'only a passkey on the approval page counts'],
    [['passkey'], true, 'only the passkey of another person counts'],
    [['page'], false, 'only the approval page counts'],
    [['page'], true, 'only the approval page counts, by another person'],
    [['client'], false, 'only the form of the client counts'],
    [['client', 'terminal'], false, 'only the form of the client and a terminal count'],
  ])('%j, of another person: %s', (ways, needsOther, text) => {
    expect(waysText({ ways, needsOther })).toBe(text)
  })

  test.each([
    ['terminal', 'terminal', 'in a terminal'],
    ['page', 'page key', 'on the approval page'],
    ['page', 'login', 'on the approval page'],
    ['page', 'passkey', 'on the approval page with a passkey'],
  ] as const)('%s, %s', (way, by, text) => {
    expect(placeOf({ way, by })).toBe(text)
  })
})
