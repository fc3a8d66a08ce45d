import { platformName } from '../../../config/platforms.ts'
import { BusyError, InputError } from '../../../shared/errors.ts'
import { texts } from '../../../shared/format.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { recordLifetimeMs } from '../../effects/approval/approval-record.ts'
import { refuseAtEnd } from '../../effects/refuse-at-end.ts'
import { checkStopFile } from '../../effects/timing/stop-file.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Question, ToolContext, Waiting } from '../../tool.ts'
import {
  approveStep,
  auditAsked,
  auditOfCall,
  auditRefusals,
  isFirstRound,
  useYes,
} from '../approval/approve-step.ts'
import { callOf, type PlanStep, sealedPlan } from '../approval/plan-call.ts'
import { execute } from '../execute.ts'
import type { PlanJournals } from '../journal/port.ts'
import { journalsOf } from '../journals.ts'
import { isOpen, readPlans, whoOf } from '../open-plans.ts'
import type { RolloutPlan } from '../plan.ts'
import { newPlanId } from '../plan-id.ts'
import { requireRollouts } from '../plan-size.ts'
import { planPreview } from '../propose/preview.ts'
import { unplannedText } from '../propose/waves.ts'
import { planReply } from '../reply/plan-reply.ts'
import { isUnapproved, plannedScript, readStoredScript, type StoredScript } from '../run/planned-script.ts'
import { appendTo, type OpenPlan, openPlan } from '../runner.ts'
import { serverWindow } from '../windows.ts'
import { checkPlanBudgets, checkWindows, executionsNote, inspectWaves } from './plan-checks.ts'

/** Open plans of one account: nobody follows more. */
const maxOpenPlans = 100

/** The id of a plan while its waves are checked, before it has one of its own. */
const idOfTrial = 'PLANPLAN'

/** A plan without what is given to it when it is proposed. */
export type PlanDraft = Omit<RolloutPlan, 'v' | 'id' | 'account' | 'platform' | 'caller'>

/** Reads a script that a rollout runs. Throws an InputError for one that may not run, or whose content is not shown. */
export async function readScriptToPlan(scriptId: string, context: ToolContext): Promise<StoredScript> {
  const stored = await readStoredScript(scriptId, context)
  if (isUnapproved(stored))
    throw new InputError(
      `Script ${scriptId} may not run: its status is ${stored.status}.`,
      'Have it approved in Qualys first, then propose the rollout again.',
    )
  if (plannedScript(stored)) return stored
  throw new InputError(
    `The content of script ${scriptId} cannot be read, so a rollout could not tell whether it changes between waves.`,
    'Run it wave by wave with car_execute_script.',
  )
}

/** The same plan, if it was proposed before and nobody has decided yet: identical calls are about one plan. */
function findProposed(journals: PlanJournals, draft: Omit<RolloutPlan, 'id'>): OpenPlan | undefined {
  const wanted = canonicalJson(draft)
  return readPlans(journals).open.find(({ state: { phase, plan } }) => {
    const { id: _, ...rest } = plan
    return phase === 'proposed' && canonicalJson(rest) === wanted
  })
}

/**
 * The same plan, if a person approved it elsewhere and a runner was faster than the call that waited for that, or that
 * was told to come again.
 */
function findBegun(
  journals: PlanJournals,
  draft: Omit<RolloutPlan, 'id'>,
  { approver }: ToolContext,
): OpenPlan | undefined {
  const wanted = canonicalJson(draft)
  return readPlans(journals).open.find(({ state: { phase, plan, approval, approvedAt = 0, resumedAt } }) => {
    if (approval?.way !== 'elsewhere' || resumedAt !== undefined) return false
    const { id: _, ...rest } = plan
    const isRecent = Date.now() - approvedAt < recordLifetimeMs
    const isOpen = phase === 'running' || phase === 'held' || approver.hasWaited === true
    return isRecent && isOpen && canonicalJson(rest) === wanted
  })
}

