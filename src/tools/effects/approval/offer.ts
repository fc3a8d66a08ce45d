import { ownCommand } from '../../../shared/command/own-command.ts'
import { BusyError, SetupError } from '../../../shared/errors.ts'
import type { ApprovalRecord, ApprovalSubject } from '../../approvals.ts'
import type { ToolContext } from '../../tool.ts'
import type { Preview } from '../preview/preview.ts'
import { approveCommand } from './approve-command.ts'
import { findSame, savePending } from './pending/pending-calls.ts'
import { timeLeftText } from './pending/time-text.ts'
import { type CallEffects, type TakenWays, waysText } from './ways.ts'

/** What a person must approve. */
export interface CallToApprove extends CallEffects {
  /** True if the call names a secret: a person is asked, whichever effects QUALYS_CONFIRM names. */
  readonly namesSecret: boolean
  /** True if a person is asked whatever the settings say. */
  readonly asksAlways?: boolean
  readonly preview: Preview
  readonly record: ApprovalRecord
  /** The digest of the record. */
  readonly digest: string
  /** What makes calls identical. */
  readonly subject: ApprovalSubject
  /** Names the call, whatever its preview says: of server, caller, tool and arguments. */
  readonly key: string
}

/** How a person can approve a call elsewhere than in a form. */
export interface Offer {
  readonly code: string
  /** True if the call waited before: somebody was told of it. */
  readonly isKnown: boolean
  /** Its page, unless this process has none. */
  readonly link?: string | undefined
  /** Why there is no page, although one would count. */
  readonly fault?: SetupError
  /** The command for a terminal, if a terminal counts. */
  readonly command?: string | undefined
  /** How long it may still be approved. */
  readonly timeLeft: string
  /** True if a passkey is needed and none counts yet. */
  readonly lacksPasskey: boolean
  readonly taken: TakenWays
}

const countsOnPage = ({ ways }: TakenWays): boolean => ways.includes('page') || ways.includes('passkey')

/** Starts the page; undefined where none counts. */
async function startPage(
  taken: TakenWays,
  { safeguards: { approvals } }: ToolContext,
): Promise<((code: string) => string) | SetupError | undefined> {
  if (!countsOnPage(taken)) return undefined
  if (!approvals.page && taken.ways.includes('terminal')) return undefined
  if (!approvals.page)
    return new SetupError(
      'This process has no approval page.',
      'Ask the operator to set QUALYS_PUBLIC_URL to the address of the service.',
    )
  try {
    return await approvals.page.start()
  } catch (error) {
    if (error instanceof SetupError) return error
    throw error
  }
}

/** Stores the call for a person, and says how it can be approved; or why that is not possible. */
export async function offerElsewhere(
  { record, digest, key, preview }: CallToApprove,
  taken: TakenWays,
  context: ToolContext,
): Promise<Offer | SetupError | BusyError> {
  const { approver, caller, safeguards } = context
  const { server, stateDir } = safeguards
  const page = await startPage(taken, context)
  const hasTerminal = taken.ways.includes('terminal')
  if (page instanceof SetupError && !hasTerminal) return page
  const linkOf = page instanceof SetupError ? undefined : page
  if (!linkOf && !hasTerminal)
    return new SetupError(
      'This call counts as approved in a form of the client alone (QUALYS_APPROVE_BY).',
      'Ask the operator to name another way there, or use a client that can ask a person.',
    )
  const { person } = caller.named ?? {}
  try {
    const lacksPasskey =
      taken.ways.includes('passkey') && (await safeguards.approvals.passkeys()).list().length === 0
    const isKnown = findSame(stateDir, record).some((call) => call.digest === digest)
    const code = savePending(stateDir, {
      record,
      digest,
      preview,
      ways: taken.ways.filter((way) => way !== 'client' || approver.isReachable),
      waiter: { server, caller: caller.id, key },
      linkOf,
      ...(person !== undefined && { person }),
      ...(taken.needsOther && { needsOther: true }),
    })
    return {
      code,
      isKnown,
      link: linkOf?.(code),
      ...(page instanceof SetupError && { fault: page }),
      command: hasTerminal ? approveCommand(stateDir, code) : undefined,
      lacksPasskey,
      timeLeft: timeLeftText(record),
      taken,
    }
  } catch (error) {
    if (error instanceof SetupError || error instanceof BusyError) return error
    throw error
  }
}

/** What a person does, as a clause: `open LINK (on the machine where this server runs), or run COMMAND there`. */
export function wayText(
  { link, command, fault }: Offer,
  { caller, safeguards }: ToolContext,
  { to = '' }: { readonly to?: 'to ' | '' } = {},
): string {
  const isElsewhere = caller.named !== undefined
  const run = command === undefined ? '' : `${to}run \`${command}\``
  if (link === undefined) {
    const place = isElsewhere ? ' in a terminal on the machine of this server' : ' in a terminal'
    return `${run}${place}${fault ? ` (${fault.message.replace(/\.$/, '')})` : ''}`
  }
  // The page of the service has an address for everybody; the other one is that of the machine where it runs.
  const place = safeguards.approvals.page?.keyLinkFor ? ' (on the machine where this server runs)' : ''
  if (run === '') return `${to}open ${link}${place}`
  return `${to}open ${link}${place}, or ${run} ${place === '' ? 'on its machine' : 'there'}`
}

/** What the assistant does next: one sentence that it passes on. */
export function nextStep(offer: Offer, context: ToolContext): string {
  const { taken, timeLeft, lacksPasskey } = offer
  const addFirst = lacksPasskey
    ? ` No passkey counts yet: the operator adds one with \`${ownCommand('passkey add NAME')}\`.`
    : ''
  const rule = taken.ways.includes('passkey') || taken.needsOther ? ` (${waysText(taken)})` : ''
  const who = taken.needsOther ? 'another person' : 'the person'
  return `Ask ${who} ${wayText(offer, context, { to: 'to ' })} within ${timeLeft}${rule}; then make the identical call again, which waits for the answer.${addFirst}`
}
