import { resolve } from 'node:path'
import { usualStateDir } from '../../../config/state-dir.ts'
import { ownCommand } from '../../../shared/command/own-command.ts'
import { shellWord } from '../../../shared/command/shell-word.ts'

/**
 * The command that approves a pending call, for a terminal that has none of the server's variables: it names
 * the state folder unless it is the usual one.
 */
export function approveCommand(stateDir: string, code: string): string {
  const folder = resolve(stateDir)
  const flag = folder === usualStateDir() ? [] : ['--state-dir', shellWord(folder)]
  return ownCommand('approve', code, ...flag)
}
