import { searchJobs } from '../../../operations/car/runs.ts'
import { QualysError, SetupError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { budgetAccess, budgetsLeft, budgetsOf } from '../../effects/budgets/budget.ts'
import { limitsOf } from '../../effects/budgets/budget-limits.ts'
import { credentialWarnings } from '../../effects/policy/credential-warnings.ts'
import { LimitError, limitError } from '../../effects/policy/limits/limit-error.ts'
import { refuseMasks } from '../../effects/policy/refuse-masks.ts'
import { fillIn } from '../../effects/prepare/filled-call.ts'
import { inspectCar } from '../../effects/prepare/inspect-car.ts'
import { refuse } from '../../effects/prepare/refuse.ts'
import { readPage } from '../../effects/targets/lookup.ts'
import type { ToolContext } from '../../tool.ts'
import { execute } from '../execute.ts'
import type { RolloutPlan } from '../plan.ts'
import { plannedHosts } from '../propose/waves.ts'
import { qualysTime } from '../run/newest-runs.ts'
import { argumentsOf } from '../run/wave-call.ts'
import { firstOpening } from '../state/due.ts'
import { capitalized, waveInWords, waveText } from '../wave-names.ts'
import { windowsOf } from '../windows.ts'

/** Looks at one wave as at the run that it will be. Throws what forbids that run; returns what is to be said of it. */
async function inspectWave(
  plan: RolloutPlan,
  index: number,
  context: ToolContext,
): Promise<readonly string[]> {
  const hosts = plan.waves[index]?.hosts ?? []
  const args = argumentsOf(plan, index, hosts, 'x'.repeat(12))
  const { change } = execute
  const { session, signal } = context
  refuseMasks(execute, args)
  refuse(change.validate?.(args, Date.now()), session.redact)
  const call = await fillIn(execute, args, context)
  const named = change.targets(args)
  if (named.product !== 'car') return []
  const resolved = await session.resolveReferences(execute, args, { signal })
  for (const { name } of change.secrets?.(args) ?? []) resolved.secret(name)
  refuse(change.validateWith?.(args, resolved), session.redact)
  try {
    const { warnings = [], parts } = await inspectCar(execute, named, call, context)
    return [...warnings, ...parts.warnings, ...credentialWarnings(args)]
  } catch (error) {
    if (!(error instanceof LimitError)) throw error
    throw error.withMessage(`${waveInWords(plan, index)}: ${error.message}`)
  }
}

/** Looks at every wave. Returns what a person must not overlook: what holds for all waves once, the rest by its wave. */
export async function inspectWaves(plan: RolloutPlan, context: ToolContext): Promise<readonly string[]> {
  const wavesOf = new Map<string, number[]>()
  for (const index of plan.waves.keys())
    for (const warning of new Set(await inspectWave(plan, index, context)))
      wavesOf.set(warning, [...(wavesOf.get(warning) ?? []), index])
  return [...wavesOf].flatMap(([warning, waves]) =>
    waves.length === plan.waves.length
      ? [warning]
      : waves.map((index) => `${capitalized(waveText(index, plan.waves[index]?.name ?? ''))}: ${warning}`),
  )
}

/** Throws if a wave can never be within a budget; returns notes about what is left of them. */
export function checkPlanBudgets(plan: RolloutPlan, context: ToolContext): readonly string[] {
  const limits = limitsOf(context.configuration.settings)
  const access = budgetAccess(context, plan.account)
  const maxHosts = limits.get('hosts')?.max
  for (const [index, { hosts }] of plan.waves.entries())
    if (maxHosts !== undefined && hosts.length > maxHosts)
      throw limitError(
        `${waveInWords(plan, index)} has ${counted(hosts.length, 'host')}, and QUALYS_MAX_HOSTS_PER_DAY is ${formatNumber(maxHosts)}`,
        'QUALYS_MAX_HOSTS_PER_DAY',
      )
  if (limits.get('runs')?.max === 0)
    throw limitError('QUALYS_MAX_RUNS_PER_HOUR is 0', 'QUALYS_MAX_RUNS_PER_HOUR')
  const total = plannedHosts(plan.waves)
  return [
    ...budgetsLeft(budgetsOf.car, access).map((text) => `now: ${text}`),
    ...(maxHosts !== undefined && total > maxHosts
      ? [
          `the waves together have ${counted(total, 'host')}, more than the ${formatNumber(maxHosts)} of one day: a wave that finds too few left holds the plan`,
        ]
      : []),
  ]
}

/** Throws if the windows of the plan and of the operator are never open at the same time. */
export function checkWindows(plan: RolloutPlan, { configuration }: ToolContext, now: number): void {
  const { window } = configuration.settings
  if (firstOpening(now, window, windowsOf(plan)) !== undefined) return
  throw new SetupError(
    `The window of the plan (${plan.window}) is never open together with QUALYS_WINDOW (${window?.join('; ')}).`,
    'Pass a window that lies within it, or leave it out.',
  )
}

const executionsPerDay = 1_000

/** How many runs of today Qualys lists: it allows each user so many a day (docs.qualys.com, CAR scripts). */
export async function executionsNote(context: ToolContext): Promise<readonly string[]> {
  const today = new Date(await qualysTime(context)).toISOString().slice(0, 10)
  try {
    const page = await readPage(context, searchJobs, { startAt: `${today}T00:00:00Z`, pageSize: 1 })
    if (page?.total === undefined) return []
    return [
      `now: ${counted(page.total, 'run')} of today ${page.total === 1 ? 'is' : 'are'} listed; Qualys allows each user ${formatNumber(executionsPerDay)} executions a day, and a wave is one`,
    ]
  } catch (error) {
    if (error instanceof QualysError) return []
    throw error
  }
}
