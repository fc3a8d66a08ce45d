import type { Input } from '../../../operations/operation.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson, isObject } from '../../../shared/json.ts'

/** Who makes a call, and to which server process. */
export interface CallOrigin {
  readonly server: string
  readonly caller: string
}

/** Lists of ids, names or words in one order. The order of objects, such as scripts to run, has a meaning. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some((part) => typeof part === 'object') ? value.map(ordered) : [...value].sort()
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, ordered(part)]))
}

/**
 * The SHA-256 that names a call by what it asks for. A preview that changed, or arguments in another order, make no
 * other call: a no to one is a no to the other.
 */
export function callKey({ server, caller }: CallOrigin, tool: string, args: Input): string {
  const plainArgs: unknown = JSON.parse(JSON.stringify(args))
  return sha256(canonicalJson([server, caller, tool, ordered(plainArgs)]))
}
