import type { Settings } from '../../../config/settings.ts'
import type { Effect } from '../../../operations/operation.ts'

/**
 * True if a person has to approve a call. An input can raise the effect: the call then needs approval if either effect
 * does.
 */
export function asksPerson({ mode, confirm }: Settings, ...effects: readonly Effect[]): boolean {
  return mode === 'confirm' && confirm.some((word) => effects.includes(word))
}
