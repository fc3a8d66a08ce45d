import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import leven from 'leven'
import { InputError, SetupError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { othersMayChange, systemErrorCode, withSystemErrors } from '../../../shared/own-folder.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { isImportName } from './file-name.ts'

/** Ten thousand people take less than 2 MB. */
const maxBytes = 10 * 1024 * 1024
/** More names of a folder are not looked at. */
const maxNames = 2_000
const maxNamed = 5

const ownFolder = 'a folder of the user who runs qualys-mcp that nobody else may write'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is no folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links run in a circle',
}

const reasonOf = (code: string): string => reasons[code] ?? `the system says ${code}`

function folderError(path: string, problem: string): SetupError {
  return new SetupError(
    `The import folder (QUALYS_IMPORT_DIR, ${path}) cannot be used: ${problem}.`,
    `Ask the operator to name ${ownFolder}.`,
  )
}

/** The folder behind the setting. Throws a SetupError if there is none, or if others could put files into it. */
function requireFolder(path: string | undefined): string {
  if (path === undefined)
    throw new SetupError(
      'No file can be imported, since QUALYS_IMPORT_DIR is not set.',
      `Ask the operator to set it to ${ownFolder}, or pass the content itself.`,
    )
  return withSystemErrors(
    () => {
      // The operator's setting may be a link; what lies in the folder may not.
      const real = realpathSync(path)
      const stats = statSync(real)
      if (!stats.isDirectory()) throw folderError(path, 'it is no folder')
      if (othersMayChange(stats)) throw folderError(path, 'somebody else may write it (chmod go-w)')
      return real
    },
    (code) => folderError(path, reasonOf(code)),
  )
}

/** The names of the files that may be imported, as far as they are looked at. */
function namesIn(folder: string): readonly string[] {
  const names: string[] = []
  const entries = opendirSync(folder)
  try {
    for (let count = 0; count < maxNames; count++) {
      const entry = entries.readSync()
      if (!entry) break
      if (entry.isFile() && isImportName(entry.name)) names.push(entry.name)
    }
  } finally {
    entries.closeSync()
  }
  return names
}

/** What a missing file may be, nearest name first. */
function absence(folder: string, name: string, redact: Redact): InputError {
  const what = `The import folder has no file ${quotation(redact(name))}.`
  const wanted = name.toLowerCase()
  const names = namesIn(folder)
    .map((found) => ({ found, distance: leven(found.toLowerCase(), wanted) }))
    .sort((a, b) => a.distance - b.distance || (a.found < b.found ? -1 : 1))
    .map(({ found }) => quotation(redact(found)))
  if (names.length === 0)
    return new InputError(what, 'It has no CSV or JSON file at all: ask the operator to put the file there.')
  const rest = names.length - maxNamed
  const more = rest > 0 ? `, and ${formatNumber(rest)} more` : ''
  return new InputError(what, `The nearest there are ${names.slice(0, maxNamed).join(', ')}${more}.`)
}

const notRegular = (what: string): InputError =>
  new InputError(`The file ${what}.`, 'Name a regular file of the import folder: nothing else is read.')

function requireRegular(stats: BigIntStats): void {
  if (stats.isSymbolicLink()) throw notRegular('is a link, and links are not followed')
  if (stats.isDirectory()) throw notRegular('is a folder')
  if (!stats.isFile()) throw notRegular('is a pipe or a device')
  if (stats.size > BigInt(maxBytes)) throw tooLarge(Number(stats.size))
  if (othersMayChange({ uid: Number(stats.uid), mode: Number(stats.mode) }))
    throw new SetupError(
      'The file cannot be used, since somebody else may write it.',
      'Ask the operator to run chmod go-w on it, and to own it.',
    )
}

const tooLarge = (size: number): InputError =>
  new InputError(
    `The file has ${size > maxBytes ? formatNumber(size) : 'more'} bytes, and at most ${formatNumber(maxBytes)} are read.`,
    'Split it into smaller files.',
  )

/** All bytes of an open file, which may grow while it is read. */
function readAll(fd: number, size: number): Buffer {
  const bytes = Buffer.alloc(Math.min(size, maxBytes) + 1)
  let length = 0
  for (;;) {
    const count = readSync(fd, bytes, length, bytes.length - length, null)
    length += count
    if (count === 0) return bytes.subarray(0, length)
    if (length === bytes.length)
      throw new InputError('The file grew while it was read.', 'Call again once it is written.')
  }
}

/**
 * The bytes of a file in the import folder, read once. `name`: one that `requireName` took. Links are not followed,
 * pipes do not block, and a large file is refused by its size. Throws an InputError for a file that cannot be named,
 * a SetupError for what the operator has to mend.
 */
export function readImport(path: string | undefined, name: string, redact: Redact): Buffer {
  const folder = requireFolder(path)
  const file = join(folder, name)
  try {
    const seen = lstatSync(file, { bigint: true })
    requireRegular(seen)
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
    const fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const opened = fstatSync(fd, { bigint: true })
      requireRegular(opened)
      if (opened.dev !== seen.dev || opened.ino !== seen.ino)
        throw new InputError('The file was replaced while it was opened.', 'Call again.')
      return readAll(fd, Number(opened.size))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === undefined) throw error
    if (code === 'ENOENT') throw absence(folder, name, redact)
    if (code === 'ELOOP' || code === 'EMLINK') throw notRegular('is a link, and links are not followed')
    throw new SetupError(
      `The file cannot be read: ${reasonOf(code)}.`,
      'Ask the operator to make it readable.',
    )
  }
}
