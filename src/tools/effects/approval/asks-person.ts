import type { Settings } from '../../../config/settings.ts'
import { type CallEffects, needsPerson } from './ways.ts'

/** What decides whether a person has to approve a call. */
interface Weight extends CallEffects {
  /** A secret leaves this server: a person approves that, whichever effects need one. */
  readonly namesSecret: boolean
}

/**
 * True if a person has to approve a call. An input can raise the effect: the call then needs approval if either effect
 * does.
 */
export function asksPerson(settings: Settings, call: Weight): boolean {
  const { mode, confirm } = settings
  const { effect, declaredEffect, namesSecret } = call
  // In any mode.
  if (needsPerson(settings, call)) return true
  const isNamed = confirm.some((word) => word === effect || word === declaredEffect)
  return mode === 'confirm' && (namesSecret || isNamed)
}
