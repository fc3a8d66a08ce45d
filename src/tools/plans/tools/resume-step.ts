import { searchJobs } from '../../../operations/car/runs.ts'
import type { InputOf } from '../../../operations/fields.ts'
import { InputError, SetupError } from '../../../shared/errors.ts'
import { readRows } from '../../effects/targets/lookup.ts'
import type { ToolContext } from '../../tool.ts'
import { waveStep } from '../approval/ask.ts'
import { type PlanStep, type Resumption, sealedResumption } from '../approval/plan-call.ts'
import { heldSeq } from '../approval/yes-of-wave.ts'
import { PlanHold } from '../hold.ts'
import { journalsOf } from '../journals.ts'
import type { resumeInput } from '../propose/plan-inputs.ts'
import { resumePreview } from '../propose/progress-preview.ts'
import { plannedHosts } from '../propose/waves.ts'
import { readOtherPlans } from '../run/known-runs.ts'
import { plannedScript } from '../run/planned-script.ts'
import { checkCallerLimits } from '../run/wave-hosts.ts'
import type { OpenPlan } from '../runner.ts'
import { currentWave, waveToApprove } from '../state/plan-state.ts'
import { waveInWords } from '../wave-names.ts'
import { serverWindow } from '../windows.ts'
import { readScriptToPlan } from './propose-plan.ts'

// What a person is asked before a rollout goes on.

/** The arguments of a resumption. */
export type ResumeInput = InputOf<typeof resumeInput>

/** The runs that plans have already. Throws a SetupError if a journal cannot be read. */
function claimedRuns({ safeguards }: ToolContext, own: string): ReadonlySet<string> {
  try {
    return readOtherPlans(journalsOf(safeguards), own).claimed
  } catch (error) {
    if (!(error instanceof PlanHold)) throw error
    throw new SetupError(
      error.message,
      'Ask the operator to look at the journals (car_list_rollouts names them).',
    )
  }
}

/** The run that a person says is the one of the wave. Throws an InputError unless it is a run of the script. */
async function adoptedRun(
  jobId: string,
  { state }: OpenPlan,
  context: ToolContext,
): Promise<NonNullable<Resumption['adopt']>> {
  const { plan } = state
  if (currentWave(state)?.intent?.before.includes(jobId))
    throw new InputError(
      `Run ${jobId} was there before the rollout sent its wave.`,
      'Pass the job id of the run that this wave sent, or notRun: true if there is none.',
    )
  const row = (await readRows(context, searchJobs, [jobId])).get(jobId)
  if (!row)
    throw new InputError(`There is no run ${jobId}.`, 'Pass the job id of the run, from car_search_jobs.')
  if (row['scriptId'] !== undefined && String(row['scriptId']) !== plan.script.id)
    throw new InputError(
      `Run ${jobId} is of script ${String(row['scriptId'])}, and the rollout of script ${plan.script.id}.`,
      'Pass the job id of the run that the rollout sent.',
    )
  const { correlationUuid } = row
  const claimed = claimedRuns(context, plan.id)
  if ([jobId, correlationUuid].some((name) => claimed.has(String(name).toLowerCase())))
    throw new InputError(
      `Run ${jobId} belongs to another wave or rollout already.`,
      'Pass the job id of the run that this wave sent, or notRun: true if there is none.',
    )
  return { jobId, ...(typeof correlationUuid === 'string' && { correlationUuid }) }
}

/** Throws an InputError unless adopt or notRun is given where a run is not proved, and nowhere else. */
function checkProof({ state }: OpenPlan, { adopt, notRun }: ResumeInput): void {
  const { current, plan, held } = state
  const isSending = currentWave(state)?.phase === 'sending'
  // Until a runner has looked for the run, the request may still be on its way.
  const isUnproved = isSending && held?.reason === 'unproved run'
  const where = current === undefined ? '' : waveInWords(plan, current)
  if (adopt !== undefined && notRun)
    throw new InputError('adopt and notRun contradict each other.', 'Pass one of the two.')
  if (isUnproved && adopt === undefined && !notRun)
    throw new InputError(
      `Whether ${where} ran is not known.`,
      'Have a person look in the Qualys UI, then pass adopt (the job id of its run), or notRun: true if it did not run.',
    )
  if (!isUnproved && (adopt !== undefined || notRun))
    throw new InputError(
      isSending
        ? `The request of ${where} may still be on its way, so adopt and notRun cannot be known yet.`
        : 'What became of every wave is known, so adopt and notRun say nothing.',
      isSending
        ? 'Leave them out: its run is looked for, and the rollout is held again if that cannot be told.'
        : 'Leave them out.',
    )
}

function refusePhase({ state: { phase, plan } }: OpenPlan): void {
  if (phase === 'held') return
  const next = {
    proposed: 'It is approved by proposing it again with the same arguments.',
    running: 'It goes on by itself: follow it with car_get_rollout.',
    stopped: 'A stopped rollout is over: propose another one.',
    done: 'All its waves have run.',
    expired: 'Propose it again.',
  } as const
  throw new InputError(`Rollout ${plan.id} is ${phase}, and only a held one can be resumed.`, next[phase])
}

/** The step that a call of the tool asks a person about, and the line that its yes becomes. */
export async function stepFor(open: OpenPlan, input: ResumeInput, context: ToolContext) {
  const { state, lines } = open
  const { plan, waves } = state
  const wave = waveToApprove(state)
  if (wave) {
    checkProof(open, input)
    await checkCallerLimits(plan, [wave.index], context)
    const step = waveStep(open, wave, context)
    return { step, kind: 'approved' as const, wave: wave.index }
  }
  refusePhase(open)
  checkProof(open, input)
  const left = waves.filter(
    ({ phase }) => phase === 'waiting' || (phase === 'sending' && input.notRun === true),
  )
  await checkCallerLimits(
    plan,
    left.map(({ index }) => index),
    context,
  )
  const stored = await readScriptToPlan(plan.script.id, context)
  const script = plannedScript(stored) ?? plan.script
  const adopt = input.adopt === undefined ? undefined : await adoptedRun(input.adopt, open, context)
  const notRun = input.notRun === true ? ({ notRun: true } as const) : undefined
  const resumption: Resumption = {
    held: heldSeq(lines),
    sha256: script.sha256,
    ...(adopt && { adopt }),
    ...notRun,
  }
  const preview = resumePreview(state, {
    script,
    scriptLineCount: stored.lineCount,
    serverWindow: serverWindow(context.configuration.settings),
    ...(adopt && { adopt }),
    ...notRun,
  })
  const step: PlanStep = {
    plan,
    tool: 'car_resume_rollout',
    sealed: sealedResumption(plan, resumption),
    preview,
    hosts: plannedHosts(left.map(({ planned }) => planned)),
  }
  return { step, kind: 'resumed' as const, resumption }
}
