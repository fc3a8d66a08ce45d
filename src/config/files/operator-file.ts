import { isUtf8 } from 'node:buffer'
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { replaceFile } from '../../shared/atomic-file.ts'
import { withoutMark } from '../../shared/json.ts'
import { systemErrorCode, systemReason, withSystemErrors } from '../../shared/own-folder.ts'
import { ownUserId } from '../../shared/own-user.ts'
import { UnusableFileError } from '../secret-file.ts'

// Files that an operator writes and a command changes while servers read them.

/** What a file held, and what tells whether it has changed since. */
export interface OperatorFile {
  readonly text: string
  readonly stamp: string
  readonly stats: Stats
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

/** How a file is read. */
interface Reading {
  readonly maxBytes: number
  /** What to do if there is no such file. */
  readonly ifMissing: string
  /** Throws an UnusableFileError for a file whose owner or mode is not right. */
  readonly refuse: (stats: Stats) => void
}

/** The text of a file. Throws an UnusableFileError. */
export function readOperatorFile(path: string, { maxBytes, ifMissing, refuse }: Reading): OperatorFile {
  let bytes: Buffer
  let stats: Stats
  try {
    // Non-blocking: a pipe without a writer would block for ever.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      stats = fstatSync(fd)
      if (!stats.isFile()) throw new UnusableFileError('is no regular file', 'name a file')
      refuse(stats)
      if (stats.size > maxBytes)
        throw new UnusableFileError(`is larger than ${maxBytes / 1024 / 1024} MiB`, 'name another file')
      bytes = readFileSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UnusableFileError) throw error
    if (systemErrorCode(error) === 'ENOENT') throw new UnusableFileError('does not exist', ifMissing)
    throw new UnusableFileError('cannot be read', 'check the path and its permissions')
  }
  if (!isUtf8(bytes)) throw new UnusableFileError('is no text in UTF-8', 'save it again as UTF-8')
  return { text: withoutMark(bytes.toString('utf8')), stamp: stampOf(stats), stats }
}

/**
 * The file itself, not a link to it: a rename would replace the link. Undefined if there is none yet. Throws an
 * UnusableFileError.
 */
export function fileBehind(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw new UnusableFileError('cannot be read', 'check the path and its permissions')
  }
}

/** What a new file is like, and what comes before it. */
interface Writing {
  /** The file as it was read; undefined if there was none. */
  readonly before: OperatorFile | undefined
  /** Called when all is ready, as the last thing before the new file takes its place. */
  readonly onReady?: () => void
  /** The mode of a file where none was. */
  readonly mode?: number
}

/** The new file is as open to the server that reads it as the old one. */
function allowAs(path: string, { gid, mode }: Stats): void {
  if (ownUserId() === 0) chownSync(path, 0, gid)
  chmodSync(path, mode & 0o777)
}

/**
 * Writes the file that `fileBehind` found, if nobody has changed it since it was read. Throws an UnusableFileError.
 */
export function writeOperatorFile(
  path: string,
  text: string,
  { before, onReady = () => {}, mode = 0o600 }: Writing,
): void {
  // The new file would belong to this user, and its owner could not read it.
  if (before && ownUserId() >= 0 && before.stats.uid !== ownUserId())
    throw new UnusableFileError(
      'belongs to another user',
      `run the command as that user (id ${before.stats.uid})`,
    )
  const isUnchanged = (temporary: string): boolean => {
    if (currentStamp(path) !== before?.stamp) return false
    if (before) allowAs(temporary, before.stats)
    else chmodSync(temporary, mode)
    onReady()
    return true
  }
  const isWritten = withSystemErrors(
    () => replaceFile(path, text, isUnchanged),
    (code) =>
      new UnusableFileError(
        `cannot be written, since ${systemReason(code, { ENOENT: 'its folder does not exist' })}`,
        'name a file in a folder that this user may write',
      ),
  )
  if (!isWritten)
    throw new UnusableFileError('was changed by somebody else just now', 'run the command again')
}
