import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { platform } from 'node:os'
import { ownUserId } from '../shared/own-user.ts'
import { withoutLineEnd } from './normalizations.ts'
import { isPlaceholder } from './placeholders.ts'

/** A file that must not be used. The message continues "The file … "; `next` says what to do. */
export class UnusableFileError extends Error {
  readonly next: string

  constructor(what: string, next: string) {
    super(what)
    this.next = next
  }
}

/** Longer than any key; a larger file was named by mistake. */
const maxBytes = 64 * 1024

/**
 * The text of a secret file, without trailing line breaks. Throws UnusableFile if other users can read it.
 */
export function readSecretFile(path: string, lines: 'one' | 'many' = 'one'): string {
  let read: Buffer
  try {
    // Non-blocking: a pipe without a writer would block the start for ever.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      refuseUnsuitable(fstatSync(fd))
      const bytes = Buffer.alloc(maxBytes)
      read = bytes.subarray(0, readSync(fd, bytes, 0, maxBytes, 0))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UnusableFileError) throw error
    throw new UnusableFileError('cannot be read', 'check the path and its permissions')
  }
  const text = textOf(read)
  if (text.trim() === '') throw new UnusableFileError('is empty', 'write the secret into it')
  if (isPlaceholder(text))
    throw new UnusableFileError('holds a placeholder that nobody filled in', 'write the secret into it')
  if (lines === 'one' && /[\r\n]/.test(text))
    throw new UnusableFileError('holds more than one line', 'write the secret into it, and nothing else')
  return text
}

/**
 * Removes what editors add and refuses what cannot be a secret, since wrong passwords can lock an account.
 */
function textOf(bytes: Buffer): string {
  if (bytes.includes(0) || !isUtf8(bytes))
    throw new UnusableFileError(
      'is no text in UTF-8',
      'save it again as UTF-8, not as UTF-16 (Notepad: "Unicode")',
    )
  return withoutLineEnd(bytes.toString('utf8'))
}

function refuseUnsuitable(stats: Stats): void {
  if (!stats.isFile())
    throw new UnusableFileError(
      'cannot be read, since it is no regular file',
      'name a file with the secret in it',
    )
  if (stats.size > maxBytes)
    throw new UnusableFileError(
      'is larger than 64 KiB',
      'name a file with the secret in it, and nothing else',
    )
  if (platform() !== 'win32') refuseReadableByOthers(stats)
}

/**
 * Checks the file itself, not a link to it. A container's secrets belong to root: root may make them readable
 * for a group.
 */
function refuseReadableByOthers({ uid, mode }: Stats): void {
  const own = ownUserId()
  const byRoot = uid === 0 && own !== 0
  // Root may use the files of other users, such as files of the host that are mounted into a container.
  if (own > 0 && uid !== own && uid !== 0)
    throw new UnusableFileError(
      'belongs to another user, who can read it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  if ((mode & (byRoot ? 0o037 : 0o077)) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw new UnusableFileError(`is open to other users (mode ${octal})`, permissionAdvice(uid, byRoot))
}

/**
 * How to close a file. chmod does not work on files from an orchestrator, which belong to root: their mode is
 * set in a manifest.
 */
function permissionAdvice(uid: number, byRoot: boolean): string {
  if (byRoot)
    return 'set mode: 0440 for it (Docker Swarm, with the gid of the user who runs qualys-mcp) or defaultMode: 0440 (Kubernetes, with fsGroup), or run chmod 440 on it as root (or 400, owned by the user who runs qualys-mcp)'
  const orchestrated = ' (a secret of Docker Swarm: set mode: 0400 for it; of Kubernetes: defaultMode: 0400)'
  return `run chmod 600 on it${uid === 0 ? orchestrated : ''}`
}
