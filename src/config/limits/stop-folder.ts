import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { SettingsError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'

function isReadableFolder(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

/** Throws a SettingsError for a stop file that could never be seen: a mistyped path would stop nothing. */
export function requireStopFolder(stopFile: string | undefined): void {
  if (stopFile === undefined || isReadableFolder(dirname(stopFile))) return
  throw new SettingsError(
    `QUALYS_STOP_FILE names a file whose folder, ${oneLine(dirname(stopFile), 120)}, does not exist or cannot be read: create the folder, or name another file.`,
  )
}
