import type { FoundCall } from '../../pending/stored-call.ts'
import type { PageResponse } from '../contract.ts'
import { callPage } from '../html/call-view.ts'
import { noticePage } from '../html/notice-view.ts'
import { pageResponse } from '../safety/headers.ts'
import { approvalFault, choicesFor, obstacleTo, tokenParts } from './choices.ts'
import type { PageContext, Visit } from './context.ts'

/** What is said of a form that is not of the page as it is now. */
const staleForm =
  'This form was of an earlier page, or of another request, so nothing was decided: read the request below, and decide again.'

/** What is said of a decision that came too late. */
export const decidedAlready = 'This request was decided already, so this changed nothing.'

/** The call with a code, if the viewer may see it. Others are told apart in no way, and slowly. */
export async function callOf(
  context: PageContext,
  { viewer }: Visit,
  code: string,
): Promise<FoundCall | undefined> {
  const call = context.store.find(code)
  if (call && viewer.sees(call)) return call
  await context.wrongCode()
  return undefined
}

const unknownCode = (): PageResponse =>
  pageResponse(
    404,
    noticePage(
      'There is no such request',
      'It has ended, or its code is wrong. A request lives ten minutes; the assistant can make the call again, and gets another code.',
    ),
  )

interface Telling {
  readonly status?: number
  readonly alert?: string
}

async function showFound(
  context: PageContext,
  visit: Visit,
  call: FoundCall,
  { status = 200, alert }: Telling = {},
): Promise<PageResponse> {
  const choices = await choicesFor(context, visit, call)
  return pageResponse(status, callPage({ call, viewer: visit.viewer, choices, alert, now: context.now() }))
}

/** The page of the call with a code. */
export async function showCall(context: PageContext, visit: Visit, code: string): Promise<PageResponse> {
  const call = await callOf(context, visit, code)
  return call ? showFound(context, visit, call) : unknownCode()
}

/** Approves or declines; false if the call waits no longer. */
function decide({ store, now }: PageContext, { viewer }: Visit, call: FoundCall, isYes: boolean): boolean {
  const { by, person } = viewer
  if (by === undefined) return false
  const whose = person === undefined ? {} : { person }
  return isYes
    ? store.approve(call.digest, { way: 'page', by, ...whose, at: now() })
    : store.decline(call.digest, { way: 'page', ...whose })
}

/** A decision by the buttons of the page; without one, the page itself, for who posts the page key. */
export async function decideCall(context: PageContext, visit: Visit, code: string): Promise<PageResponse> {
  const call = await callOf(context, visit, code)
  if (!call) return unknownCode()
  const { viewer, fields } = visit
  const decision = fields.get('decision')
  if (decision === null) return showFound(context, visit, call)
  if (decision !== 'approve' && decision !== 'decline')
    return showFound(context, visit, call, {
      status: 400,
      alert: 'This is no decision, so nothing was decided.',
    })
  const isYes = decision === 'approve'
  const fault = isYes ? approvalFault(viewer, call) : obstacleTo(viewer, call)
  if (fault !== undefined) return showFound(context, visit, call, { status: 403, alert: fault })
  if (!context.tokens.isValid(fields.get('token'), tokenParts(context, visit, call)))
    return showFound(context, visit, call, { status: 403, alert: staleForm })
  const isDone = call.state === 'pending' && decide(context, visit, call, isYes)
  if (isDone)
    context.options.log.info({ tool: call.record.tool, by: viewer.by, decision }, 'a call was decided')
  const decided = context.store.find(code)
  if (!decided) return unknownCode()
  return showFound(context, visit, decided, isDone ? {} : { status: 409, alert: decidedAlready })
}
