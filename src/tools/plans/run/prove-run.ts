import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Row } from '../../../session/answer.ts'
import { counted } from '../../../shared/format.ts'
import { canonicalJson, isId, isObject } from '../../../shared/json.ts'
import type { ToolContext } from '../../tool.ts'
import { PlanHold } from '../hold.ts'
import type { PlanEvent, RunCandidate } from '../plan.ts'
import { doubtMs, type Runner } from '../runner.ts'
import type { EventOf, PlanState } from '../state/plan-state.ts'
import { waveInWords } from '../wave-names.ts'
import { callsInAudit, type OtherPlans, readOtherPlans } from './known-runs.ts'
import { readNewestRuns } from './newest-runs.ts'

// What became of an intent without an answer: the process that wrote it may have ended, or the answer was lost.
// A run is adopted only if it is proved; that no run is seen proves nothing.

type Intent = EventOf<'intent'>
type Sent = Extract<PlanEvent, { readonly kind: 'sent' }>

/** The times of Qualys and the journal are of other clocks, and of seconds. */
const clockSlackMs = 5_000

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

const showsMark = (run: Row, { mark }: Intent): boolean => textsIn(run).some((text) => text.includes(mark))

const createdAt = ({ created }: Row): string | undefined => {
  const time = isObject(created) ? created['dateTime'] : undefined
  return typeof time === 'string' ? time : undefined
}

/** The ids by which a run can be claimed. */
const namesOf = ({ id, correlationUuid }: Row): readonly string[] =>
  [id, correlationUuid].filter(isId).map((name) => String(name).toLowerCase())

const sameHosts = (one: Intent, other: Intent): boolean =>
  canonicalJson([...one.hosts].sort()) === canonicalJson([...other.hosts].sort())

/** Why a run with the hosts of an intent may be that of another plan; undefined if it cannot. */
function rivalFault(
  run: Row,
  script: string,
  intent: Intent,
  { open }: OtherPlans,
  context: ToolContext,
): string | undefined {
  const rival = open.find(
    ({ plan, intent: other }) =>
      plan.script.id === script &&
      sameHosts(intent, other) &&
      !other.before.includes(String(run['id'])) &&
      exclusionOf(run, other, context) === undefined,
  )
  return (
    rival &&
    `it has the hosts of the wave, and those of rollout ${rival.plan.id}, which was not answered either`
  )
}

/** Why a run cannot be the one of the intent; undefined if it can. */
function exclusionOf(run: Row, intent: Intent, context: ToolContext): string | undefined {
  const created = Date.parse(createdAt(run) ?? '')
  const from = intent.qualysTime - clockSlackMs
  const sendMs = intent.until - intent.at
  const to = intent.qualysTime + sendMs + doubtMs(context.configuration.settings) + clockSlackMs
  if (run['schedulerId'] || run['executionType'] === 'Automated') return 'a schedule started it'
  if (run['isTest'] === true || run['test'] === true) return 'it is an evaluation on lab hosts'
  // That of a wave holds its mark.
  if (typeof run['description'] === 'string' && run['description'] !== '') return 'it has another description'
  if (Number.isNaN(created)) return 'it does not show when it was created'
  if (created < from || created > to) return 'it was created at another time'
  return undefined
}

/** The ids of the hosts of a run; undefined if a result does not show its host. */
async function hostsOfRun(jobId: string, context: ToolContext): Promise<ReadonlySet<string> | undefined> {
  const hosts = new Set<string>()
  for await (const { rows, resultLimit } of context.session.walk(
    searchAssetJobs,
    { jobId },
    { signal: context.signal },
  )) {
    if (resultLimit !== undefined) return undefined
    for (const { asset } of rows) {
      const id = isObject(asset) ? asset['id'] : undefined
      if (!isId(id)) return undefined
      hosts.add(String(id))
    }
  }
  return hosts
}

/** What the hosts of a run say about it. */
interface HostsFault {
  readonly why: string
  /** True if the run reaches a host that the wave does not. */
  readonly isForeign: boolean
}

