import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Row } from '../../session/answer.ts'
import type { ExportFolder } from './folder.ts'
import type { Table } from './table.ts'
import { TemporaryFile } from './temporary-file.ts'

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

/** Reads the rows of a file of JSON Lines, in blocks. */
async function* rowsOf(file: TemporaryFile): AsyncGenerator<readonly Row[], void, void> {
  const decoder = new TextDecoder()
  let partialLine = ''
  let offset = 0
  for (let block = file.readBlock(0); block.length > 0; block = file.readBlock(offset)) {
    offset += block.length
    const text = decoder.decode(block, { stream: true })
    const end = text.lastIndexOf('\n')
    if (end < 0) {
      partialLine += text
    } else {
      const lines = (partialLine + text.slice(0, end)).split('\n')
      partialLine = text.slice(end + 1)
      yield lines.map((line) => JSON.parse(line) as Row)
    }
    // A large file must not block other work.
    await yieldToEventLoop()
  }
}

/** Writes rows as a CSV file and returns its size in bytes. A second pass, since the header needs all rows. */
export async function writeCsv(
  rowFile: TemporaryFile,
  table: Table,
  folder: ExportFolder,
  stem: string,
  signal: AbortSignal,
): Promise<number> {
  const file = new TemporaryFile(folder, `${stem}.csv-new`)
  try {
    const { names } = table
    const formatCsv = await createCsvFormatter(names.length)
    file.write(formatCsv([names]))
    for await (const rows of rowsOf(rowFile)) {
      signal.throwIfAborted()
      file.write(formatCsv(rows.map((row) => table.cellsOf(row, names))))
    }
    file.finish(`${stem}.csv`)
    return file.size
  } finally {
    file.close()
  }
}
