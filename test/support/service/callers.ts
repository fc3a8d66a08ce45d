import { addCaller, removeCaller, storedCallers } from '../../../src/service/callers/callers-changes.ts'
import type { CallerEntry } from '../../../src/service/callers/callers-file-schema.ts'
import { sha256 } from '../../../src/shared/crypto.ts'

/** A caller of a test: what its entry in the callers file says besides name and token. */
export type Entry = Partial<Omit<CallerEntry, 'name' | 'sha256'>>

/** The token of a caller, with a part that is easy to find in whatever repeats it. */
export const tokenOf = (name: string): string => `canary-token-of-${name}-`.padEnd(48, '0123456789')

/** Writes callers into a file, as `callers add` does. */
export function writeCallers(path: string, callers: Readonly<Record<string, Entry>>): void {
  for (const [name, { role = 'viewer', ...entry }] of Object.entries(callers))
    addCaller(path, { name, sha256: sha256(tokenOf(name)), role, ...entry })
}

/** Replaces all callers of a file, one after the other, as commands would. */
export function replaceCallers(path: string, callers: Readonly<Record<string, Entry>>): void {
  const before = storedCallers(path).map(({ name }) => name)
  for (const name of before) removeCaller(path, name)
  writeCallers(path, callers)
}
