import { realpathSync } from 'node:fs'
import { closestMatch } from 'leven'
import { UnusableFileError } from '../../config/secret-file.ts'
import { replaceFile } from '../../shared/atomic-file.ts'
import { SettingsError } from '../../shared/errors.ts'
import { systemErrorCode, systemReason, withSystemErrors } from '../../shared/own-folder.ts'
import { ownUserId } from '../../shared/own-user.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { callersFileSentence, parseCallers, readCallers } from './callers-file-reader.ts'
import { type CallerEntry, type CallersFileContent, nameKey } from './callers-file-schema.ts'
import { currentStamp } from './private-file.ts'

/** Runs work on the file. Throws its fault as a SettingsError. */
function withFile<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof UnusableFileError ? new SettingsError(callersFileSentence(error)) : error
  }
}

/** The file itself, not a link to it: a rename would replace the link. Undefined if there is none yet. */
function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw new UnusableFileError('cannot be read', 'check the path and its permissions')
  }
}

/** Writes the file if nobody has changed it since it was read. */
function write(path: string, content: CallersFileContent, stamp: string | undefined): void {
  const text = `${JSON.stringify(content, undefined, 2)}\n`
  parseCallers(text)
  const isWritten = withSystemErrors(
    () => replaceFile(path, text, () => currentStamp(path) === stamp),
    (code) =>
      new UnusableFileError(
        `cannot be written, since ${systemReason(code, { ENOENT: 'its folder does not exist' })}`,
        'name a file in a folder that this user may write',
      ),
  )
  if (!isWritten)
    throw new UnusableFileError('was changed by somebody else just now', 'run the command again')
}

/** Changes the list, and keeps everything else in the file. */
function change(path: string, edit: (callers: readonly CallerEntry[]) => readonly CallerEntry[]): void {
  withFile(() => {
    const target = targetOf(path)
    if (target === undefined) {
      write(path, { callers: [...edit([])] }, undefined)
      return
    }
    const { content, stamp, owner } = readCallers(target)
    // The new file would belong to this user, and its owner could not read it.
    if (ownUserId() >= 0 && owner !== ownUserId())
      throw new UnusableFileError('belongs to another user', `run the command as that user (id ${owner})`)
    write(target, { ...content, callers: [...edit(content.callers)] }, stamp)
  })
}

/** Adds a caller, and makes the file if there is none. Throws a SettingsError, also for a name that is taken. */
export function addCaller(path: string, caller: CallerEntry): void {
  change(path, (callers) => {
    if (callers.some((other) => nameKey(other) === nameKey(caller)))
      throw new SettingsError(
        `There is a caller ${caller.name} already: choose another name, or remove that caller first.`,
      )
    return [...callers, caller]
  })
}

/** Removes a caller. Throws a SettingsError, also if there is none of this name. */
export function removeCaller(path: string, name: string): void {
  change(path, (callers) => {
    const left = callers.filter((caller) => nameKey(caller) !== nameKey({ name }))
    if (left.length < callers.length) return left
    const near = closestMatch(
      name,
      callers.map((caller) => caller.name),
      { maxDistance: 3 },
    )
    throw new SettingsError(
      `There is no caller ${oneLine(name, 64)}: ${near === undefined ? 'the file does not hold it' : `did you mean ${near}?`}`,
    )
  })
}

/** The callers of the file, in its order. Throws a SettingsError. */
export const storedCallers = (path: string): readonly CallerEntry[] =>
  withFile(() => readCallers(path).content.callers)
