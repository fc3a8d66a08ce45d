import { InputError, SetupError } from '../../../../../shared/errors.ts'
import { comparableName } from '../../../../../shared/safe-text.ts'
import type { FoundCall } from '../../pending/stored-call.ts'
import type { PageResponse } from '../contract.ts'
import { jsonResponse } from '../safety/headers.ts'
import { changedPreview, showsWhatIsSealed } from '../safety/shown.ts'
import { callOf, decidedAlready } from './calls.ts'
import { obstacleTo, takesPasskey, tokenParts } from './choices.ts'
import type { PageContext, Visit } from './context.ts'

const refusal = (status: number, error: string): PageResponse => jsonResponse(status, { error })

/** Why no passkey of a viewer can approve a call. Who has the link alone may: the signature says who it is. */
function faultOf({ viewer }: Visit, call: FoundCall): string | undefined {
  if (!showsWhatIsSealed(call)) return changedPreview
  const obstacle = viewer.by === undefined ? undefined : obstacleTo(viewer, call)
  if (obstacle !== undefined || takesPasskey(call)) return obstacle
  return 'No passkey counts for this request, by the settings of the server that asks.'
}

/** A yes by the signature of a passkey over the digest of exactly this call. */
export async function approveByPasskey(
  context: PageContext,
  visit: Visit,
  code: string,
): Promise<PageResponse> {
  const call = await callOf(context, visit, code)
  if (!call) return refusal(404, 'There is no such request: it has ended, or its code is wrong.')
  const fault = faultOf(visit, call)
  if (fault !== undefined) return refusal(403, fault)
  const { viewer, values } = visit
  if (!context.tokens.isValid(values['token'], tokenParts(context, visit, call)))
    return refusal(403, 'This page is out of date, so nothing was decided: load it again.')
  if (call.state !== 'pending') return refusal(409, decidedAlready)
  const { passkeys, origin, log } = context.options
  try {
    const { passkey, assertion } = await passkeys.verify({
      assertion: values['assertion'],
      digest: call.digest,
      origins: [origin()],
      person: viewer.person,
    })
    if (call.needsOther === true && comparableName(passkey.person) === comparableName(call.person ?? ''))
      return refusal(403, 'This passkey is of the person who asks, and another person has to approve.')
    const isDone = context.store.approve(call.digest, {
      way: 'page',
      by: 'passkey',
      person: passkey.person,
      passkey: { credentialId: passkey.credentialId, assertion },
      at: context.now(),
    })
    if (!isDone) return refusal(409, decidedAlready)
    log.info({ tool: call.record.tool, by: 'passkey', decision: 'approve' }, 'a call was decided')
    return jsonResponse(200, { state: 'approved' })
  } catch (error) {
    if (error instanceof InputError || error instanceof SetupError) return refusal(403, error.message)
    throw error
  }
}
