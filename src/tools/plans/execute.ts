import { executeScript } from '../../operations/car/execution.ts'
import { type EffectOperation, isEffect, type Operation } from '../../operations/operation.ts'

function asEffect(operation: Operation): EffectOperation {
  if (isEffect(operation)) return operation
  throw new Error(`${operation.name} has no effect`)
}

/** What a wave is: one run of a script on its hosts. */
export const execute: EffectOperation = asEffect(executeScript)
