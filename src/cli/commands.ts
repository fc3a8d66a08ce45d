import type { Invocation } from './command-line.ts'
import type { Command } from './context.ts'
import { helpCommand, versionCommand } from './help.ts'
import { serveCommand } from './serve.ts'

/**
 * The code of each command. What serving needs is loaded with the program, since each further file delays
 * the start; the rest is loaded when it is needed.
 */
export const commandCode: Readonly<Record<Invocation['command'], Command>> = {
  stdio: serveCommand,
  http: async (context) => (await import('./service/http.ts')).httpCommand(context),
  connect: async (context) => (await import('./service/connect.ts')).connectCommand(context),
  callers: async (context) => (await import('./service/callers.ts')).callersCommand(context),
  passkey: async (context) => (await import('./approval/passkey.ts')).passkeyCommand(context),
  sandbox: async (context) => (await import('./sandbox.ts')).sandboxCommand(context),
  call: async (context) => (await import('./call.ts')).callCommand(context),
  tools: async (context) => (await import('./tools.ts')).toolsCommand(context),
  approve: async (context) => (await import('./approval/approve-command.ts')).approveCommand(context),
  plans: async (context) => (await import('./plans/plans.ts')).plansCommand(context),
  audit: async (context) => (await import('./audit.ts')).auditCommand(context),
  doctor: async (context) => (await import('./doctor.ts')).doctorCommand(context),
  help: helpCommand,
  version: versionCommand,
}
