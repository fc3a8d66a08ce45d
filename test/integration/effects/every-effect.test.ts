import { describe, expect } from 'vitest'
import { z } from 'zod'
import type { EffectTargets } from '../../../src/operations/effects/effect-targets.ts'
import { type EffectOperation, isEffect } from '../../../src/operations/operation.ts'
import { approvalFault } from '../../../src/tools/effects/audit/approval-fault.ts'
import { effectTest, sentEvents } from '../../support/effects/fixtures.ts'
import { countRequests, requestOf } from '../../support/effects/unattended.ts'
import { minimalArguments, minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { servedOperations } from '../../support/operations/served-routes.ts'

// Every effect has its lines in the audit log, and is held to the limits that its targets call for. A new effect is
// in these tables by itself.

const effects = servedOperations.filter(isEffect)
const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_ASSETS_PER_RUN: '100' }

const test = effectTest({ jobs: 200 }).extend<{
  argsOf: (operation: EffectOperation) => Record<string, unknown>
}>({
  argsOf: async ({ sandbox }, use) => {
    const minimal = await minimalArgumentsOn(sandbox.control)
    await use(({ name, input }) => z.object(input).parse(minimal[name]))
  },
})

/** The arguments as the log shows them: long texts as hashes. */
const logged = (args: object): object => ({
  ...args,
  ...Object.fromEntries(
    ['content', 'sections'].flatMap((name) =>
      name in args ? [[name, expect.stringMatching(/^sha256 [0-9a-f]{64}$/)]] : [],
    ),
  ),
})

test('there are effects', () => expect(effects.length).toBeGreaterThan(30))

describe('the audit log', () => {
  test.for(effects)('has each event of $name', async (operation, { serve, audit, argsOf }) => {
    const { name, effect, change } = operation
    const args = argsOf(operation)
    const { text } = await (await serve(settings)).call(name, args)
    expect(audit.events(), text).toEqual(sentEvents)
    const [asked, approved, sent, answered] = audit.lines().map(({ facts }) => facts)
    const same = {
      tool: name,
      call: expect.stringMatching(/^[0-9a-f]{16}$/),
      attempt: expect.stringMatching(/^[0-9a-f]{8}$/),
    }
    expect(asked).toEqual({
      ...same,
      effect: change.effect?.(args) ?? effect,
      arguments: logged(args),
    })
    expect(approved).toMatchObject({
      ...same,
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    // What was shown proves what was approved.
    expect(approved).toHaveProperty('shown')
    expect(approvalFault(approved)).toBeUndefined()
    expect(sent).toEqual(same)
    expect(answered).toMatchObject({ ...same, outcome: 'done' })
  })
})

/** The strictest settings for a call, the arguments that are over them, and the limit that forbids it. */
interface Limited {
  readonly strict: Record<string, string>
  readonly args: Record<string, unknown>
  readonly refusal: RegExp
}

/** The same list with one entry more. */
function withOneMore(list: readonly unknown[]): unknown[] {
  const [first] = list
  return [
    ...list,
    typeof first === 'object' ? { ...first, emailAddress: 'other@vendor.example' } : '987654321',
  ]
}

/** The limits that targets call for; none for an effect that runs no code, changes no script and names no bulk. */
function limitsFor({ effect, change }: EffectOperation, args: Record<string, unknown>): Limited[] {
  const targets: EffectTargets = change.targets(args)
  if (targets.product === 'saq') {
    if (targets.bulkSize === undefined) return []
    const more = Object.entries(args).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length === targets.bulkSize ? withOneMore(value) : value,
    ])
    const refusal = /this call names \d+ objects, and QUALYS_MAX_BULK is 1\./
    return [{ strict: { QUALYS_MAX_BULK: '1' }, args: Object.fromEntries(more), refusal }]
  }
  const { scripts, schedules, changesScript } = targets
  if (changesScript)
    return [
      {
        strict: { QUALYS_ALLOWED_SCRIPTS: String(scripts) },
        args,
        refusal: /is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change/,
      },
    ]
  if (effect !== 'execute' || (scripts ?? schedules) === undefined) return []
  return [
    {
      strict: { QUALYS_ALLOWED_SCRIPTS: '1' },
      args,
      refusal: /script \d+ is not one of QUALYS_ALLOWED_SCRIPTS/,
    },
    {
      strict: { QUALYS_MAX_ASSETS_PER_RUN: '0' },
      args,
      refusal: /QUALYS_MAX_ASSETS_PER_RUN/,
    },
  ]
}

/** True if a limit applies to the minimal call. */
const isLimited = (operation: EffectOperation): boolean =>
  limitsFor(operation, z.object(operation.input).parse(minimalArguments[operation.name])).length > 0

describe('the limits', () => {
  test.for(effects.filter(isLimited))('hold for $name', async (operation, { serve, sandbox, argsOf }) => {
    for (const { strict, args, refusal } of limitsFor(operation, argsOf(operation))) {
      const { text, isError } = await (await serve({ ...settings, ...strict })).call(operation.name, args)
      expect(text).toMatch(refusal)
      expect(isError).toBe(true)
    }
    expect(await countRequests(sandbox.control, requestOf(operation, argsOf(operation)))).toBe(0)
  })

  test.for(effects.filter((operation) => !isLimited(operation)))(
    'let $name through, however strict',
    async (operation, { serve, sandbox, argsOf }) => {
      const strict = { QUALYS_MAX_ASSETS_PER_RUN: '0', QUALYS_MAX_BULK: '1', QUALYS_ALLOWED_SCRIPTS: '1' }
      const server = await serve({ ...settings, ...strict })
      const { text } = await server.call(operation.name, argsOf(operation))
      const sent = await countRequests(sandbox.control, requestOf(operation, argsOf(operation)))
      expect(sent, text).toBe(1)
    },
  )

  test('forbid all that runs code on hosts, changes a script, or names several objects', () => {
    expect(effects.filter(isLimited).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'car_update_script',
        'car_execute_script',
        'car_create_schedule',
        'car_update_schedule',
        'car_activate_schedule',
        'saq_update_templates',
        'saq_create_users',
        'saq_update_users',
        'saq_delete_users',
      ]),
    )
  })
})
