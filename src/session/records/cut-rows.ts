const cutRows = new WeakSet<object>()

/** Marks a row of which something is left out, for those who would write it back. Copies have to be marked, too. */
export function markCut<T extends object>(row: T): T {
  cutRows.add(row)
  return row
}

export const isCut = (row: object): boolean => cutRows.has(row)
