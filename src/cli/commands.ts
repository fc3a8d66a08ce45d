import type { Invocation } from './command-line.ts'
import type { Command } from './context.ts'

/** The code of each command, loaded when it is started. */
const loaders: Readonly<Record<Invocation['command'], () => Promise<Command>>> = {
  stdio: async () => (await import('./serve.ts')).serveCommand,
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand,
  call: async () => (await import('./call.ts')).callCommand,
  tools: async () => (await import('./tools.ts')).toolsCommand,
  approve: async () => (await import('./approve.ts')).approveCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  help: async () => (await import('./help.ts')).helpCommand,
  version: async () => (await import('./help.ts')).versionCommand,
}

/** Loads the command that an invocation names. */
export function loadCommand({ command }: Invocation): Promise<Command> {
  return loaders[command]()
}
