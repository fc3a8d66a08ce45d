import { operations } from '../operations/index.ts'

/** False where settings keep every operation of a product back: nothing of it is looked at then. */
export function isInUse(product: 'car' | 'saq', withheld: ReadonlyMap<string, string>): boolean {
  return operations.some(({ name }) => name.startsWith(`${product}_`) && !withheld.has(name))
}
