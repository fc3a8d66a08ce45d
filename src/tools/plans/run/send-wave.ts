import { sha256 } from '../../../shared/crypto.ts'
import { BusyError, messageOf } from '../../../shared/errors.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { budgetAccess, takeCharge } from '../../effects/budgets/budget.ts'
import type { EffectAnswer } from '../../effects/effect-reply.ts'
import { refuseAtEnd } from '../../effects/refuse-at-end.ts'
import { sendOnce, type WriteAuditLine } from '../../effects/send-once.ts'
import { checkStopFile } from '../../effects/timing/stop-file.ts'
import { checkTimeLimits } from '../../effects/timing/time-limits.ts'
import { execute } from '../execute.ts'
import { PlanHold } from '../hold.ts'
import type { PlanEvent } from '../plan.ts'
import { appendTo, type OpenPlan, openPlan, type Runner, runnerName, settleIntent } from '../runner.ts'
import { waveInWords } from '../wave-names.ts'
import { qualysTime } from './newest-runs.ts'
import { isEnding, lapsedAfter, refusedHosts, sendUnlessEnded } from './one-request.ts'
import { asHold, checkApprovals, makeReady, type ReadyWave } from './ready-wave.ts'
import { auditOf, auditWave, callIdOf } from './wave-call.ts'

/** How long after its intent a request may still leave, in ms by the wall clock (design 14). */
const sendWithinMs = 30_000

/** Throws unless this process may still send the intent that it wrote. */
function checkIntent({ journals, now }: Runner, { state, lines }: OpenPlan, until: number): void {
  const newest = openPlan(journals, state.plan.id)
  if (newest?.lines.length !== lines.length || newest.lines.at(-1)?.prev !== lines.at(-1)?.prev)
    throw new BusyError('The plan went on meanwhile; nothing was sent.', '')
  if (now() > until)
    throw new BusyError('The request was not ready within 30 s of its intent; nothing was sent.', '')
}

/** A run that is answered after somebody decided about its wave holds the plan: two may run. */
function holdForLateAnswer(
  { journals }: Runner,
  { state: { plan } }: OpenPlan,
  index: number,
  run: string,
): void {
  const wave = openPlan(journals, plan.id)?.state.waves[index]
  if (wave?.run?.correlationUuid?.toLowerCase() === run.toLowerCase()) return
  throw new PlanHold(
    'unproved run',
    `The request of ${waveInWords(plan, index)} was answered late, with run ${run}, when it had been decided already what became of it. Look in the Qualys UI which runs of script ${plan.script.id} there are.`,
  )
}

/** What is written before a wave is sent. */
async function intentOf({ id, now, context }: Runner, wave: number, ready: ReadyWave) {
  const { args, found, mark, before } = ready
  return {
    ...{ kind: 'intent', wave, runner: id, ...found, mark, before },
    qualysTime: await qualysTime(context),
    until: now() + sendWithinMs,
    arguments: sha256(canonicalJson(args)),
    call: callIdOf(args),
  } as const satisfies PlanEvent
}

/** Writes an intent; undefined if another process went on with the plan. The audit log says why nothing is sent. */
function writeIntent(
  { journals }: Runner,
  open: OpenPlan,
  intent: PlanEvent,
  audit: WriteAuditLine,
): OpenPlan | undefined {
  try {
    const intended = appendTo(journals, open, intent, runnerName)
    if (!intended) audit('refused', { kind: 'busy', why: 'another process went on with the plan' })
    return intended
  } catch (error) {
    audit('refused', { kind: 'setup', why: messageOf(error) })
    throw error
  }
}

/**
 * Sends a wave: the checks, the intent, and the request, which leaves once or not at all. Returns the plan as it is
 * then; undefined if somebody else acted on it. Throws a PlanHold for what only a person can decide.
 */
export async function sendWave(runner: Runner, open: OpenPlan, index: number): Promise<OpenPlan | undefined> {
  const { journals, context } = runner
  const { safeguards, configuration } = context
  const { plan } = open.state
  refuseAtEnd(safeguards)
  if (runner.barred !== undefined)
    throw new PlanHold('refused', `${runner.barred} Stop it, and let somebody else propose what is left.`)
  const ready = await makeReady(open, index, context)
  const { args, approvals, prepared, found } = ready
  const audit = await auditOf(plan, index, args, context)
  auditWave(audit, args, prepared, approvals)
  const intent = await intentOf(runner, index, ready)
  const intended = writeIntent(runner, open, intent, audit)
  if (!intended) return undefined
  const lapse = (why: string, refused: readonly string[] = []): OpenPlan | undefined =>
    settleIntent(journals, intended, {
      ...{ kind: 'lapsed', wave: index, why },
      ...(refused.length > 0 && { refused }),
    })
  let charge: ReturnType<typeof takeCharge>
  try {
    charge = takeCharge(prepared, budgetAccess(context, prepared.account), context.log)
  } catch (error) {
    const hold = asHold(error)
    lapse(oneLine(messageOf(hold), 300))
    audit('refused', { kind: 'setup', why: messageOf(hold) })
    throw hold
  }
  const lastChecks = (): void => {
    refuseAtEnd(safeguards)
    checkStopFile(execute, args, context, prepared.targets)
    checkTimeLimits(execute, prepared, configuration.settings)
    checkIntent(runner, intended, intent.until)
  }
  const check = async (): Promise<void> => {
    await checkApprovals(open, index, context)
  }
  let isSent = false
  let answer: EffectAnswer
  try {
    answer = await sendUnlessEnded(context, async (signal, state) => {
      try {
        const sending = { audit, check, lastChecks, writeChecks: lastChecks, charge, state }
        return await sendOnce(execute, prepared, { ...context, signal }, sending)
      } finally {
        isSent = state.isSent
      }
    })
  } catch (error) {
    const why = lapsedAfter(error, isSent)
    // Whether it happened is looked at later: by any runner, once it is certain that nothing is on its way.
    if (why === undefined) return intended
    const refused = refusedHosts(error, found.hosts)
    const lapsed = lapse(why, refused)
    // The wave is tried again at once, without them. An intent that somebody else settled holds nothing.
    if (refused.length > 0 || !lapsed) return lapsed
    throw !isSent && isEnding(context) ? error : asHold(error)
  }
  const { correlationUuid } = answer.record
  // An answer that names no run proves none.
  if (typeof correlationUuid !== 'string') return intended
  const sent = settleIntent(journals, intended, { kind: 'sent', wave: index, correlationUuid })
  if (!sent) holdForLateAnswer(runner, intended, index, correlationUuid)
  return sent
}
