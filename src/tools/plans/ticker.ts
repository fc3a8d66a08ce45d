import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf } from '../../shared/log.ts'
import type { ServerServices } from '../tool.ts'

// Moves plans on where a server may send waves (design 14). The start of a server loads nothing else of it.

const intervalMs = 2_000

/** What moves plans on. */
export interface Ticker {
  /** Ends it, once the step that it takes is over. */
  readonly close: () => Promise<void>
}

/** Looks at the plans of a state folder again and again. Loads what moves them once there are any. */
export function startTicker(services: ServerServices, everyMs = intervalMs): Ticker {
  const { safeguards, log } = services
  const ended = new AbortController()
  const folder = join(safeguards.stateDir, 'plans')
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let move: (() => Promise<unknown>) | undefined
  const tick = async (): Promise<void> => {
    if (!existsSync(folder)) return
    if (!move) {
      const { movePlans, newMemory } = await import('./run/move-plans.ts')
      const memory = newMemory()
      move = () => movePlans(services, memory, ended.signal)
    }
    await move()
  }
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = tick()
        .catch((error: unknown) => log.error(factsOf(error), 'plans could not be moved on'))
        .finally(() => {
          if (!ended.signal.aborted && !safeguards.ending.aborted) schedule()
        })
    }, everyMs)
    timer.unref()
  }
  if (safeguards.movesPlans) schedule()
  return {
    close: async () => {
      ended.abort()
      clearTimeout(timer)
      await running
    },
  }
}
