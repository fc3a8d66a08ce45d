import { closeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { Row } from '../../session/record.ts'
import { csvWriter } from './csv.ts'
import type { Format } from './names.ts'
import type { Spool } from './spool.ts'
import type { Table } from './table.ts'

const blockBytes = 256 * 1024
const newline = 10

/** The rows of an export again, some at a time. */
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
    // Nobody waits for a large file.
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

/** Writes the rows as CSV. The header needs all of them to be known, so that it is a second pass. */
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
    // From here to the end nothing waits: nobody takes over in between.
    spool.checkTurn()
    folder.rename(temporary, `${stem}.csv`)
    return bytes
  } catch (error) {
    // Whoever took over writes one of the same name.
    if (spool.isOurs) folder.remove(temporary)
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Makes the file that was asked for of the rows, and says how large it is. */
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
