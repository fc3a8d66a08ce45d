import type { Stats } from 'node:fs'
import { ownUserId } from './own-user.ts'

/** The system's code of an error, such as ENOENT; undefined for other errors. */
export const systemErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/** True if the folder belongs to another user, or if other users may write it. */
export function othersMayWrite({ uid, mode }: Stats): boolean {
  const own = ownUserId()
  return own >= 0 && (uid !== own || (mode & 0o022) !== 0)
}
