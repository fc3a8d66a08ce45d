import { type Clock, withTimeout } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError } from '../../../shared/errors.ts'
import { factsOf } from '../../../shared/log.ts'
import type { ToolContext } from '../../tool.ts'

/** The effect is done, and its reply waits: clients give up after a minute, most of which may be over. */
const maxLookMs = 10_000

/** What a look at Qualys after an effect brings, or the words that say behind its object why it brings nothing. */
export type Look<T> =
  | { readonly found: T; readonly failure?: never }
  | { readonly failure: string; readonly found?: never }

/**
 * One read after an effect that is done. Whatever goes wrong with it, the effect does not look failed. Throws only if
 * the call is cancelled: then nobody reads the reply.
 */
export async function look<T>(
  context: ToolContext,
  clock: Clock,
  read: (context: ToolContext) => Promise<T>,
): Promise<Look<T>> {
  const { signal, log } = context
  const looks: Look<T>[] = []
  try {
    await withTimeout(clock, clock.now() + maxLookMs, signal, async (limited) => {
      looks.push({ found: await read({ ...context, signal: limited }) })
    })
  } catch (error) {
    if ([error, signal.reason].some((reason) => reason instanceof CallTimeoutError))
      return { failure: 'was not looked at, since time was up' }
    signal.throwIfAborted()
    if (!(error instanceof QualysError)) log.error(factsOf(error), 'the state after an effect is not read')
    const isDenied = error instanceof QualysError && error.details.status === 403
    return { failure: isDenied ? 'may not be read by this user (403)' : 'could not be read' }
  }
  return looks[0] ?? { failure: 'could not be read in time' }
}
