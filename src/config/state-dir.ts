import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { SettingsError } from '../shared/errors.ts'
import { homeFolder } from './paths.ts'
import type { Settings } from './settings.ts'

const folderIn = (home: string): string => join(home, '.local', 'state', 'qualys-mcp')

/** The folder of the calls that wait for `approve`. Never in the working folder. */
export function stateDirOf({ stateDir, stateHome }: Settings): string {
  if (stateDir !== undefined) return stateDir
  if (stateHome !== undefined) return join(stateHome, 'qualys-mcp')
  const home = homeFolder()
  if (home === undefined)
    throw new SettingsError(
      'This user has no home folder (HOME is empty, or no full path of this system): set QUALYS_STATE_DIR to the full path of a folder.',
    )
  return folderIn(home)
}

/**
 * The folder that this program uses in a plain terminal of its user. A client may start the server with another
 * home folder.
 */
export function usualStateDir(): string {
  try {
    return folderIn(userInfo().homedir)
  } catch {
    // A container may have no entry for its user.
    return folderIn(homedir())
  }
}

/** The file of the passkeys that count. */
export const passkeysPath = (settings: Settings): string =>
  settings.passkeysFile ?? join(stateDirOf(settings), 'passkeys.json')
