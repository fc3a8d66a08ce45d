/** Characters that need quotes, and beginnings that a spreadsheet may take for a formula. */
const special = /[",\r\n]|^[\s=+\-@＝＋－＠]/

/**
 * Text that a spreadsheet may take for a formula, also after white space and in full-width characters
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formulaStart = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/

/** A text as a cell: quoted where it has to be; with a mark before what looks like a formula. */
function textCell(text: string): string {
  if (!special.test(text)) return text
  const safe = formulaStart.test(text) ? `'${text}` : text
  // RFC 4180. Most readers end a record at any line break.
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A value as a cell: lists and objects are JSON, no value is an empty cell. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return textCell(value)
  return typeof value === 'object' ? textCell(JSON.stringify(value)) : String(value)
}

/** A record of CSV with its line break (RFC 4180). */
export function recordOf(cells: readonly string[]): string {
  // A line of one empty cell would be an empty line, which readers skip.
  return cells.length === 1 && cells[0] === '' ? '""\r\n' : `${cells.join(',')}\r\n`
}
