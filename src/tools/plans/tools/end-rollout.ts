import { quoted } from '../../../operations/sentences.ts'
import { BusyError, InputError } from '../../../shared/errors.ts'
import { refuseAtEnd } from '../../effects/refuse-at-end.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { auditAsked, auditOfCall, auditRefusals } from '../approval/approve-step.ts'
import { journalsOf } from '../journals.ts'
import { findPlan, whoOf } from '../open-plans.ts'
import type { PlanEvent } from '../plan.ts'
import { reasonInput } from '../propose/plan-inputs.ts'
import { planReply } from '../reply/plan-reply.ts'
import { appendTo, type OpenPlan } from '../runner.ts'
import type { PlanPhase } from '../state/plan-state.ts'

// What only takes away work needs no consent, and goes while the stop file exists (design 7 and 14).

interface Ending {
  readonly tool: string
  readonly from: readonly PlanPhase[]
  readonly eventFor: (why: string, open: OpenPlan) => PlanEvent
  /** What is said where it cannot be done. */
  readonly refusal: (id: string, phase: PlanPhase) => InputError
}

/** Each try fails only because another process wrote a line meanwhile. */
const maxTries = 20

async function end(
  { tool, from, eventFor, refusal }: Ending,
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
): Promise<Reply> {
  const call = { tool, effect: 'update', args }
  const audit = await auditOfCall(call, context)
  auditAsked(audit, call, context)
  return auditRefusals(audit, context, async () => {
    const { planId, reason } = args
    const who = whoOf(context)
    const why = context.session.redact(
      reason === undefined ? `Asked for by ${who}.` : `Asked for by ${who}: ${quoted(String(reason), 500)}`,
    )
    for (let tries = 0; tries < maxTries; tries++) {
      const open = await findPlan(String(planId), context)
      if (!from.includes(open.state.phase)) throw refusal(open.state.plan.id, open.state.phase)
      refuseAtEnd(context.safeguards)
      const event = eventFor(why, open)
      const next = appendTo(journalsOf(context.safeguards), open, event, who)
      if (!next) continue
      audit('answered', { outcome: event.kind, id: open.state.plan.id })
      return planReply(next, { context, now: Date.now() })
    }
    throw new BusyError('Others keep writing to this rollout; it was not changed.', 'Make the call again.')
  })
}

/** Keeps further waves from starting. */
export const holdRollout: Tool = {
  name: 'car_hold_rollout',
  title: 'Hold a rollout',
  description: 'Keep further waves from starting until resumed; needs no approval.',
  effect: 'update',
  input: reasonInput,
  run: (args, context) =>
    end(
      {
        tool: 'car_hold_rollout',
        from: ['running'],
        eventFor: (why, { state: { current } }) => ({
          kind: 'held',
          reason: 'person',
          why,
          ...(current !== undefined && { wave: current }),
        }),
        refusal: (id, phase) =>
          new InputError(
            `Rollout ${id} is ${phase}: only a running one can be held.`,
            phase === 'proposed' ? 'Stop it with car_stop_rollout.' : 'See car_get_rollout.',
          ),
      },
      args,
      context,
    ),
}

/** Ends a rollout. */
export const stopRollout: Tool = {
  name: 'car_stop_rollout',
  title: 'Stop a rollout',
  description: 'End a rollout for good; needs no approval.',
  effect: 'update',
  input: reasonInput,
  run: (args, context) =>
    end(
      {
        tool: 'car_stop_rollout',
        from: ['proposed', 'running', 'held'],
        eventFor: (why) => ({ kind: 'stopped', why }),
        refusal: (id, phase) =>
          new InputError(
            `Rollout ${id} is ${phase} already: there is nothing to stop.`,
            'See car_get_rollout.',
          ),
      },
      args,
      context,
    ),
}
