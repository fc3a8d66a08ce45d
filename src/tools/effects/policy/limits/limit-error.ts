import { SetupError } from '../../../../shared/errors.ts'
import type { ToolContext } from '../../../tool.ts'

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
 * The error for a limit of the operator, which holds in every mode (design 7). `why` names the limit with its value,
 * its setting, and what exceeds it by id; `about` names the same objects as lists show them. It never says how to get
 * round the limit: a model would try it.
 */
export function limitError(why: string, setting: string, about: readonly string[] = []): LimitError {
  const names = about.length > 0 ? ` Concerned: ${about.join(', ')}.` : ''
  return new LimitError(
    `The operator’s limits forbid it: ${why}.${names}`,
    `Tell the person: only the operator can change ${setting}. Splitting, copying or swapping things to stay under a limit is not what the operator wants.`,
    setting,
  )
}

/** Where the smaller limit of a caller of the service comes from, as refusals say it. */
export const callerLimit = 'the limit of this caller'

/** The most hosts of one run, and where that is set: by the operator for all, or for one caller of the service. */
export function hostLimitOf({ configuration, caller }: Pick<ToolContext, 'configuration' | 'caller'>) {
  const { maxAssetsPerRun } = caller
  return maxAssetsPerRun === undefined
    ? { max: configuration.settings.maxAssetsPerRun, source: 'QUALYS_MAX_ASSETS_PER_RUN' }
    : { max: maxAssetsPerRun, source: callerLimit }
}
