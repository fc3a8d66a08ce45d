import type { Input } from '../../operation.ts'

/** How long before its results a run may have been created. */
const lead = 31 * 24 * 3600_000

/** The input for the runs that results of a period, and of a script, may belong to. */
export function runsBefore({ scriptId, startAt, endAt }: Input): Input {
  return {
    ...(scriptId !== undefined && { scriptId }),
    ...(typeof startAt === 'string' && { startAt: new Date(Date.parse(startAt) - lead).toISOString() }),
    ...(endAt !== undefined && { endAt }),
  }
}
