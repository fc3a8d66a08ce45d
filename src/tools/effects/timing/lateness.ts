import { BusyError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'

// An effect never begins late (design 12): a client that gave up at 60 s must not find that its call was sent after
// that. Preparing, waiting for a person and sending share these seconds.

/** No request with an effect leaves later than this after its call arrived. */
const sendWithinMs = 45_000

/** Waiting for a person ends this long after the call arrived. */
const waitWithinMs = 35_000

/** How long a call may still wait for a person, in ms. */
export const waitLeft = ({ arrivedAt }: Pick<ToolContext, 'arrivedAt'>): number =>
  Math.max(0, arrivedAt + waitWithinMs - performance.now())

/** Throws a BusyError once it is too late to send a call. `isApproved`: a person approved it. */
export function refuseLate({ arrivedAt }: Pick<ToolContext, 'arrivedAt'>, isApproved: boolean): void {
  if (performance.now() - arrivedAt <= sendWithinMs) return
  throw new BusyError(
    `The call was not ready within ${sendWithinMs / 1000} s, and a client may have given it up by now; nothing was sent.`,
    isApproved
      ? 'Make the identical call again: the approval holds for ten minutes.'
      : 'Make the identical call again.',
  )
}
