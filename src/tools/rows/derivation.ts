import type { Input, Operation } from '../../operations/operation.ts'
import type { DerivedRows } from '../../operations/reads/derived-rows.ts'
import { VendorError } from '../../shared/errors.ts'
import { type ListContext, listsOf } from '../lists.ts'

/**
 * How the rows of a list are read that no single request brings; undefined for any other list. Throws a VendorError if
 * nobody can tell which rows there are.
 */
export function derivationOf(
  operation: Operation,
  args: Input,
  context: ListContext,
): (() => Promise<DerivedRows>) | undefined {
  if (!operation.derive) return undefined
  return async () => {
    const derived = await operation.derive?.(args, listsOf(context))
    if (derived && 'rows' in derived) return derived
    throw new VendorError(derived?.problem ?? '', derived?.next ?? '')
  }
}
