import { type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { SettingsError } from '../../../shared/errors.ts'
import { systemErrorCode } from '../../../shared/own-folder.ts'
import { ownUserId } from '../../../shared/own-user.ts'
import { type Line, linesIn } from './audit-line.ts'

/** The modes of a file that let others write it, and of a folder that let them replace its files. */
const othersWrite = 0o022
const sticky = 0o1000

const hasModes = (): boolean => ownUserId() >= 0

const modeOf = ({ mode }: Stats): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** Why others may change the lines of a file, as one clause; undefined if they may not. */
function exposureOf(path: string, file: Stats): string | undefined {
  if (!hasModes()) return undefined
  if ((file.mode & othersWrite) !== 0) return `other users may write it (mode ${modeOf(file)})`
  const folder = statSync(dirname(resolve(path)))
  // In a sticky folder, such as /tmp, only the owner of a file may replace it.
  if ((folder.mode & othersWrite) !== 0 && (folder.mode & sticky) === 0)
    return `other users may replace it, since they may write its folder (mode ${modeOf(folder)})`
  return undefined
}

/** Why another user owns a file that this program writes, as one clause; undefined if none does. */
function foreignOwnerOf(path: string, file: Stats): string | undefined {
  if (!hasModes()) return undefined
  const trusted = [0, ownUserId()]
  if (!trusted.includes(file.uid)) return 'it belongs to another user'
  return trusted.includes(statSync(dirname(resolve(path))).uid)
    ? undefined
    : 'its folder belongs to another user'
}

/** Why this program must not write its log to this file, as one clause; undefined if it may. */
export const writingFaultOf = (path: string, file: Stats): string | undefined =>
  exposureOf(path, file) ?? foreignOwnerOf(path, file)

/** What the operator has to know about the file of the log when a server starts, one sentence each. */
export function auditFileNotes(path: string): string[] {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file?.isFile()) return []
  const fault = writingFaultOf(path, file)
  return [
    ...(file.size === 0
      ? [
          'the audit log (QUALYS_AUDIT_FILE) is an empty file: a rotation may leave one, otherwise its lines were taken away',
        ]
      : []),
    ...(fault === undefined
      ? []
      : [`effects are refused, since the audit log (QUALYS_AUDIT_FILE) is not safe: ${fault}`]),
  ]
}

function unreadableError(code: string): SettingsError {
  return new SettingsError(
    code === 'ENOENT'
      ? 'There is no such file: name the one that QUALYS_AUDIT_FILE names for the server.'
      : `The audit log cannot be read (${code}): name a file that this user may read.`,
  )
}

/** The file's lines, and why others may change it. */
interface OpenAudit {
  readonly exposure: string | undefined
  readonly lines: AsyncIterable<Line>
}

/** An error of the system as one that says what to do; others as they are. */
const toReadable = (error: unknown): unknown => {
  const code = systemErrorCode(error)
  return code === undefined ? error : unreadableError(code)
}

async function* readableLines(path: string): AsyncGenerator<Line> {
  try {
    yield* linesIn(path)
  } catch (error) {
    throw toReadable(error)
  }
}

/** What is said of a file that holds no line. */
export const emptyFileFinding = 'the file is empty: its lines were taken away, or nothing was ever written'

/** Opens a log to be read. Throws a SettingsError, at once or with its lines, if it cannot be read. */
export function openAudit(path: string): OpenAudit {
  try {
    const file = statSync(path)
    // A pipe or a device never ends.
    if (!file.isFile())
      throw new SettingsError(
        'The audit log is no regular file: name the one that QUALYS_AUDIT_FILE names for the server.',
      )
    return { exposure: exposureOf(path, file), lines: readableLines(path) }
  } catch (error) {
    throw toReadable(error)
  }
}
