import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../../shared/atomic-file.ts'
import { SettingsError } from '../../../shared/errors.ts'
import { systemReason, withSystemErrors } from '../../../shared/own-folder.ts'
import { newId } from '../session/random-id.ts'

// The sandbox on this machine needs no callers, so nobody has a token to log in with, and any program of the machine could
// say yes. A key of this start, in a file of its user, shows that a person of this user is there. A line of the log could
// be read by others, and an address would stay in the history of the browser.

/** The key of a start, and the file that holds it. */
export interface SandboxKey {
  readonly key: string
  readonly path: string
  /** Removes the file, unless a later start wrote it. */
  readonly remove: () => void
}

/** Makes the key of this start. Throws a SettingsError if the state folder cannot hold it. */
export function makeSandboxKey(stateDir: string): SandboxKey {
  const path = join(stateDir, 'page-key')
  const key = newId()
  withSystemErrors(
    () => {
      mkdirSync(stateDir, { recursive: true, mode: 0o700 })
      replaceFile(path, `${key}\n`, () => true)
    },
    (code) =>
      new SettingsError(
        `The key of the approval page cannot be written to ${path}, since ${systemReason(code, {})}: set QUALYS_STATE_DIR to a folder of your own, or unset QUALYS_PUBLIC_URL.`,
      ),
  )
  const remove = (): void => {
    try {
      if (readFileSync(path, 'utf8').trim() === key) rmSync(path)
    } catch {
      // Gone already.
    }
  }
  return { key, path, remove }
}
