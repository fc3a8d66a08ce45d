import type { Row } from '../../../../session/answer.ts'
import { formatNumber, texts } from '../../../../shared/format.ts'
import { type Extent, estimateRows, fitToBudget, type Reply, sizeOf } from '../../../replies/reply.ts'
import { type ListPart, tokenAfter } from './list-part.ts'
import type { Place } from './places.ts'

/** Maximum characters of a name in a reply that fits. */
export const maxNameLength = 160

/** Shrinks a reply: fewer rows first, then shorter texts, then fewer words. */
export function shrinkToFit(
  start: Extent,
  budget: number,
  compose: (extent: Extent) => Reply,
  minRows = 0,
): Reply {
  const reply = fitToBudget(start, budget, compose)
  if (sizeOf(reply) <= budget) return reply
  const shorter = [60, 30, 15].map((maxTextLength) => ({
    rows: Math.min(1, start.rows),
    maxTextLength,
    maxColumns: start.maxColumns >> 2,
  }))
  return (
    shorter.map(compose).find((reply) => sizeOf(reply) <= budget) ??
    compose({ rows: minRows, maxTextLength: 10, maxColumns: 1 })
  )
}

/** How a page of a list is written. */
interface PageForm {
  /** The first line. `range`: `21-40 of 228`; `shared`: what all rows share. */
  readonly headline: (range: string, shared: string) => string
  /** The first line of a page without rows. */
  readonly end: string
  readonly table: (rows: readonly Row[]) => { readonly shared: string; readonly lines: readonly string[] }
  readonly note: string
}

/** A page of a list alone: one line that says which part it is, and the rows. */
export function listPage<Item extends { readonly place: Place }>(
  part: ListPart<Item>,
  budget: number,
  rowOf: (item: Item, maxLength: number) => Row,
  { headline, end, table, note }: PageForm,
): Reply {
  const { items, before, total } = part
  const compose = ({ rows: count, maxTextLength }: Extent): Reply => {
    const rows = items.slice(0, count).map((item) => rowOf(item, maxTextLength))
    const { shared, lines } = table(rows)
    const range = `${formatNumber(before + 1)}-${formatNumber(before + rows.length)} of ${formatNumber(total)}`
    const token = tokenAfter(part, rows.length, rows.length > 0)
    return {
      summary: rows.length > 0 ? headline(range, shared) : end,
      body: texts(lines, note !== '' && `Note: ${note}`).join('\n'),
      rows,
      total,
      ...(token !== undefined && { continuationToken: token }),
      ...(note !== '' && { note }),
    }
  }
  const sizes = items.map((item) => ({ size: JSON.stringify(rowOf(item, maxNameLength)).length }))
  const start = { rows: estimateRows(sizes, budget), maxTextLength: maxNameLength, maxColumns: 1 }
  return shrinkToFit(start, budget, compose, 1)
}