/** Why the hosts of a run do not prove that it is the wave's; undefined if they are all and only those of the wave. */
async function hostsFault(
  jobId: string,
  { hosts }: Intent,
  context: ToolContext,
): Promise<HostsFault | undefined> {
  const found = await hostsOfRun(jobId, context)
  if (!found) return { why: 'its results do not all show their host', isForeign: false }
  const missing = hosts.filter((id) => !found.has(id)).length
  const others = found.size - (hosts.length - missing)
  if (missing === 0 && others === 0) return undefined
  return {
    why: `it shows ${hosts.length - missing} of the ${counted(hosts.length, 'host')} of the wave${others > 0 ? ` and ${others} others` : ''}`,
    isForeign: others > 0,
  }
}

const candidateOf = (run: Row, why: string): RunCandidate => {
  const { correlationUuid } = run
  const created = createdAt(run)
  return {
    jobId: String(run['id']),
    ...(typeof correlationUuid === 'string' && { correlationUuid }),
    ...(created !== undefined && { created }),
    why,
  }
}

const sentAs = (wave: number, run: Row, adopted: NonNullable<Sent['adopted']>): Sent => {
  const { correlationUuid } = run
  return {
    kind: 'sent',
    wave,
    jobId: String(run['id']),
    ...(typeof correlationUuid === 'string' && { correlationUuid }),
    adopted,
  }
}

/** More than a person compares. */
const maxCandidates = 5

const howToResume =
  'Look in the Qualys UI whether it ran; then car_resume_rollout with adopt (its job id), or with notRun if it did not.'

/**
 * The run of an intent whose request has certainly ended. Throws a PlanHold with the candidates if none is proved.
 */
export async function proveRun(
  { journals, context }: Runner,
  { plan }: PlanState,
  index: number,
  intent: Intent,
): Promise<Sent> {
  const runs = await readNewestRuns(plan.script.id, context)
  const where = waveInWords(plan, index)
  const unproved = (found: string, candidates?: readonly RunCandidate[]): PlanHold =>
    new PlanHold(
      'unproved run',
      `Whether ${where} ran is not known: its request was not answered, and ${found} ${howToResume}`,
      candidates && { candidates },
    )
  const marked = runs.filter(
    (run) => showsMark(run, intent) || callsInAudit(run, context).includes(intent.call),
  )
  if (marked[0] && marked.length === 1) return sentAs(index, marked[0], 'by its mark')
  // Who starts a run again in the portal may take its description over.
  if (marked.length > 1)
    throw unproved(
      `${counted(marked.length, 'run')} of script ${plan.script.id} show its mark.`,
      marked
        .slice(0, maxCandidates)
        .map((run) => candidateOf(run, 'it shows the mark, and so does another one')),
    )
  const others = readOtherPlans(journals, plan.id)
  const before = new Set(intent.before)
  const possible = runs.filter(
    (run) =>
      !before.has(String(run['id'])) &&
      exclusionOf(run, intent, context) === undefined &&
      !namesOf(run).some((name) => others.claimed.has(name)) &&
      callsInAudit(run, context).length === 0,
  )
  if (possible.length === 0)
    throw unproved(`no new run of script ${plan.script.id} is seen. That proves nothing.`)
  const exact: Row[] = []
  const candidates: RunCandidate[] = []
  let isAmbiguous = possible.length > maxCandidates
  for (const run of possible.slice(0, maxCandidates)) {
    const fault = await hostsFault(String(run['id']), intent, context)
    const rival = fault ? undefined : rivalFault(run, plan.script.id, intent, others, context)
    if (!fault) exact.push(run)
    // A host that never answers may be missing, but no run of the wave reaches another one.
    isAmbiguous ||= rival !== undefined || fault?.isForeign === false
    candidates.push(
      candidateOf(run, fault?.why ?? rival ?? 'it has the hosts of the wave, and another one may be it'),
    )
  }
  if (exact[0] && exact.length === 1 && !isAmbiguous) return sentAs(index, exact[0], 'by its hosts')
  throw unproved(`${counted(possible.length, 'run')} of script ${plan.script.id} may be the one.`, candidates)
}
