import type { ApprovalWay } from '../../../config/approval/parsers.ts'
import type { Effect } from '../../../operations/operation.ts'
import { texts } from '../../../shared/format.ts'
import type { ToolContext } from '../../tool.ts'
import type { Approval, Way } from './pending/stored-call.ts'

/** What this process takes as a yes to a call. */
export interface TakenWays {
  readonly ways: readonly Way[]
  /** True if another person than the one who asks has to approve (QUALYS_FOUR_EYES). */
  readonly needsOther: boolean
}

/** The effects that a call has: the one of its arguments, and the one that its tool declares. */
export interface CallEffects {
  readonly effect: Effect
  readonly declaredEffect: Effect
}

const isNamed = (effects: readonly Effect[] | undefined, { effect, declaredEffect }: CallEffects): boolean =>
  effects?.some((word) => word === effect || word === declaredEffect) === true

/** What counts as a yes to a call, by the settings of the process that sends it. */
export function waysFor(call: CallEffects, { configuration, safeguards }: ToolContext): TakenWays {
  const { approveBy, passkeyFor, fourEyes } = configuration.settings
  const needsOther = isNamed(fourEyes, call)
  if (isNamed(passkeyFor, call)) return { ways: ['passkey'], needsOther }
  // A form and a terminal do not show which person answers.
  if (needsOther) return { ways: ['page'], needsOther }
  const ways: readonly ApprovalWay[] = approveBy ?? safeguards.approvals.usualWays
  return { ways, needsOther }
}

/** True if the settings name the effects of a call for a person, whatever the mode. */
export const needsPerson = (
  {
    passkeyFor,
    fourEyes,
  }: { readonly passkeyFor?: readonly Effect[]; readonly fourEyes?: readonly Effect[] },
  call: CallEffects,
): boolean => isNamed(passkeyFor, call) || isNamed(fourEyes, call)

/** What counts, as one clause. */
export function waysText({ ways, needsOther }: TakenWays): string {
  const words = {
    client: 'the form of the client',
    page: 'the approval page',
    terminal: 'a terminal',
  } as const
  if (ways.includes('passkey'))
    return needsOther
      ? 'only the passkey of another person counts'
      : 'only a passkey on the approval page counts'
  const named = ways.flatMap((way) => (way === 'passkey' ? [] : words[way]))
  return `only ${named.join(' and ')} count${named.length === 1 ? 's' : ''}${needsOther ? ', by another person' : ''}`
}

/** Where an approval was given, as one clause. */
export const placeOf = ({ way, by }: Pick<Approval, 'way' | 'by'>): string =>
  texts(
    way === 'terminal' ? 'in a terminal' : 'on the approval page',
    by === 'passkey' && 'with a passkey',
  ).join(' ')
