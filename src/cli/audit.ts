import { dirname } from 'node:path'
import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError, SetupError } from '../shared/errors.ts'
import { showAudit } from '../tools/effects/audit/show/show-audit.ts'
import { verifyAudit } from '../tools/effects/audit/verify-audit.ts'
import type { Command } from './context.ts'

/** The keys of a file of passkeys. Throws a SettingsError for one that cannot be used. */
async function pinnedKeys(path: string) {
  const { PasskeysFile } = await import('../tools/effects/approval/page/passkeys/passkeys-file.ts')
  try {
    return new PasskeysFile(path, dirname(path)).list()
  } catch (error) {
    if (error instanceof SetupError) throw new SettingsError(`${error.message} ${error.next}`)
    throw error
  }
}

/** `qualys-mcp audit verify FILE` and `audit show FILE [CALL]`: exit code 1 if the log is not intact. */
export const auditCommand: Command = async ({ invocation, print }) => {
  const { passkeys } = invocation.flags
  const [word, file, call] = invocation.operands
  const isKnown = word === 'verify' ? call === undefined : word === 'show'
  if (!isKnown || file === undefined)
    throw new SettingsError(
      `Name what to do and the log: ${ownCommand('audit verify FILE')}, or ${ownCommand('audit show FILE [CALL]')}.`,
    )
  const pinned = typeof passkeys === 'string' ? await pinnedKeys(passkeys) : undefined
  const { lines, ok } = await (word === 'verify' ? verifyAudit(file, pinned) : showAudit(file, call))
  for (const line of lines) print(line)
  return ok ? 0 : 1
}
