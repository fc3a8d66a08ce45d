import { searchJobs } from '../../../operations/car/runs.ts'
import type { Row } from '../../../session/answer.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { readPage } from '../../effects/targets/lookup.ts'
import type { ToolContext } from '../../tool.ts'
import { PlanHold } from '../hold.ts'

/** More runs of one script than anybody starts within some minutes. */
const maxNewest = 100

/** The newest runs of a script, newest first. Throws a PlanHold if they cannot be listed. */
export async function readNewestRuns(scriptId: string, context: ToolContext): Promise<readonly Row[]> {
  const page = await readPage(context, searchJobs, { scriptId, pageSize: maxNewest })
  if (page) return redactJson(page.rows, context.session.redact)
  throw new PlanHold('unproved run', `The runs of script ${scriptId} cannot be listed.`)
}

/** The time at Qualys, in ms since 1970, as its last answer showed it; that of this machine if it showed none. */
export async function qualysTime({ session }: ToolContext): Promise<number> {
  const { gateway } = await session.limits()
  return Date.now() - (gateway?.clockSkew ?? 0) * 1_000
}