/** The plan with its place in the journals: proposed before, or new. */
function proposed(
  journals: PlanJournals,
  draft: Omit<RolloutPlan, 'id'>,
  stepFor: (plan: RolloutPlan) => PlanStep,
  context: ToolContext,
): OpenPlan {
  const known = findProposed(journals, draft)
  if (known) return known
  const own = readPlans(journals).open.filter(({ state }) => state.plan.account === draft.account)
  if (own.filter(isOpen).length >= maxOpenPlans)
    throw new BusyError(
      `${maxOpenPlans} rollouts of this account are open already.`,
      'Stop those that nobody needs (car_list_rollouts, car_stop_rollout).',
    )
  const plan: RolloutPlan = { ...draft, id: newPlanId() }
  const digest = callOf(stepFor(plan), context).subject.preview
  // Without a line of its own, the plan of that id would be another one.
  const line = journals.append(plan.id, [], { kind: 'proposed', plan, digest }, whoOf(context))
  const open = line && openPlan(journals, plan.id)
  if (open) return open
  throw new BusyError('The rollout could not be written.', 'Make the call again.')
}

/** What a call proposes. */
export interface Proposal {
  readonly draft: PlanDraft
  readonly script: StoredScript
}

/** Checks a plan before it has its id. Returns the step in which a person approves it under that id. */
async function checkedStep(
  trial: RolloutPlan,
  script: StoredScript,
  context: ToolContext,
): Promise<(plan: RolloutPlan) => PlanStep> {
  checkWindows(trial, context, Date.now())
  const budgetNotes = checkPlanBudgets(trial, context)
  const warnings = await inspectWaves(trial, context)
  const notes = [...budgetNotes, ...(await executionsNote(context))]
  const details = {
    scriptLineCount: script.lineCount,
    serverWindow: serverWindow(context.configuration.settings),
    warnings,
  }
  return (plan) => {
    const { facts, notes: own } = planPreview(plan, details)
    const preview = { facts, notes: [...own, ...notes] }
    return { plan, tool: plan.tool, sealed: sealedPlan(plan), preview }
  }
}

/** What a person would have read about these hosts, where the settings ask nobody. */
function unreadWarnings({ plan, preview }: PlanStep): readonly string[] {
  const usual = new Set(planPreview(plan).facts.warnings)
  const unplanned = unplannedText(plan.fleet, plan.waves)
  return texts(
    unplanned !== undefined && `${unplanned}.`,
    preview.facts.warnings.filter((warning) => !usual.has(warning)),
  )
}

/**
 * Proposes a plan, asks a person about it, and writes both to its journal. Returns how it stands, or what is asked.
 * `proposalOf`: works the plan out of the arguments; what it refuses is in the audit log as well.
 */
export async function proposePlan(
  tool: RolloutPlan['tool'],
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
  proposalOf: () => Promise<Proposal>,
): Promise<Reply | Question | Waiting> {
  const { session, configuration, caller } = context
  const call = { tool, effect: 'execute', args }
  const audit = await auditOfCall(call, context)
  if (isFirstRound(context)) auditAsked(audit, call, context)
  return auditRefusals(audit, context, async () => {
    refuseAtEnd(context.safeguards)
    requireRollouts(context)
    checkStopFile(execute, {}, context)
    const { draft, script } = await proposalOf()
    const whole: Omit<RolloutPlan, 'id'> = {
      v: 1,
      account: session.redact(await session.identity(execute)),
      platform: platformName(configuration.settings),
      caller,
      ...draft,
    }
    const stepFor = await checkedStep({ ...whole, id: idOfTrial }, script, context)
    const journals = journalsOf(context.safeguards)
    const begun = findBegun(journals, whole, context)
    if (begun) {
      audit('answered', { outcome: 'planned', id: begun.state.plan.id })
      return planReply(begun, { context, now: Date.now(), isNew: true })
    }
    const open = proposed(journals, whole, stepFor, context)
    const asked = stepFor(open.state.plan)
    const step = await approveStep(asked, args, audit, context)
    if (!('approval' in step)) return step
    const { approval } = step
    const next =
      appendTo(journals, open, { kind: 'approved', approval }, approval.approvedBy) ??
      openPlan(journals, open.state.plan.id)
    useYes(step, context)
    audit('answered', { outcome: 'planned', id: open.state.plan.id })
    if (!next) throw new BusyError('The rollout cannot be read back.', 'Look at it with car_list_rollouts.')
    const warnings = approval.way === 'settings' ? unreadWarnings(asked) : []
    return planReply(next, { context, now: Date.now(), isNew: true, warnings })
  })
}
