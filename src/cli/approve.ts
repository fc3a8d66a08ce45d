import { createInterface } from 'node:readline/promises'
import type { Writable } from 'node:stream'
import { type Environment, readSettings } from '../config/settings.ts'
import { stateDirOf, usualStateDir } from '../config/state-dir.ts'
import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError, SetupError } from '../shared/errors.ts'
import { counted } from '../shared/format.ts'
import { quotation, safeText } from '../shared/safe-text.ts'
import { maxFormLines } from '../tools/effects/approval/form-question.ts'
import {
  approvePending,
  declinePending,
  findPending,
  type PendingCall,
} from '../tools/effects/approval/pending/pending-calls.ts'
import { fitsInto, type Preview, shortLines, wholeLines } from '../tools/effects/preview/preview.ts'
import { localCaller } from '../tools/tool.ts'
import type { Invocation } from './command-line.ts'
import type { Command, CommandContext } from './context.ts'
import { foldLine } from './fold-line.ts'

export interface Terminal {
  readonly isTTY: boolean
  /** How many lines a person sees at once, if that is known. */
  readonly height?: number | undefined
  /** How many characters fit into a line, if that is known. */
  readonly width?: number | undefined
  /** The answer; undefined if the person gives up. */
  readonly ask: (question: string) => Promise<string | undefined>
  readonly print: (line: string) => void
}

function noSuchCall(): SettingsError {
  return new SettingsError(
    'No call waits under this code: a code lives ten minutes and belongs to one state folder. Let the assistant make the call again and run the whole command it gets then; if that is refused too, QUALYS_STATE_DIR or XDG_STATE_HOME differs between the server and here.',
  )
}

/**
 * Runs work on the state folder. A SetupError becomes a SettingsError, which is printed like a wrong setting.
 */
function withStateFolder<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    throw new SettingsError(`${error.message} Name a folder of your own that nobody else may write.`)
  }
}

const usualHeight = 24

/** Prints lines as they fit, and waits before the next ones. No answer on the way approves anything. */
async function printPages(lines: Iterable<string>, terminal: Terminal): Promise<void> {
  const room = Math.max(1, (terminal.height ?? usualHeight) - 1)
  const all = [...lines]
  for (let at = 0; at < all.length; at += room) {
    const left = all.length - at
    if (at > 0) {
      const answer = await terminal.ask(`${counted(left, 'more line')}. Enter goes on, q goes back: `)
      if (answer === undefined || answer.trim() === 'q') return
    }
    for (const line of all.slice(at, at + room)) terminal.print(line)
  }
}

/**
 * Lines as the terminal shows them. What was cleaned before it was stored is cleaned again: the file may have been
 * forged since.
 */
function* shownLines(lines: Iterable<string>, { width }: Terminal): Generator<string, void, void> {
  for (const line of lines)
    for (const part of safeText(line).split('\n')) yield* width === undefined ? [part] : foldLine(part, width)
}

/** Shows the preview, or a short view of it and then all, if the person wants. Returns the answer to the question. */
async function askAbout(preview: Preview, terminal: Terminal): Promise<string | undefined> {
  const isWhole = fitsInto(maxFormLines, preview)
  const first = [...shownLines(isWhole ? wholeLines(preview) : shortLines(preview, 'type all'), terminal)]
  if (first.length > maxFormLines) await printPages(first, terminal)
  else for (const line of first) terminal.print(line)
  const all = isWhole ? '' : 'all to see everything, '
  for (;;) {
    terminal.print('')
    const answer = await terminal.ask(`Type yes to let it run once, ${all}anything else to decline: `)
    if (isWhole || answer?.trim() !== 'all') return answer
    await printPages(shownLines(wholeLines(preview), terminal), terminal)
  }
}

/** Whose assistants wait for a call; nothing over stdio, where there is one caller. */
function ofCallers({ waiters }: PendingCall): string {
  const callers = [...new Set(waiters.map(({ caller }) => caller))].filter((id) => id !== localCaller.id)
  return callers.length === 0 ? '' : ` of ${callers.map((id) => quotation(id)).join(' and ')}`
}

/** Shows a person the pending call with this code and asks. True if it was approved. */
export async function approve(stateDir: string, code: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.isTTY)
    throw new SettingsError(
      `Approving needs a person at a terminal: run \`${ownCommand('approve CODE')}\` in one, without pipes.`,
    )
  const call = withStateFolder(() => findPending(stateDir, code))
  if (!call) throw noSuchCall()
  terminal.print(`An assistant${ofCallers(call)} wants to call ${call.tool}:`)
  terminal.print('')
  const answer = await askAbout(call.preview, terminal)
  if (answer?.trim() !== 'yes') {
    if (!withStateFolder(() => declinePending(stateDir, code))) throw noSuchCall()
    terminal.print('Declined: the call is taken off, and nothing runs.')
    return false
  }
  if (!withStateFolder(() => approvePending(stateDir, code))) throw noSuchCall()
  terminal.print("Approved: the assistant's identical next call runs, once, within ten minutes.")
  return true
}

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

/**
 * The state folder in which the call waits. The command of a refusal names it unless it is the usual one, so
 * that one counts too, whatever this terminal has set.
 */
export function folderOf(
  code: string,
  flags: Invocation['settings'],
  environment: Environment,
  usual = usualStateDir(),
): string {
  const { settings } = readSettings(flags, environment)
  const own = stateDirOf(settings)
  if (flags.stateDir !== undefined) return own
  return [own, usual].find((folder) => withStateFolder(() => findPending(folder, code))) ?? own
}

/** `qualys-mcp approve CODE`: exit code 1 if the person declines. */
export const approveCommand: Command = async (context) => {
  const { invocation, environment } = context
  const [code] = invocation.operands
  if (code === undefined)
    throw new SettingsError(`Name the code that the refused call gave: ${ownCommand('approve CODE')}.`)
  return (await approve(folderOf(code, invocation.settings, environment), code, terminalOf(context))) ? 0 : 1
}
