import { z } from 'zod'
import type { PlanLine } from '../plan.ts'
import {
  count,
  countsSchema,
  hash,
  ids,
  planApprovalSchema,
  planIdSchema,
  planSchema,
} from './plan-schema.ts'

// The schema of a line: strict, so that a line of a later version is refused and not half understood.

/** What every line has beside its event. */
const place = {
  v: z.literal(1),
  id: planIdSchema,
  seq: z.int().min(1),
  prev: hash,
  at: z.number(),
  who: z.string().min(1),
}

function line<Kind extends PlanLine['kind'], Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ ...place, kind: z.literal(kind), ...shape })
}

const id = z.string().min(1)

const intent = {
  wave: count,
  runner: id,
  hosts: ids.min(1),
  leftOut: z.array(z.strictObject({ id, why: z.string() })),
  joined: ids,
  mark: z.string().regex(/^[a-z]{12}$/),
  before: ids,
  qualysTime: z.number(),
  until: z.number(),
  arguments: hash,
  call: z.string(),
}

const run = { jobId: id, correlationUuid: id.exactOptional() }

const candidate = z.strictObject({ ...run, created: z.string().exactOptional(), why: z.string() })

const reasons = [
  'person',
  'failures',
  'not reported',
  'left out',
  'script changed',
  'limit',
  'approval',
  'late',
  'unproved run',
  'refused',
] as const

/** The schema of a line of a journal. It changes nothing. */
export const lineSchema: z.ZodType<PlanLine> = z.discriminatedUnion('kind', [
  line('proposed', { plan: planSchema, digest: hash }),
  line('approved', { wave: count.exactOptional(), approval: planApprovalSchema }),
  line('intent', intent),
  line('sent', {
    wave: count,
    correlationUuid: id.exactOptional(),
    jobId: id.exactOptional(),
    adopted: z.enum(['by its mark', 'by its hosts', 'by a person']).exactOptional(),
  }),
  line('lapsed', { wave: count, why: z.string(), refused: z.array(id).exactOptional() }),
  line('seen', {
    wave: count,
    counts: countsSchema,
    jobId: id.exactOptional(),
    isEnd: z.literal(true).exactOptional(),
  }),
  line('held', {
    reason: z.enum(reasons),
    why: z.string(),
    wave: count.exactOptional(),
    candidates: z.array(candidate).exactOptional(),
    hosts: z.array(id).exactOptional(),
    outputs: z.array(z.string()).exactOptional(),
  }),
  line('resumed', {
    approval: planApprovalSchema,
    sha256: hash,
    adopt: z.strictObject(run).exactOptional(),
    notRun: z.literal(true).exactOptional(),
  }),
  line('stopped', { why: z.string() }),
  line('done', {}),
  line('expired', {}),
])
