import type { Page } from '../answer.ts'
import type { Found } from './collect.ts'
import { type Binding, type Position, sealPosition } from './continuation.ts'

/** The collected rows as a page. Its token continues exactly after the last row shown. */
export function pageOf(
  { rows, at, more, scanned, total, wall, drift }: Found,
  start: Position,
  binding: Binding,
): Page {
  return {
    kind: 'page',
    rows: rows.map(({ record }) => record),
    before: start[0],
    scannedBy: (shown) =>
      shown < rows.length ? (rows[shown - 1]?.behind[0] ?? start[0]) - start[0] : scanned,
    ...(total !== undefined && { total }),
    ...(wall !== undefined && { wall }),
    drift,
    continuation: (shown) => {
      const behind = shown < rows.length ? rows[shown - 1]?.behind : more ? at : undefined
      return behind && sealPosition(behind, binding)
    },
  }
}
