import type { Stats } from 'node:fs'
import { ownUserId } from './own-user.ts'

/** The system's code of an error, such as ENOENT; undefined for other errors. */
export const systemErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full',
}

/** Why the system refused to write. `own`: the reasons that depend on what is written, by code. */
export const systemReason = (code: string | undefined, own: Readonly<Record<string, string>>): string =>
  own[code ?? ''] ?? reasons[code ?? ''] ?? `the system says ${code}`

/** Runs file operations. Instead of an error of the system, throws the one that `toError` makes of its code. */
export function withSystemErrors<T>(work: () => T, toError: (code: string) => Error): T {
  try {
    return work()
  } catch (error) {
    const code = systemErrorCode(error)
    throw code === undefined ? error : toError(code)
  }
}

/** True if the folder belongs to another user, or if other users may write it. */
export function othersMayWrite({ uid, mode }: Stats): boolean {
  const own = ownUserId()
  return own >= 0 && (uid !== own || (mode & 0o022) !== 0)
}

/**
 * True if other users may change what lies there, for what this program only reads. It may belong to root, who may
 * change everything, and root may read what belongs to others, such as files of the host in a container.
 */
export function othersMayChange({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  const own = ownUserId()
  if (own < 0) return false
  return (own > 0 && uid !== own && uid !== 0) || (mode & 0o022) !== 0
}
