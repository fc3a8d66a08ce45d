import type { AskedCall, LoggedDecision, PageResponse } from '../contract.ts'
import { decisionsPage, waitingPage } from '../html/lists-view.ts'
import { pageResponse } from '../safety/headers.ts'
import { needsKey, type PageContext, type Visit } from './context.ts'

/** What waits, as far as the viewer may see it. */
export async function showWaiting(context: PageContext, visit: Visit): Promise<PageResponse> {
  const { viewer } = visit
  const calls = context.store.list().filter((call) => viewer.sees(call))
  return needsKey(visit) ?? pageResponse(200, waitingPage(viewer, calls))
}

/** True if the viewer may see a decision. Who is logged in sees none of which the log does not say who asked. */
function maySee({ viewer }: Visit, { record, person }: LoggedDecision): boolean {
  if (!record) return viewer.by === 'page key'
  const call: AskedCall = { record, ...(person !== undefined && { person }) }
  return viewer.sees(call)
}

/** The last decisions, as far as the viewer may see them. */
export async function showDecisions(context: PageContext, visit: Visit): Promise<PageResponse> {
  const refused = needsKey(visit)
  if (refused) return refused
  const decisions = await context.options.decisions?.()
  return pageResponse(
    200,
    decisionsPage(
      visit.viewer,
      decisions?.filter((decision) => maySee(visit, decision)),
    ),
  )
}
