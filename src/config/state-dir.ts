import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from './settings.ts'

/** The folder of the calls that wait for `qualys-mcp approve`. */
export function stateDirOf({ stateDir }: Settings): string {
  return stateDir ?? join(homedir(), '.local', 'state', 'qualys-mcp')
}
