import type { PlanJournals } from '../../../src/tools/plans/journal/port.ts'
import { setJournals } from '../../../src/tools/plans/journals.ts'
import type { PlanEvent } from '../../../src/tools/plans/plan.ts'
import type { Safeguards } from '../../../src/tools/tool.ts'
import type { RolloutServer } from './rollout-server.ts'

/** Before: nothing was written. After: the line is there, and who wrote it does not know. */
export type Moment = 'before' | 'after'

/** Thrown where a process ends, and by all that it would have done then. */
class Crash extends Error {}

/** True at the point at which a process ends: the nth line that it writes, from 1 on. */
export type IsFatal = (moment: Moment, n: number, event: PlanEvent) => boolean

/** Journals of a process that may end while it writes a line. */
export interface MortalJournals extends PlanJournals {
  readonly isDead: () => boolean
  /** The kinds of the lines that were begun. */
  readonly begun: readonly PlanEvent['kind'][]
}

/** Journals whose process ends at a point: whatever it does after that does not happen. */
function mortalJournals(journals: PlanJournals, isFatal: IsFatal): MortalJournals {
  let isDead = false
  const begun: PlanEvent['kind'][] = []
  const live = <T>(work: () => T): T => {
    if (isDead) throw new Crash('the process has ended')
    return work()
  }
  const endIf = (isEnd: boolean): void => {
    if (!isEnd) return
    isDead = true
    throw new Crash('the process ends')
  }
  return {
    isDead: () => isDead,
    begun,
    list: () => live(journals.list),
    read: (id) => live(() => journals.read(id)),
    append: (id, lines, event, who) =>
      live(() => {
        begun.push(event.kind)
        endIf(isFatal('before', begun.length, event))
        const line = journals.append(id, lines, event, who)
        endIf(isFatal('after', begun.length, event))
        return line
      }),
    lease: (id, runner, ms) =>
      live(() => {
        const lease = journals.lease(id, runner, ms)
        // Nobody gives back what a killed process has.
        return (
          lease && {
            renew: () => !isDead && lease.renew(),
            release: () => {
              if (!isDead) lease.release()
            },
          }
        )
      }),
    notify: journals.notify,
  }
}

/** Lets a process end at a point. Its audit log has nothing of what it would have done after that. */
export function letDieIn(safeguards: Safeguards, journals: PlanJournals, isFatal: IsFatal): MortalJournals {
  const mortal = mortalJournals(journals, isFatal)
  setJournals(safeguards, mortal)
  const { audit } = safeguards
  if (audit) {
    const record = audit.record.bind(audit)
    Object.assign(audit, {
      record: (...line: Parameters<typeof record>) => {
        if (mortal.isDead()) throw new Crash('the process has ended')
        record(...line)
      },
    })
  }
  return mortal
}

/** The same for a server that a test moves on. */
export const letDie = ({ parts }: RolloutServer, journals: PlanJournals, isFatal: IsFatal): MortalJournals =>
  letDieIn(parts.options.safeguards, journals, isFatal)
