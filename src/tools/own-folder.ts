import type { Stats } from 'node:fs'
import { userInfo } from 'node:os'

/** What the system calls a failure, such as ENOENT; undefined for what is none of its. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

function ownUserId(): number {
  try {
    return userInfo().uid
  } catch {
    // Containers run under ids that have no user.
    return -1
  }
}

/** True of a folder that is not this user's own, or that others may write. */
export function othersMayWrite({ uid, mode }: Stats): boolean {
  const own = ownUserId()
  // Windows has no such ids and modes: there it is -1, too.
  return own >= 0 && (uid !== own || (mode & 0o022) !== 0)
}
