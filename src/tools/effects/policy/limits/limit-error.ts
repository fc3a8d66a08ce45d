import { SetupError } from '../../../../shared/errors.ts'

/** What is said to a model that would otherwise look for a way round a limit. */
const noWayRound =
  'Splitting the call, copying objects or choosing others to stay under a limit is not what the operator wants.'

/** A limit of the operator forbids a call. */
export class LimitError extends SetupError {
  /** The setting that holds the limit. */
  readonly setting: string

  constructor(message: string, next: string, setting: string) {
    super(message, next)
    this.setting = setting
  }
}

/**
 * The error for a limit of the operator, which holds in every mode (design 7). `why` names the limit, its setting, and
 * what exceeds it by name. It never says how to get round the limit.
 */
export function limitError(why: string, setting: string): LimitError {
  return new LimitError(
    `The operator’s limits forbid it: ${why}.`,
    `Only the operator of this server can change ${setting}: ask them whether this may be done. ${noWayRound}`,
    setting,
  )
}
