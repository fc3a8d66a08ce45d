import { readFileSync } from 'node:fs'
import type { PlanEvent, PlanLine } from '../../../src/tools/plans/plan.ts'

// The audit log and the journal of a rollout agree:
// - each `sent` of the audit log names one intent of the journal, by its call, and no intent has two;
// - an intent that Qualys answered (`sent`, not adopted) has its `sent`, and its `answered` with that run;
// - an intent that lapsed has no `sent`, or an answer that refused it;
// - any other intent may have a `sent`: its outcome is unclear, or its process ended before the journal knew it.

/** A line of an audit log. */
export interface AuditLine {
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export const auditLinesIn = (path: string): readonly AuditLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine)

type Intent = Extract<PlanLine, { kind: 'intent' }>

/** What the journal says of an intent: the line that settled it. */
function outcomeOf(intent: Intent, lines: readonly PlanLine[]): PlanEvent | undefined {
  return lines
    .slice(intent.seq)
    .find(
      (line) =>
        ((line.kind === 'sent' || line.kind === 'lapsed') && line.wave === intent.wave) ||
        (line.kind === 'resumed' && (line.adopt !== undefined || line.notRun === true)),
    )
}

const refusals = ['input', 'setup', 'busy', 'vendor']

/** Where a journal and an audit log disagree, each as a sentence. */
export function disagreements(lines: readonly PlanLine[], audit: readonly AuditLine[]): readonly string[] {
  const planId = lines[0]?.id
  const intents = lines.filter((line) => line.kind === 'intent')
  const calls = new Set(intents.map(({ call }) => call))
  const own = audit.filter(({ facts }) => facts['plan'] === planId && facts['wave'] !== undefined)
  const faults = own
    .filter(({ event, facts }) => event === 'sent' && !calls.has(String(facts['call'])))
    .map(({ facts }) => `the audit log sent ${String(facts['call'])}, which is no intent`)
  for (const intent of intents) {
    const { call, wave } = intent
    const of = (event: string) =>
      own.filter(({ event: name, facts }) => name === event && facts['call'] === call)
    const sent = of('sent')
    const [answered] = of('answered')
    const outcome = outcomeOf(intent, lines)
    if (sent.length > 1) faults.push(`intent ${call} was sent ${sent.length} times`)
    if (sent.some(({ facts }) => facts['wave'] !== wave + 1)) faults.push(`intent ${call} is of another wave`)
    if (outcome?.kind === 'sent' && outcome.adopted === undefined) {
      if (sent.length === 0) faults.push(`intent ${call} was answered and not sent`)
      if (answered?.facts['id'] !== outcome.correlationUuid) faults.push(`intent ${call} has another answer`)
    }
    if (
      outcome?.kind === 'lapsed' &&
      sent.length > 0 &&
      !refusals.includes(String(answered?.facts['outcome']))
    )
      faults.push(`intent ${call} lapsed and was sent`)
  }
  return faults
}
