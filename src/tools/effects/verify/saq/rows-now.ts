import type { Operation } from '../../../../operations/operation.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { oneLine, quotation } from '../../../../shared/safe-text.ts'
import type { ToolContext } from '../../../tool.ts'
import { readPage, type Target, toTarget } from '../../targets/lookup.ts'
import { type Look, look } from '../look.ts'

/** One request is sent, so only so many objects are looked at. Templates hold all their questions. */
const maxRows = 1_000
const maxLargeRows = 50

/** The rows of some ids, as one request shows them now. */
export interface RowsNow {
  /** The ids that were asked for: the first ones of a long list. */
  readonly ids: readonly string[]
  readonly rows: ReadonlyMap<string, Target>
  /** True if an id without a row is at Qualys no more. */
  readonly isWhole: boolean
}

/** Reads rows by id with one request, for a list whose filter by id is documented. */
export function readRowsNow(
  context: ToolContext,
  clock: Clock,
  list: Operation,
  ids: readonly string[],
): Promise<Look<RowsNow>> {
  const asked = ids.slice(0, list.hasLargeRows?.({}) ? maxLargeRows : maxRows)
  return look(context, clock, async (limited) => {
    const page = await readPage(limited, list, { id: asked, pageSize: asked.length })
    const targets = (page?.rows ?? []).map((row) => toTarget(context, String(row['id']), row))
    const isFiltered = targets.every(({ id }) => asked.includes(id))
    return {
      ids: asked,
      rows: new Map(targets.filter(({ id }) => asked.includes(id)).map((target) => [target.id, target])),
      isWhole: page !== undefined && isFiltered && !page.hasMore && page.leftOut === undefined,
    }
  })
}

const maxTextLength = 60

/** A text of Qualys or of the call in a clause, redacted before: in quotes, on one line, clipped. */
export const inQuotes = (text: string): string => quotation(oneLine(text, maxTextLength))
