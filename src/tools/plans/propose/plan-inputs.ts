import { z } from 'zod'
import { id, text, whole, yesNo } from '../../../operations/fields.ts'
import { isPlanId } from '../plan-id.ts'

// The inputs of tools for a plan that was proposed.

const planIdError = 'must be an id from car_list_rollouts'

/** The id of a plan: 8 characters in capitals, whatever case was passed. */
const planId = z
  .string({ error: planIdError })
  .transform((given, context) => {
    const id = given.trim().toUpperCase()
    if (isPlanId(id)) return id
    context.addIssue(planIdError)
    return z.NEVER
  })
  .describe('from car_list_rollouts')

const reason = text(500).optional()

/** The input of car_get_rollout. */
export const getInput = {
  planId,
  waitSeconds: whole(0, 600, 'default 0').optional(),
} as const satisfies z.ZodRawShape

/** The input of car_hold_rollout and car_stop_rollout. */
export const reasonInput = { planId, reason } as const satisfies z.ZodRawShape

/** The input of car_resume_rollout. */
export const resumeInput = {
  planId,
  adopt: id('from car_get_rollout').describe('job of its run, from car_get_rollout').optional(),
  notRun: yesNo('no run was sent').optional(),
} as const satisfies z.ZodRawShape

/** The input of car_list_rollouts. */
export const listInput = { open: yesNo('false: ended ones too').optional() } as const satisfies z.ZodRawShape
