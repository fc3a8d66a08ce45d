import { type Environment, readSettings } from '../../config/settings.ts'
import { stateDirOf, usualStateDir } from '../../config/state-dir.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError, SetupError } from '../../shared/errors.ts'
import { counted } from '../../shared/format.ts'
import { quotation, safeText } from '../../shared/safe-text.ts'
import { approveCommand as commandFor } from '../../tools/effects/approval/approve-command.ts'
import { maxFormLines } from '../../tools/effects/approval/form/form-question.ts'
import { changedPreview, showsWhatIsSealed } from '../../tools/effects/approval/page/safety/shown.ts'
import { afterYes, goesOnAlone, rolloutGoesOn } from '../../tools/effects/approval/pending/after-yes.ts'
import { approveCall, declineCall, findCall } from '../../tools/effects/approval/pending/pending-calls.ts'
import type { FoundCall } from '../../tools/effects/approval/pending/stored-call.ts'
import type { Preview } from '../../tools/effects/preview/preview.ts'
import { fitsInto, shortLines, wholeLines } from '../../tools/effects/preview/text.ts'
import { localCaller } from '../../tools/tool.ts'
import type { Invocation } from '../command-line.ts'
import { foldLine } from '../fold-line.ts'

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
function ofCallers({ waiters }: FoundCall): string {
  const callers = [...new Set(waiters.map(({ caller }) => caller))].filter((id) => id !== localCaller.id)
  return callers.length === 0 ? '' : ` of ${callers.map((id) => quotation(id)).join(' and ')}`
}

/** What became of a call, as the end of a sentence. */
function endOf({ state, record }: FoundCall): string {
  if (state === 'declined') return 'was declined: the assistant has to make it again'
  if (state === 'used') return 'has run, or is running: a code is good once'
  const next = goesOnAlone(record) ? rolloutGoesOn() : 'the identical call of the assistant runs'
  return `was approved already: ${next}`
}

/** The call that waits under a code. Throws a SettingsError that says what became of another one. */
export function waitingCall(stateDir: string, code: string): FoundCall {
  const call = withStateFolder(() => findCall(stateDir, code))
  if (!call) throw noSuchCall()
  if (call.state === 'pending') return call
  throw new SettingsError(`The call with the code ${call.code} ${endOf(call)}.`)
}

/** Throws a SettingsError if the process that asked takes no yes of a terminal: it would not count there. */
function refuseOtherWays({ ways, link, code, needsOther }: FoundCall, stateDir: string): void {
  if (ways.includes('terminal')) return
  const what = ways.includes('passkey') ? 'only a passkey counts' : 'only a yes on the approval page counts'
  const whose = needsOther ? ', of another person than the one who asks' : ''
  const where = link === undefined ? 'its approval page' : link
  throw new SettingsError(
    `For this call ${what}${whose}, and nothing was approved: open ${where} (or run \`${commandFor(stateDir, code)} --page\`).`,
  )
}

/** Shows a person the pending call with this code and asks. True if it was approved. */
export async function approve(stateDir: string, code: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.isTTY)
    throw new SettingsError(
      `Approving needs a person at a terminal: run \`${ownCommand('approve CODE')}\` in one, without pipes.`,
    )
  const call = waitingCall(stateDir, code)
  const { digest, record, preview } = call
  refuseOtherWays(call, stateDir)
  // The digest is approved, so what is shown has to be what is in it.
  if (!showsWhatIsSealed(call)) throw new SettingsError(changedPreview)
  terminal.print(`An assistant${ofCallers(call)} wants to call ${record.tool}:`)
  terminal.print('')
  const answer = await askAbout(preview, terminal)
  if (answer?.trim() !== 'yes') {
    if (!withStateFolder(() => declineCall(stateDir, digest, { way: 'terminal' }))) throw noSuchCall()
    terminal.print('Declined: the call is taken off, and nothing runs.')
    return false
  }
  const approval = { way: 'terminal', by: 'terminal', at: Date.now() } as const
  if (!withStateFolder(() => approveCall(stateDir, digest, approval))) throw noSuchCall()
  terminal.print(afterYes(record))
  return true
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
  return [own, usual].find((folder) => withStateFolder(() => findCall(folder, code))) ?? own
}
