import { closeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { Row } from '../../session/answer.ts'
import { csvWriter } from './csv.ts'
import type { Spool } from './export-state.ts'
import type { Format } from './names.ts'
import type { Table } from './table.ts'

const blockBytes = 256 * 1024
const newline = 10

/** Reads the rows of an export back, in blocks. */
async function* rowsOf(spool: Spool): AsyncGenerator<readonly Row[], void, void> {
  let begun: Buffer[] = []
  for (let place = 0; place < spool.state.bytes; ) {
    const block = spool.readAt(blockBytes, place)
    if (block.length === 0) return
    place += block.length
    const end = block.lastIndexOf(newline) + 1
    if (end > 0) {
      const lines = Buffer.concat([...begun, block.subarray(0, end)]).toString()
      begun = []
      yield lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row)
    }
    begun.push(Buffer.from(block.subarray(end)))
    // Other work gets a turn while a large file is read.
    await turn()
  }
}

/** The first rows of an export. */
export async function tasteOf(spool: Spool, most: number): Promise<readonly Row[]> {
  const first: Row[] = []
  for await (const rows of rowsOf(spool)) {
    first.push(...rows.slice(0, most - first.length))
    if (first.length >= most) break
  }
  return first
}

/** Writes the rows as CSV. A second pass, since the header needs all rows. */
async function writeCsv(spool: Spool, table: Table, signal: AbortSignal): Promise<number> {
  const { folder, stem } = spool
  const temporary = `${stem}.csv-new`
  folder.remove(temporary)
  const fd = folder.create(temporary)
  try {
    const { names } = table
    const toCsv = await csvWriter(names.length)
    let bytes = folder.writeAt(fd, toCsv([names]), 0)
    for await (const rows of rowsOf(spool)) {
      signal.throwIfAborted()
      bytes += folder.writeAt(fd, toCsv(rows.map((row) => table.cellsOf(row, names))), bytes)
    }
    // No await from here on: no other call can take over in between.
    spool.checkTurn()
    folder.rename(temporary, `${stem}.csv`)
    return bytes
  } catch (error) {
    // A call that has taken over writes a file of the same name.
    if (spool.isOurs) folder.remove(temporary)
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Turns the rows into the requested file and returns its size in bytes. */
export async function finish(
  spool: Spool,
  format: Format,
  table: Table,
  signal: AbortSignal,
): Promise<number> {
  const { folder, stem, state } = spool
  let bytes = state.bytes
  spool.checkTurn()
  if (format === 'csv') bytes = await writeCsv(spool, table, signal)
  else folder.rename(`${stem}.rows`, `${stem}.jsonl`)
  spool.finish()
  return bytes
}
