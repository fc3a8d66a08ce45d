import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { SettingsError } from './errors.ts'
import { codeOf } from './own-folder.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full',
}

const exists = (path: string): SettingsError =>
  new SettingsError(`${path} exists already, and is not overwritten: name another file, or remove it.`)

function unwritable(path: string, error: unknown): SettingsError {
  const code = codeOf(error)
  return new SettingsError(
    `${path} cannot be written, since ${reasons[code ?? ''] ?? `the system says ${code}`}: name a file elsewhere.`,
  )
}

/** Writes a file completely or not at all, readable only by its owner. */
export interface Place {
  /** Writes the text. Fails if the file exists by now; that file is kept. */
  readonly keep: (text: string) => void
  readonly giveUp: () => void
}

/** Unlike a rename, a link never replaces a file; some file systems have no links. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || existsSync(to)) throw exists(to)
    renameSync(from, to)
  }
}

/** Reserves the path before anything is asked, so that no answers are lost. */
export function takePlace(path: string): Place {
  if (existsSync(path)) throw exists(path)
  const beside = `${path}.part`
  try {
    closeSync(openSync(beside, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unwritable(path, error)
    throw new SettingsError(
      `${beside} exists: another recording writes there, or was killed. Remove it, or name another file.`,
    )
  }
  const giveUp = (): void => rmSync(beside, { force: true })
  return {
    giveUp,
    keep: (text) => {
      try {
        writeFileSync(beside, text)
        link(beside, path)
      } catch (error) {
        throw error instanceof SettingsError ? error : unwritable(path, error)
      } finally {
        giveUp()
      }
    },
  }
}
