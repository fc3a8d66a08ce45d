import type { Settings } from '../../../../config/settings.ts'
import type { EffectTargets } from '../../../../operations/effects/effect-targets.ts'
import { formatNumber } from '../../../../shared/format.ts'
import { limitError } from './limit-error.ts'

/** Throws if a call names more objects than QUALYS_MAX_BULK. */
export function checkBulk({ bulkSize = 0 }: EffectTargets, { maxBulk }: Settings): void {
  if (bulkSize > maxBulk)
    throw limitError(
      `this call names ${formatNumber(bulkSize)} objects, and QUALYS_MAX_BULK is ${maxBulk}`,
      'QUALYS_MAX_BULK',
    )
}
