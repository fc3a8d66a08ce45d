const moved = Symbol('fields that another name may hold')

/** A row that lacks these fields, and that has other ones which may hold what they held. Copies by spread keep it. */
export const withMoved = <T extends object>(row: T, fields: readonly string[]): T => ({
  ...row,
  [moved]: fields,
})

/** The fields of a row that Qualys may send under another name, by the names that the assistant sees. */
export function movedFields(row: object): readonly string[] {
  const fields: unknown = moved in row ? row[moved] : undefined
  return Array.isArray(fields) ? fields : []
}

/** True if a row lacks a field, and has others that may hold it. */
export const mayHide = (row: object, field: string): boolean => movedFields(row).includes(field)

/** The same of another form of the row, such as its copy without secrets. */
export function copyMoved<T extends object>(from: object, to: T): T {
  const fields = movedFields(from)
  return fields.length > 0 ? withMoved(to, fields) : to
}
