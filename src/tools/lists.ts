import { type Input, nounOf, type Operation } from '../operations/operation.ts'
import type { Failure, Lists as ListsOf } from '../operations/reads/lists.ts'
import { defaultBatchSize } from '../session/paging/collect.ts'
import {
  BusyError,
  InputError,
  LoginError,
  QualysError,
  TimeoutError,
  TooLargeError,
} from '../shared/errors.ts'
import type { ToolContext } from './tool.ts'

export type Lists = ListsOf<Operation>

/** What reading lists needs of the context of a call; without `progress` nothing is reported. */
export type ListContext = Pick<ToolContext, 'session' | 'signal'> & Partial<Pick<ToolContext, 'progress'>>

function kindOf(error: QualysError): Failure['kind'] {
  const isSlow = error instanceof TimeoutError || error.details.status === 504
  if (isSlow || error instanceof TooLargeError) return 'tooLarge'
  if (error instanceof LoginError) return 'login'
  return error instanceof BusyError ? 'busy' : 'other'
}

function failureOf(error: QualysError): Failure {
  const { status } = error.details
  return { kind: kindOf(error), error, ...(status !== undefined && { status }) }
}

/** The lists of the account, for one call. `say`: takes the notes for its reply. */
export function listsOf(
  { session, signal, progress }: ListContext,
  say: Lists['say'] = () => undefined,
): Lists {
  return {
    find: (list, ids) => session.find(list, ids, { signal }),
    async *walk(list, input: Input = {}, fields?: readonly string[], onLimit?: (reason: string) => void) {
      const options = { signal, prefetch: true as const, ...(fields && { fields }) }
      let count = 0
      for await (const { rows, total, resultLimit } of session.walk(list, input, options)) {
        count += rows.length
        progress?.report(count, total, nounOf(list.name))
        if (resultLimit !== undefined) onLimit?.(resultLimit)
        yield rows
      }
    },
    async first(list, input: Input = {}) {
      const answer = await session.call(list, { ...input, pageSize: defaultBatchSize }, { signal })
      if (answer.kind !== 'page')
        throw new InputError(`${list.name} returns no list.`, 'Read it as a record.')
      const { rows, total, hasMore, resultLimit } = answer
      const isCut = hasMore || resultLimit !== undefined || (total !== undefined && total > rows.length)
      return { rows, isWhole: !isCut }
    },
    recent: (list) => session.recentRows(list),
    whole: (list, input) => session.readWhole(list, { signal }, input),
    async read(operation, input) {
      const answer = await session.call(operation, input, { signal })
      if (answer.kind === 'record') return answer.record
      if (answer.kind === 'file') return answer
      throw new InputError(`${operation.name} returns a list.`, 'Read it as one.')
    },
    async attempt(reading, onFailure) {
      try {
        return await reading()
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof QualysError)) throw error
        return onFailure?.(failureOf(error))
      }
    },
    say,
    now: Date.now(),
  }
}
