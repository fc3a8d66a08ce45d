import { z } from 'zod'
import { timeWindows } from '../../../config/limits/windows.ts'
import { recordSchema } from '../../effects/approval/approval-record.ts'
import { approvalSchema } from '../../effects/approval/pending/stored-call.ts'
import type { Bound, PlanApproval, RolloutPlan, WaveCounts } from '../plan.ts'
import { isPlanId } from '../plan-id.ts'

// The schemas of what the lines of a journal hold. They change nothing: what is read is what was written.

/** A SHA-256 in hexadecimal. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** The id of a plan. */
export const planIdSchema = z.string().refine(isPlanId)

/** A number of hosts, minutes or the like, from 0. */
export const count = z.int().min(0)

/** Ids of Qualys' records. */
export const ids = z.array(z.string().min(1))

const bound: z.ZodType<Bound> = z.union([
  z.strictObject({ hosts: count }),
  z.strictObject({ percent: z.number().min(0).max(100) }),
])

const named = z.strictObject({ name: z.string(), person: z.string(), knownBy: z.string() })

const caller = z.strictObject({
  id: z.string(),
  named: named.exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  maxAssetsPerRun: z.number().exactOptional(),
})

const wave = z.strictObject({
  name: z.string(),
  hosts: ids.min(1),
  chosenBy: z.string(),
  soakMinutes: z.number().min(0),
  needsApproval: z.boolean(),
})

/** The schema of a plan. */
export const planSchema: z.ZodType<RolloutPlan> = z.strictObject({
  v: z.literal(1),
  id: planIdSchema,
  account: z.string(),
  platform: z.string(),
  caller,
  tool: z.enum(['car_plan_rollout', 'car_plan_rerun']),
  script: z.strictObject({ id: z.string().min(1), title: z.string(), sha256: hash }),
  options: z.record(z.string(), z.unknown()),
  description: z.string().exactOptional(),
  fleetTag: z.strictObject({ id: z.string().min(1), name: z.string() }).exactOptional(),
  fleet: ids,
  hostNames: z.record(z.string(), z.string()),
  waves: z.array(wave).min(1),
  stopAfter: z
    .strictObject({ wave: bound.exactOptional(), all: bound.exactOptional() })
    .refine((limits) => limits.wave !== undefined || limits.all !== undefined),
  notReported: bound,
  leftOut: bound,
  reportWithinMinutes: z.number().min(0),
  lateAfterMinutes: z.number().min(0),
  // One that this version cannot read is refused here, and not while a wave is due.
  window: z
    .string()
    .refine((text) => timeWindows.safeParse(text).success)
    .exactOptional(),
})

/** The schema of how somebody said yes. Whoever sends verifies it again. */
export const planApprovalSchema: z.ZodType<PlanApproval> = z.strictObject({
  record: recordSchema,
  digest: hash,
  approvedBy: z.string(),
  way: z.enum(['form', 'settings', 'elsewhere']),
  approval: approvalSchema.exactOptional(),
  asker: named.exactOptional(),
})

/** The schema of the counts of a wave. */
export const countsSchema: z.ZodType<WaveCounts> = z.strictObject({
  succeeded: count,
  failed: count,
  unknown: count,
  open: count,
})
