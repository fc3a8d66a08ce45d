import type { NewState, ShownTargets, TargetKind } from '../../effects/new-state.ts'
import { isObject } from '../../json-object.ts'
import type { Input } from '../../operation.ts'
import { quoted } from '../../sentences.ts'
import { idIn, someOf, textIn } from './words.ts'

// The state of what calls on lists of ids did, from the answer that can succeed for part of them (configuration pages).

/** So many are named in the clause; the fields hold all. */
const maxNamed = 10

/**
 * The ids that the answer calls done; all of them if it names none and refuses none, as the answer itself is a success.
 * Undefined if it does not tell.
 */
function doneIds({ success, failure }: Input, asked: readonly string[]): readonly string[] | undefined {
  const ids = isObject(success) ? success['ids'] : undefined
  if (Array.isArray(ids)) {
    const named = ids.flatMap((id) => idIn({ id }) ?? [])
    return asked.filter((id) => named.includes(id))
  }
  return failure === undefined || failure === null ? asked : undefined
}

/** Which of the ids it was done to, by the names that the preview showed. */
export function idsState(
  asked: readonly string[],
  record: Input,
  shown: ShownTargets,
  kind: TargetKind | undefined,
): NewState | undefined {
  const done = doneIds(record, asked)
  if (!done?.length) return undefined
  const names = done.map((id) => kind && textIn(shown.row(kind, id), 'name', 'title'))
  const parts = done.map((id, at) => (names[at] === undefined ? id : `${quoted(names[at])} (${id})`))
  return {
    // The clause about a part names its ids already.
    text: done.length < asked.length ? '' : someOf(parts, maxNamed),
    fields: { done, ...(names.every((name) => name !== undefined) && { names }) },
  }
}
