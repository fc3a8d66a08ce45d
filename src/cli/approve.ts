import { SettingsError, SetupError } from '../shared/errors.ts'
import { safeText } from '../shared/safe-text.ts'
import { approvePending, dropPending, findPending } from '../tools/effects/approval/pending-calls.ts'

export interface Terminal {
  readonly isTTY: boolean
  readonly ask: (question: string) => Promise<string>
  readonly print: (line: string) => void
}

function gone(): SettingsError {
  return new SettingsError(
    'No call waits under this code: a code lives ten minutes and belongs to one state folder. Let the assistant make the call again and use the code it gets then; if that is refused too, QUALYS_STATE_DIR differs between the server and here.',
  )
}

/**
 * Runs work on the state folder. A SetupError becomes a SettingsError, which is printed like a wrong setting.
 */
function inState<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    throw new SettingsError(`${error.message} Name a folder of your own that nobody else may write.`)
  }
}

/** `qualys-mcp approve`: shows a person the pending call with this code and asks. True if it was approved. */
export async function approve(stateDir: string, code: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.isTTY)
    throw new SettingsError(
      'Approving needs a person at a terminal: run `qualys-mcp approve CODE` in one, without pipes.',
    )
  const call = inState(() => findPending(stateDir, code))
  if (!call) throw gone()
  terminal.print(`An assistant wants to call ${call.tool}:`)
  terminal.print('')
  // Cleaned before it was stored, but the file may have been forged since.
  terminal.print(safeText(call.preview))
  terminal.print('')
  const answer = await terminal.ask('Type yes to let it run once, anything else to decline: ')
  if (answer.trim() !== 'yes') {
    inState(() => dropPending(stateDir, code))
    terminal.print('Declined: the call is taken off, and nothing runs.')
    return false
  }
  if (!inState(() => approvePending(stateDir, code))) throw gone()
  terminal.print("Approved: the assistant's identical next call runs, once, within ten minutes.")
  return true
}
