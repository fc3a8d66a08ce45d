import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomUUID } from './crypto.ts'
import { SettingsError } from './errors.ts'
import { systemErrorCode, systemReason } from './own-folder.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
}

const existsError = (path: string): SettingsError =>
  new SettingsError(`${path} exists already, and is not overwritten: name another file, or remove it.`)

function unwritableError(path: string, error: unknown): SettingsError {
  const reason = systemReason(systemErrorCode(error), reasons)
  return new SettingsError(`${path} cannot be written, since ${reason}: name a file elsewhere.`)
}

/** Writes a file completely or not at all, readable only by its owner. */
export interface AtomicFile {
  /** Writes the text. Fails if the file exists by now; that file is kept. */
  readonly commit: (text: string) => void
  readonly discard: () => void
}

/** Unlike a rename, a link never replaces a file; some file systems have no links. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST' || existsSync(to)) throw existsError(to)
    renameSync(from, to)
  }
}

/** Reserves the path before the work begins, so that no result of the work is lost. */
export function reserveFile(path: string): AtomicFile {
  if (existsSync(path)) throw existsError(path)
  const partPath = `${path}.part`
  try {
    closeSync(openSync(partPath, 'wx', 0o600))
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw unwritableError(path, error)
    throw new SettingsError(
      `${partPath} exists: another recording writes there, or was killed. Remove it, or name another file.`,
    )
  }
  const discard = (): void => rmSync(partPath, { force: true })
  return {
    discard,
    commit: (text) => {
      try {
        writeFileSync(partPath, text)
        link(partPath, path)
      } catch (error) {
        throw error instanceof SettingsError ? error : unwritableError(path, error)
      } finally {
        discard()
      }
    },
  }
}

/**
 * Writes a temporary file (`*.new`) and moves it into place, over an older file, if `mayFinish` returns true. True if it
 * did. `mayFinish` is given the path of the temporary file, whose mode is 0600.
 */
export function replaceFile(path: string, text: string, mayFinish: (temporary: string) => boolean): boolean {
  const temporary = join(dirname(path), `${randomUUID()}.new`)
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 })
    if (!mayFinish(temporary)) return false
    renameSync(temporary, path)
    return true
  } finally {
    rmSync(temporary, { force: true })
  }
}
