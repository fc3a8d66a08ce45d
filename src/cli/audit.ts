import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { showAudit } from '../tools/effects/audit/show/show-audit.ts'
import { verifyAudit } from '../tools/effects/audit/verify-audit.ts'
import type { Command } from './context.ts'

/** `qualys-mcp audit verify FILE` and `audit show FILE [CALL]`: exit code 1 if the log is not intact. */
export const auditCommand: Command = async ({ invocation, print }) => {
  const [word, file, call] = invocation.operands
  const isKnown = word === 'verify' ? call === undefined : word === 'show'
  if (!isKnown || file === undefined)
    throw new SettingsError(
      `Name what to do and the log: ${ownCommand('audit verify FILE')}, or ${ownCommand('audit show FILE [CALL]')}.`,
    )
  const { lines, ok } = await (word === 'verify' ? verifyAudit(file) : showAudit(file, call))
  for (const line of lines) print(line)
  return ok ? 0 : 1
}
