import { setTimeout } from 'node:timers/promises'
import { SettingsError } from '../../shared/errors.ts'
import { journalsOf } from '../../tools/plans/journals.ts'
import { readPlans } from '../../tools/plans/open-plans.ts'
import { movePlans, newMemory } from '../../tools/plans/run/move-plans.ts'
import type { CommandContext } from '../context.ts'
import { serverOptionsFor } from '../setup/server-options.ts'
import type { ShutdownSignals } from '../shutdown.ts'
import { newsOfPlans } from './news.ts'

const intervalMs = 2_000

/** Waits for work that ends by itself after the first request to end; a second request does not wait. */
async function untilEnded(
  work: Promise<number>,
  { requested, forced }: ShutdownSignals,
  watches: boolean,
): Promise<number> {
  const first = await Promise.race([work, requested])
  if (typeof first === 'number') return first
  if (first.broken) return first.code
  const second = await Promise.race([work, forced])
  if (typeof second !== 'number') return second.code
  return watches ? second : first.code
}

/**
 * `qualys-mcp plans advance [--watch]`: moves the rollouts of this account on as far as they go now, or until the program is
 * told to end, which lets the step under way finish. Without --watch, exit code 1 if a rollout could not
 * be moved or is damaged.
 */
export async function advancePlans(context: CommandContext): Promise<number> {
  const { invocation, print, warn, shutdown } = context
  const watches = invocation.flags['watch'] === true
  const options = serverOptionsFor(context, false, {
    ...{ movesPlans: true, tellsProblems: true },
    endsAtOnce: !watches,
  })
  const { configuration, safeguards, redact } = options
  if (configuration.settings.mode === 'read-only')
    throw new SettingsError(
      'Nothing moves a rollout in mode read-only: set QUALYS_MODE to the mode of the server.',
    )
  const { ending, stateDir } = safeguards
  const before = readPlans(journalsOf(safeguards))
  const memory = newMemory()
  // This command prints them itself.
  for (const { message } of before.damaged) memory.reported.add(message)
  const report = newsOfPlans(before.open, stateDir, { print, warn, redact })
  // A step that is under way finishes: only what begins anew asks whether the program ends.
  const { signal } = new AbortController()
  const look = async (): Promise<boolean> => {
    const moved = await movePlans(options, memory, signal)
    report(moved)
    return moved.problems.length === 0
  }
  const watch = async (): Promise<number> => {
    while (!ending.aborted) {
      await look()
      await setTimeout(intervalMs, undefined, { signal: ending }).catch(() => undefined)
    }
    return 0
  }
  if (watches) print('Rollouts are moved on until this is ended.')
  const work = watches ? watch() : look().then((isWell) => (isWell ? 0 : 1))
  return untilEnded(work, shutdown, watches)
}
