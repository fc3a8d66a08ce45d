import { BusyError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'

// An effect never begins late (design 12): a client that gave up at 60 s must not find that its call was sent after
// that. Preparing, waiting for a person and sending share these seconds.

type TimedCall = Pick<ToolContext, 'arrivedAt' | 'safeguards'>

/** How long a call may still wait for a person, in ms. */
export const waitLeft = ({ arrivedAt, safeguards }: TimedCall): number =>
  Math.max(0, arrivedAt + safeguards.callTimes.waitMs - performance.now())

/** Throws a BusyError once it is too late to send a call. `isApproved`: a person approved it. */
export function refuseLate({ arrivedAt, safeguards }: TimedCall, isApproved: boolean): void {
  const { sendMs } = safeguards.callTimes
  if (performance.now() - arrivedAt <= sendMs) return
  throw new BusyError(
    `The call was not ready within ${sendMs / 1000} s, and a client may have given it up by now; nothing was sent.`,
    isApproved
      ? 'Make the identical call again: the approval still holds.'
      : 'Make the identical call again.',
  )
}
