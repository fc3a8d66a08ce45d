import type { Settings } from '../config/settings.ts'
import { BusyError, type QualysError, SetupError } from '../shared/errors.ts'
import { currentExchange } from './requests/exchange.ts'

/** Why the call that is handled may not run: its caller is over their rate. An ordinary result tells that to a model. */
export const rateRefusal =
  ({ callsPerMinute }: Settings) =>
  (): QualysError | undefined => {
    const seconds = currentExchange()?.busySeconds
    if (seconds === undefined) return undefined
    return new BusyError(
      `This caller has made more than ${callsPerMinute} requests within a minute (QUALYS_CALLS_PER_MINUTE), so the tool was not called.`,
      `Call again in ${seconds} s.`,
      { retryAfterSeconds: seconds },
    )
  }

/** Why no effect may begin in this service at present. */
export const effectObstacle =
  ({ replicas }: Settings, isLockLost: () => boolean) =>
  (): QualysError | undefined => {
    if (replicas > 1)
      return new SetupError(
        `This service is one of ${replicas} (QUALYS_REPLICAS) without a shared store, so limits and approvals could not hold; nothing was sent.`,
        'Ask the operator to run one service for all effects; reading works.',
      )
    if (isLockLost())
      return new SetupError(
        'Another service uses the state folder of this one, so limits and approvals could not hold; nothing was sent.',
        'Ask the operator to end one of them, or to give it a QUALYS_STATE_DIR of its own.',
      )
    return undefined
  }
