import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Settings } from './settings.ts'

const folderIn = (home: string): string => join(home, '.local', 'state', 'qualys-mcp')

/** The folder of the calls that wait for `qualys-mcp approve`. */
export function stateDirOf({ stateDir }: Settings): string {
  return stateDir ?? folderIn(homedir())
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
