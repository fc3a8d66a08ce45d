import type { Settings } from '../../../config/settings.ts'
import type { Effect } from '../../../operations/operation.ts'

/** What decides whether a person has to approve a call. */
interface Weight {
  readonly effect: Effect
  /** The effect that the tool declares, whatever the input adds. */
  readonly declaredEffect: Effect
  /** A secret leaves this server: a person approves that, whichever effects need one. */
  readonly namesSecret: boolean
}

/**
 * True if a person has to approve a call. An input can raise the effect: the call then needs approval if either effect
 * does.
 */
export function asksPerson(
  { mode, confirm }: Settings,
  { effect, declaredEffect, namesSecret }: Weight,
): boolean {
  const isNamed = confirm.some((word) => word === effect || word === declaredEffect)
  return mode === 'confirm' && (namesSecret || isNamed)
}
