import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { platform } from 'node:os'
import { ownUserId } from './own-user.ts'

/** A file that may not be used: "The file … " and what is wrong with it, and what to do. */
export class UnusableFile extends Error {
  readonly next: string

  constructor(what: string, next: string) {
    super(what)
    this.next = next
  }
}

/** Longer than any key; whatever is larger was named by mistake. */
const mostBytes = 64 * 1024

/** The text of a file that holds a secret, without the line break at its end. Nobody else may read the file. */
export function secretIn(path: string): string {
  let text: string
  try {
    // Not blocking: a pipe that nobody writes to would hold up the start for ever.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      refuseUnfit(fstatSync(fd))
      const bytes = Buffer.alloc(mostBytes)
      text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, mostBytes, 0)).replace(/\r?\n$/, '')
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UnusableFile) throw error
    throw new UnusableFile('cannot be read', 'check the path and its permissions')
  }
  if (text === '') throw new UnusableFile('is empty', 'write the secret into it')
  return text
}

function refuseUnfit(stats: Stats): void {
  if (!stats.isFile())
    throw new UnusableFile('cannot be read, since it is no regular file', 'name a file with the secret in it')
  if (stats.size > mostBytes)
    throw new UnusableFile('is larger than 64 KiB', 'name a file with the secret in it, and nothing else')
  if (platform() !== 'win32') refuseOpen(stats)
}

/** The file itself, wherever links to it lie. Containers get theirs from root: those may be for a group, which root has chosen. */
function refuseOpen({ uid, mode }: Stats): void {
  const own = ownUserId()
  const byRoot = uid === 0 && own !== 0
  if (own >= 0 && uid !== own && uid !== 0)
    throw new UnusableFile(
      'belongs to another user, who can read it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  if ((mode & (byRoot ? 0o037 : 0o077)) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw new UnusableFile(
    `is open to other users (mode ${octal})`,
    byRoot
      ? 'run chmod 440 on it as root (or 400, owned by the user who runs qualys-mcp)'
      : 'run chmod 600 on it',
  )
}
