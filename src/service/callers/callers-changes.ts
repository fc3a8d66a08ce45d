import { closestMatch } from 'leven'
import { fileBehind, type OperatorFile, writeOperatorFile } from '../../config/files/operator-file.ts'
import { UnusableFileError } from '../../config/secret-file.ts'
import { SettingsError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { callersFileSentence, parseCallers, readCallers } from './callers-file-reader.ts'
import { type CallerEntry, type CallersFileContent, nameKey } from './callers-file-schema.ts'

/** Runs work on the file. Throws its fault as a SettingsError. */
function withFile<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof UnusableFileError ? new SettingsError(callersFileSentence(error)) : error
  }
}

/** Writes the file if nobody has changed it since it was read. */
function write(path: string, content: CallersFileContent, before: OperatorFile | undefined): void {
  const text = `${JSON.stringify(content, undefined, 2)}\n`
  parseCallers(text)
  writeOperatorFile(path, text, { before })
}

/** Changes the list, and keeps everything else in the file. */
function change(path: string, edit: (callers: readonly CallerEntry[]) => readonly CallerEntry[]): void {
  withFile(() => {
    const target = fileBehind(path)
    if (target === undefined) {
      write(path, { callers: [...edit([])] }, undefined)
      return
    }
    const { content, ...before } = readCallers(target)
    write(target, { ...content, callers: [...edit(content.callers)] }, before)
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
