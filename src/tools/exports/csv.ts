/** Formats rows as lines of CSV. */
export type CsvFormatter = (rows: readonly (readonly unknown[])[]) => string

/** Text that a spreadsheet may take for a formula, also after white space and in full-width characters. */
const formulaStart = /^\s+[=+\-@＝＋－＠]|^\n/

/**
 * RFC 4180. The library marks text that looks like a formula with a quote and leaves numbers unchanged; it
 * does not check text that begins with white space. A file of one column must not have an empty line: readers
 * skip it.
 */
export async function createCsvFormatter(columns: number): Promise<CsvFormatter> {
  const { stringify } = await import('csv-stringify/sync')
  const cast = {
    string: (text: string) => (formulaStart.test(text) ? `'${text}` : text),
    boolean: (value: boolean) => String(value),
    object: (value: object) => JSON.stringify(value),
  }
  const options = {
    record_delimiter: '\r\n',
    escape_formulas: true,
    quoted_empty: columns === 1,
    // The library quotes only its own line break, but most readers end a record at any line break.
    quoted_match: /[\r\n]/,
    cast,
  }
  return (rows) =>
    stringify(
      rows.map((row) => [...row]),
      options,
    )
}
