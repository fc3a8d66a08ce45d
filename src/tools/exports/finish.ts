import { closeSync } from 'node:fs'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Row } from '../../session/answer.ts'
import { createCsvFormatter } from './csv.ts'
import type { UnfinishedExport } from './export-state.ts'
import type { Format } from './names.ts'
import type { Table } from './table.ts'

const blockBytes = 256 * 1024
const newline = 10

/** Reads the rows of an export back, in blocks. */
async function* rowsOf(unfinished: UnfinishedExport): AsyncGenerator<readonly Row[], void, void> {
  let partialLine: Buffer[] = []
  for (let offset = 0; offset < unfinished.state.bytes; ) {
    const block = unfinished.readAt(blockBytes, offset)
    if (block.length === 0) return
    offset += block.length
    const end = block.lastIndexOf(newline) + 1
    if (end > 0) {
      const lines = Buffer.concat([...partialLine, block.subarray(0, end)]).toString()
      partialLine = []
      yield lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row)
    }
    partialLine.push(Buffer.from(block.subarray(end)))
    // A large file must not block other work.
    await yieldToEventLoop()
  }
}

/** The first rows of an export. */
export async function firstRows(unfinished: UnfinishedExport, count: number): Promise<readonly Row[]> {
  const result: Row[] = []
  for await (const rows of rowsOf(unfinished)) {
    result.push(...rows.slice(0, count - result.length))
    if (result.length >= count) break
  }
  return result
}

/** Writes the rows as CSV. A second pass, since the header needs all rows. */
async function writeCsv(unfinished: UnfinishedExport, table: Table, signal: AbortSignal): Promise<number> {
  const { folder, stem } = unfinished
  const temporary = `${stem}.csv-new`
  folder.remove(temporary)
  const fd = folder.create(temporary)
  try {
    const { names } = table
    const formatCsv = await createCsvFormatter(names.length)
    let bytes = folder.writeAt(fd, formatCsv([names]), 0)
    for await (const rows of rowsOf(unfinished)) {
      signal.throwIfAborted()
      bytes += folder.writeAt(fd, formatCsv(rows.map((row) => table.cellsOf(row, names))), bytes)
    }
    // No await from here on, so that no other call of this process can take over in between.
    unfinished.assertOwned()
    folder.rename(temporary, `${stem}.csv`)
    return bytes
  } catch (error) {
    // A call that has taken over writes a file of the same name.
    if (unfinished.isOwned) folder.remove(temporary)
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Turns the rows into the requested file and returns its size in bytes. */
export async function finishExport(
  unfinished: UnfinishedExport,
  format: Format,
  table: Table,
  signal: AbortSignal,
): Promise<number> {
  const { folder, stem, state } = unfinished
  let bytes = state.bytes
  unfinished.assertOwned()
  if (format === 'csv') bytes = await writeCsv(unfinished, table, signal)
  else folder.rename(`${stem}.rows`, `${stem}.jsonl`)
  unfinished.finish()
  return bytes
}
