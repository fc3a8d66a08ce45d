import { createInterface } from 'node:readline/promises'
import type { Writable } from 'node:stream'
import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { Command, CommandContext } from '../context.ts'
import { approve, folderOf, type Terminal, waitingCall } from './approve.ts'

/** The rows or columns of a terminal that says how many it has. */
function sizeOf(stdout: Writable, what: 'rows' | 'columns'): number | undefined {
  const size: unknown = Reflect.get(stdout, what)
  return typeof size === 'number' && size > 1 ? size : undefined
}

/** The terminal of the person who runs the command. */
function terminalOf({ stdin, stdout, isTerminal, print }: CommandContext): Terminal {
  return {
    isTTY: isTerminal(),
    height: sizeOf(stdout, 'rows'),
    width: sizeOf(stdout, 'columns'),
    print,
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stdout })
      try {
        return await lines.question(question)
      } catch {
        // Ctrl-C and Ctrl-D do not approve.
        print('')
        return undefined
      } finally {
        lines.close()
      }
    },
  }
}

/** Lets a person decide about a call that waits, in this terminal or on the page. Exit code 1 unless it is approved. */
export async function decide(context: CommandContext, stateDir: string, code: string): Promise<number> {
  if (context.invocation.flags['page'] === undefined)
    return (await approve(stateDir, code, terminalOf(context))) ? 0 : 1
  const call = waitingCall(stateDir, code)
  return (await import('./approve-on-page.ts')).approveOnPage(context, stateDir, call)
}

/** `qualys-mcp approve CODE`: exit code 1 if the person declines. */
export const approveCommand: Command = async (context) => {
  const { invocation, environment } = context
  const [code] = invocation.operands
  if (code === undefined)
    throw new SettingsError(`Name the code that the refused call gave: ${ownCommand('approve CODE')}.`)
  return decide(context, folderOf(code, invocation.settings, environment), code)
}
