import { messagesIn } from '../responses/answers.ts'
import type { Response } from '../responses/responses.ts'
import type { Sent } from '../trial.ts'
import { bytesOf, draftFor, setHeader } from './draft.ts'
import type { MessageMaker } from './messages.ts'

/** Follows a run that never begins. */
const waiting = {
  name: 'car_follow_run',
  arguments: { correlationUuid: '00000000-0000-4000-8000-000000000000', scriptId: '19218' },
}

/** A call that waits until its time is up; with progress it is answered by events. */
export const waitingCall = (id: string, hasProgress: boolean): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { ...waiting, ...(hasProgress && { _meta: { progressToken: id } }) },
})

/** A cancelled call needs no answer, but its response has to end. */
function faultOfCancelled(id: string, response: Response): string | undefined {
  // A batch may be refused as a whole.
  const due = [id, ...(response.status === 400 ? [null] : [])]
  const stranger = messagesIn(response).find(
    (message) => 'id' in message && !due.includes(message['id'] as string),
  )
  return stranger === undefined ? undefined : `expected nothing or an answer to ${id}`
}

/** A call, and what another connection sends while it waits. */
export interface Cancelled {
  readonly sent: Sent[]
  readonly meanwhile: Sent[]
}

/**
 * A call of the 2025 revisions that waits, and a notification that cancels it: by the session that the service gave out,
 * in a batch, or without one.
 */
export function cancelledRequests({ random, endpoint }: MessageMaker): Cancelled {
  const id = `c${random.below(1_000_000)}`
  const hasProgress = random.chance(50)
  const call = waitingCall(id, hasProgress)
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }
  const session = random.chance(95) ? `session-${id}` : undefined
  const newSent = (title: string, body: object, statuses: readonly number[]): Sent => {
    const draft = draftFor(random, endpoint, JSON.stringify(body))
    if (session !== undefined) setHeader(draft, 'Mcp-Session-Id', session)
    const check = (response: Response): string | undefined => faultOfCancelled(id, response)
    return { title, bytes: bytesOf(random, draft), nature: 'whole', statuses, check }
  }
  // 499 is nginx's word for a client that is gone; the SDK answers so in 2026-07-28.
  const statuses = [200, 202, 499]
  const how = `${session === undefined ? 'without' : 'in'} a session${hasProgress ? ', with progress' : ''}`
  if (random.chance(8)) {
    const batch = newSent(
      `a call and its cancellation in a batch, ${how}`,
      [call, cancel],
      [...statuses, 400],
    )
    return { sent: [batch], meanwhile: [] }
  }
  const sent = [newSent(`a call that is cancelled ${how}`, call, statuses)]
  return { sent, meanwhile: [newSent('its cancellation', cancel, [202])] }
}
