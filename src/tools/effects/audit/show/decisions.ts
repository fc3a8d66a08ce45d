import { statSync } from 'node:fs'
import { z } from 'zod'
import { recordSchema } from '../../approval/approval-record.ts'
import type { LoggedDecision } from '../../approval/page/contract.ts'
import { type Entry, linesIn, matchesHash, parseEntry } from '../audit-line.ts'

// The last decisions, for the page. Only the end of a log is read.

const maxDecisions = 100
/** Bytes of the end of a log. */
const maxTail = 8 * 1024 * 1024

const factsSchema = z.object({
  tool: z.string(),
  call: z.string(),
  attempt: z.string(),
  effect: z.string().optional(),
  by: z.string().optional(),
  kind: z.string().optional(),
  why: z.string().optional(),
  outcome: z.unknown().optional(),
  record: recordSchema.optional().catch(undefined),
  shown: z.object({ headline: z.string() }).optional().catch(undefined),
  caller: z.object({ person: z.string() }).nullish().catch(undefined),
})

type Facts = z.output<typeof factsSchema>
type OpenDecision = { -readonly [Name in keyof LoggedDecision]: LoggedDecision[Name] }

/** A decision of a person in a line; undefined for other lines, and where the settings approved. */
function decisionIn(
  { event, time = '' }: Entry,
  facts: Facts,
  person: string | undefined,
): OpenDecision | undefined {
  const { tool, effect = facts.record?.effect ?? '', by, kind, why, record, shown } = facts
  const isYes = event === 'approved' && by !== undefined && by !== 'settings'
  const isNo =
    event === 'refused' && kind === 'declined' && /^(?:The|A) person said no(?! to this call)/.test(why ?? '')
  if (!isYes && !isNo) return undefined
  return {
    at: time,
    decision: isYes ? 'approved' : 'declined',
    tool,
    effect,
    by: isYes ? by : (why ?? ''),
    ...(shown && { headline: shown.headline }),
    ...(record && { record }),
    ...(person !== undefined && { person }),
  }
}

/** The last decisions in an audit log, newest first. Lines that were changed are left out. */
export async function lastDecisions(path: string): Promise<readonly LoggedDecision[]> {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size === 0) return []
  const decisions: OpenDecision[] = []
  const open = new Map<string, OpenDecision>()
  const people = new Map<string, string>()
  for await (const { bytes } of linesIn(path, Math.max(0, size - maxTail))) {
    const entry = bytes && matchesHash(bytes) ? parseEntry(bytes) : undefined
    if (!entry) continue
    const { chain, event } = entry
    if (event === 'start') {
      const start = z.object({ caller: z.object({ person: z.string() }) }).safeParse(entry.facts).data
      if (start) people.set(chain, start.caller.person)
      continue
    }
    const facts = factsSchema.safeParse(entry.facts).data
    if (!facts) continue
    const key = `${chain} ${facts.call} ${facts.attempt}`
    if (event === 'answered') {
      const decision = open.get(key)
      if (decision) decision.outcome = String(facts.outcome)
      open.delete(key)
      continue
    }
    // A line names its caller only where that is not the one of the chain.
    const person = facts.caller === undefined ? people.get(chain) : facts.caller?.person
    const decision = decisionIn(entry, facts, person)
    if (!decision) continue
    decisions.push(decision)
    if (decision.decision === 'approved') open.set(key, decision)
    if (decisions.length > maxDecisions) decisions.shift()
  }
  return decisions.reverse()
}
