import type { Stats } from 'node:fs'
import { ownUserId } from '../own-user.ts'

/** What the system calls a failure, such as ENOENT; undefined for what is none of its. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/** True of a folder that is not this user's own, or that others may write. */
export function othersMayWrite({ uid, mode }: Stats): boolean {
  const own = ownUserId()
  return own >= 0 && (uid !== own || (mode & 0o022) !== 0)
}
