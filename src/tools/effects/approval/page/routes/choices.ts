import { SetupError } from '../../../../../shared/errors.ts'
import { texts } from '../../../../../shared/format.ts'
import { approveCommand } from '../../approve-command.ts'
import type { FoundCall } from '../../pending/stored-call.ts'
import type { Viewer } from '../contract.ts'
import type { Choices } from '../html/decision-view.ts'
import type { TokenParts } from '../safety/form-token.ts'
import { changedPreview, showsWhatIsSealed } from '../safety/shown.ts'
import type { PageContext, Visit } from './context.ts'

const byLinkAlone = 'You came by the link, which gives the right to read this request and not to decide it.'
const passkeyByLink = 'You came by the link, so only a passkey approves this request here.'
const onlyPasskey = 'Only a passkey counts as a yes to this request.'
const notHere = 'A yes on this page does not count for this request, by the settings of the server that asks.'

/** True if a passkey counts. */
export const takesPasskey = ({ ways }: FoundCall): boolean =>
  ways.includes('page') || ways.includes('passkey')

/** Why a viewer may not decide, in one sentence. A passkey of theirs may still count. */
export const obstacleTo = (viewer: Viewer, call: FoundCall): string | undefined =>
  viewer.by === undefined ? byLinkAlone : viewer.obstacle(call)

/** Why a yes of a viewer does not count here, in one sentence; undefined if it does. */
export function approvalFault(viewer: Viewer, call: FoundCall): string | undefined {
  if (!showsWhatIsSealed(call)) return changedPreview
  const obstacle = obstacleTo(viewer, call)
  if (obstacle !== undefined || call.ways.includes('page')) return obstacle
  return call.ways.includes('passkey') ? onlyPasskey : notHere
}

/** What the token of the forms of a call is bound to: exactly this record, and this viewer. */
export const tokenParts = (
  { options: { authority } }: PageContext,
  { request, viewer }: Visit,
  { code, digest }: FoundCall,
): TokenParts => ['decide', code, digest, authority.tokenBinding(request, viewer)]

interface Keys {
  readonly assertion?: object
  readonly sentence?: string
}

/** What the browser asks the viewer's passkeys for, or why none can be used. */
async function passkeysFor(
  { options: { passkeys, rpId } }: PageContext,
  { viewer: { by, person } }: Visit,
  call: FoundCall,
): Promise<Keys> {
  try {
    const own = passkeys
      .list()
      .filter((key) => key.rpId === rpId() && (person === undefined || key.person === person))
    if (own.length > 0)
      return { assertion: await passkeys.assertionOptions({ digest: call.digest, rpId: rpId(), person }) }
    if (call.ways.includes('page')) return {}
    const whose = person === undefined ? 'No passkey' : 'No passkey of yours'
    return {
      sentence: `${whose} is registered for ${rpId()}${by === undefined ? '.' : ': add one under Passkeys, and come back.'}`,
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return { sentence: `${error.message} ${error.next}` }
  }
}

/** Commands that a person can run where the server runs. */
function commandsFor({ options: { stateDir } }: PageContext, { viewer }: Visit, call: FoundCall) {
  const command = approveCommand(stateDir, call.code)
  const mayOpen = viewer.by === undefined && call.ways.includes('page')
  return [
    ...(mayOpen ? [[`${command} --page`, 'Open this page with the right to decide'] as const] : []),
    ...(call.ways.includes('terminal') ? [[command, 'Decide in a terminal'] as const] : []),
  ]
}

/** What a viewer can do about a call; undefined for one that waits no longer. */
export async function choicesFor(
  context: PageContext,
  visit: Visit,
  call: FoundCall,
): Promise<Choices | undefined> {
  if (call.state !== 'pending') return undefined
  const { viewer } = visit
  const obstacle = obstacleTo(viewer, call)
  const fault = approvalFault(viewer, call)
  /** Otherwise no way of this viewer counts. */
  const isOpen = fault !== changedPreview && (viewer.by === undefined || obstacle === undefined)
  const { assertion, sentence } = isOpen && takesPasskey(call) ? await passkeysFor(context, visit, call) : {}
  const needsPasskey = call.ways.includes('passkey') && fault !== onlyPasskey && !assertion
  const isElsewhere = isOpen && fault !== undefined
  return {
    token: context.tokens.issue(tokenParts(context, visit, call), Date.parse(call.record.until)),
    mayApprove: fault === undefined,
    mayDecline: obstacle === undefined,
    ...(assertion && { assertion }),
    sentences: texts(
      fault === byLinkAlone && assertion ? passkeyByLink : fault,
      isOpen && needsPasskey && onlyPasskey,
      sentence,
      isElsewhere && call.ways.includes('client') && 'It can also be approved in the form of the client.',
    ),
    commands: isElsewhere ? commandsFor(context, visit, call) : [],
  }
}
