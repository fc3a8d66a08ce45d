import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { verifyAudit } from '../tools/effects/audit/verify-audit.ts'
import type { Command } from './context.ts'

/** `qualys-mcp audit verify FILE`: exit code 1 if the log is not intact. */
export const auditCommand: Command = async ({ invocation, print }) => {
  const [word, file] = invocation.operands
  if (word !== 'verify' || file === undefined)
    throw new SettingsError(`Name the log to check: ${ownCommand('audit verify FILE')}.`)
  const { lines, ok } = await verifyAudit(file)
  for (const line of lines) print(line)
  return ok ? 0 : 1
}
