import type { Lists as ListsOf } from '../../operations/lists.ts'
import type { Input, Operation } from '../../operations/operation.ts'
import { InputError, QualysError } from '../../shared/errors.ts'
import { hostCounts } from '../effects/targets/host-counts.ts'
import type { ToolContext } from '../tool.ts'

export type Lists = ListsOf<Operation>

/** The lists of the account, for one call. */
export function listsOf({ session, signal }: Pick<ToolContext, 'session' | 'signal'>): Lists {
  return {
    find: (list, ids) => session.find(list, ids, { signal }),
    async *walk(list, input: Input = {}, fields?: readonly string[]) {
      const options = { signal, prefetch: true as const, ...(fields && { fields }) }
      for await (const { rows } of session.walk(list, input, options)) yield rows
    },
    recent: (list) => session.recentRows(list),
    countHosts: hostCounts({ session, signal }),
    whole: (list) => session.readWhole(list, { signal }),
    async read(operation, input) {
      const answer = await session.call(operation, input, { signal })
      if (answer.kind === 'record') return answer.record
      if (answer.kind === 'file') return answer
      throw new InputError(`${operation.name} returns a list.`, 'Read it as one.')
    },
    async attempt(reading) {
      try {
        return await reading()
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof QualysError) return undefined
        throw error
      }
    },
    now: Date.now(),
  }
}
