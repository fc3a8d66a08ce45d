import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs'
import { UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { withoutMark } from '../../shared/json.ts'
import { systemErrorCode } from '../../shared/own-folder.ts'
import { ownUserId } from '../../shared/own-user.ts'

/** What a file held, and what tells whether it has changed since. */
interface PrivateFile {
  readonly text: string
  readonly stamp: string
  /** The id of the user who owns it. */
  readonly owner: number
}

/** A change of content, permissions or owner changes one of these; so does another file in its place. */
const stampOf = ({ ino, size, mtimeMs, ctimeMs, mode, uid }: Stats): string =>
  [ino, size, mtimeMs, ctimeMs, mode, uid].join(' ')

/** The stamp of a file; undefined if nobody can tell. */
export function currentStamp(path: string): string | undefined {
  try {
    return stampOf(statSync(path))
  } catch {
    return undefined
  }
}

/** The same rule as for the files of secrets: root may own the file, and may open it to the group that runs this. */
function refuseOpenToOthers({ uid, mode }: Stats): void {
  const own = ownUserId()
  if (own < 0) return
  if (own > 0 && uid !== own && uid !== 0)
    throw new UnusableFileError(
      'belongs to another user, who can change it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  const isOfRoot = uid === 0 && own !== 0
  if ((mode & (isOfRoot ? 0o037 : 0o077)) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw new UnusableFileError(
    `is open to other users (mode ${octal})`,
    isOfRoot ? 'set its mode to 0440, with the group of the user who runs qualys-mcp' : 'run chmod 600 on it',
  )
}

/** The text of a file that nobody else may read or change. Throws an UnusableFileError. */
export function readPrivateFile(path: string, maxBytes: number): PrivateFile {
  let bytes: Buffer
  let stats: Stats
  try {
    // Non-blocking: a pipe without a writer would block for ever.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      stats = fstatSync(fd)
      if (!stats.isFile()) throw new UnusableFileError('is no regular file', 'name a file')
      refuseOpenToOthers(stats)
      if (stats.size > maxBytes)
        throw new UnusableFileError(`is larger than ${maxBytes / 1024 / 1024} MiB`, 'name another file')
      bytes = readFileSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UnusableFileError) throw error
    if (systemErrorCode(error) === 'ENOENT')
      throw new UnusableFileError(
        'does not exist',
        `check the path, or make it with ${ownCommand('callers add NAME')}`,
      )
    throw new UnusableFileError('cannot be read', 'check the path and its permissions')
  }
  if (!isUtf8(bytes)) throw new UnusableFileError('is no text in UTF-8', 'save it again as UTF-8')
  return { text: withoutMark(bytes.toString('utf8')), stamp: stampOf(stats), owner: stats.uid }
}
