import { BusyError } from '../../../../shared/errors.ts'
import { counted } from '../../../../shared/format.ts'
import { approveCommand } from '../approve-command.ts'
import { lifetimeMs } from './pending-folder.ts'
import type { StoredCall, Waiter } from './stored-call.ts'
import { timeText } from './time-text.ts'

/** Most calls of one caller of one server that wait for a person. */
const maxOfCaller = 10
/** Most calls of all servers that share a state folder. */
const maxInAll = 100

function waitingError(stateDir: string, what: string, waiting: readonly StoredCall[]): BusyError {
  const [oldest] = waiting
  const until = oldest ? `, the first of them until ${timeText(oldest.at + lifetimeMs)}` : ''
  return new BusyError(
    `${what}${until}; this call got no code, and nothing was sent.`,
    `Ask a person to approve or decline one of them, on its approval page or in a terminal with \`${approveCommand(stateDir, 'CODE')}\`; then make this call again.`,
  )
}

/** Throws if too many other calls wait, oldest first. None of them makes room: a person may be about to answer it. */
export function refuseOneTooMany(
  stateDir: string,
  others: readonly StoredCall[],
  { server, caller, key }: Waiter,
): void {
  // A call may wait with two previews, if another server waits for the older one.
  const own = new Map(
    others.flatMap((call) =>
      call.waiters
        .filter((waiter) => waiter.server === server && waiter.caller === caller && waiter.key !== key)
        .map((waiter) => [waiter.key, call] as const),
    ),
  )
  if (own.size >= maxOfCaller) {
    const waiting = [...own.values()]
    const named = waiting.map(({ record, code }) => `${record.tool} ${code}`).join(', ')
    throw waitingError(stateDir, `${counted(own.size, 'call')} wait for a person already (${named})`, waiting)
  }
  if (others.length >= maxInAll)
    throw waitingError(
      stateDir,
      `${counted(others.length, 'call')} of the servers that share this state folder wait for a person already`,
      others,
    )
}
