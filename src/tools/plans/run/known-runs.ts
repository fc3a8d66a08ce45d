import { readFileSync } from 'node:fs'
import type { Row } from '../../../session/answer.ts'
import { SetupError } from '../../../shared/errors.ts'
import { isObject, parseJson } from '../../../shared/json.ts'
import type { ToolContext } from '../../tool.ts'
import { PlanHold } from '../hold.ts'
import type { PlanJournals } from '../journal/port.ts'
import type { PlanLine, RolloutPlan } from '../plan.ts'
import { foldPlan } from '../state/fold.ts'
import type { EventOf } from '../state/plan-state.ts'

// Runs of which it is known whose they are: from the journals of all plans, and from the audit log.

/** What the journals of all plans say about runs. */
export interface OtherPlans {
  /** The runs that plans have already, by their ids. */
  readonly claimed: ReadonlySet<string>
  /** Intents of other plans that wait for an answer as well. */
  readonly open: readonly { readonly plan: RolloutPlan; readonly intent: EventOf<'intent'> }[]
}

/** Reads the journals of all plans; `own` is the one that asks. Throws a PlanHold if a journal cannot be read. */
export function readOtherPlans(journals: PlanJournals, own: string): OtherPlans {
  const claimed = new Set<string>()
  const open: { plan: RolloutPlan; intent: EventOf<'intent'> }[] = []
  for (const id of journals.list()) {
    const lines = readLines(journals, id)
    for (const line of lines) {
      const run: Partial<Record<'jobId' | 'correlationUuid', string>> | undefined =
        line.kind === 'resumed' ? line.adopt : line.kind === 'sent' || line.kind === 'seen' ? line : undefined
      for (const name of [run?.jobId, run?.correlationUuid])
        if (name !== undefined) claimed.add(name.toLowerCase())
    }
    if (id === own || lines.length === 0) continue
    const { plan, waves } = foldPlan(lines)
    for (const { phase, intent } of waves) if (phase === 'sending' && intent) open.push({ plan, intent })
  }
  return { claimed, open }
}

function readLines(journals: PlanJournals, id: string): readonly PlanLine[] {
  try {
    return journals.read(id)
  } catch (error) {
    if (error instanceof SetupError)
      throw new PlanHold('unproved run', `Which runs belong to other plans cannot be told. ${error.message}`)
    throw error
  }
}

/** The calls to which the audit log has this run as the answer. */
export function callsInAudit(run: Row, { configuration }: ToolContext): readonly unknown[] {
  const { auditFile } = configuration.settings
  const { correlationUuid } = run
  if (auditFile === undefined || typeof correlationUuid !== 'string') return []
  try {
    const lines = readFileSync(auditFile, 'utf8').split('\n')
    return lines
      .filter((line) => line.includes(correlationUuid))
      .map((line) => {
        const facts = parseJson(line)
        return isObject(facts) && isObject(facts['facts']) ? facts['facts']['call'] : undefined
      })
  } catch {
    return []
  }
}
