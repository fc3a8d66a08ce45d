/** Removes the rows from the list itself. */
export function removeRows<Row>(list: Row[], isRemoved: (row: Row) => boolean): void {
  let kept = 0
  for (const row of list) if (!isRemoved(row)) list[kept++] = row
  list.length = kept
}
