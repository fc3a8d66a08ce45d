import { expect, vi } from 'vitest'
import type { PlanJournals } from '../../../src/tools/plans/journal/port.ts'
import { setJournals } from '../../../src/tools/plans/journals.ts'
import type { PlanEvent } from '../../../src/tools/plans/plan.ts'
import type { Control } from '../sandbox.ts'
import { journalsIn } from './crash-course.ts'
import type { RolloutServer } from './rollout-server.ts'
import { linesIn, sentRuns } from './rollout-test.ts'

// Moments between the intent of a wave, its request and its answer.

/** Calls back once the first line of a kind is written, before its process goes on. */
export function onceWritten(
  server: RolloutServer,
  folder: string,
  kind: PlanEvent['kind'],
  act: () => void,
): void {
  const journals = journalsIn(folder)
  let isDone = false
  const hooked: PlanJournals = {
    ...journals,
    append: (...args) => {
      const line = journals.append(...args)
      if (line?.kind === kind && !isDone) {
        isDone = true
        act()
      }
      return line
    },
  }
  setJournals(server.parts.options.safeguards, hooked)
}

/** The kinds of the lines of a rollout. */
export const kindsIn = (folder: string, id: string) => linesIn(folder, id).map(({ kind }) => kind)

/** Waits until Qualys has started so many runs. */
export const untilRuns = (control: Control, count: number): Promise<unknown> =>
  vi.waitFor(async () => expect(await sentRuns(control)).toHaveLength(count), {
    timeout: 10_000,
    interval: 20,
  })
