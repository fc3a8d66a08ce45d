import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'vitest'
import { parseExportRequest } from '../../../src/tools/exports/export-request.ts'
import type { Format } from '../../../src/tools/exports/names.ts'
import type { TemporaryFile } from '../../../src/tools/exports/temporary-file.ts'
import { type WrittenRows, writeRows } from '../../../src/tools/exports/writer.ts'
import type { Answers } from '../operations/memory.ts'
import { callerOn } from '../workflows/memory.ts'

// An export of many runs to a file that takes bytes slowly.

/** The runs of a batch. */
const batch = 1_000
const runCount = 20 * batch

/** All rows of a file are equally long, so that its size shows how many it has. */
const idOf = (at: number): string => String(1_000_000 + at)
export const allIds: readonly string[] = Array.from({ length: runCount }, (_, at) => idOf(at))

const runOf = (at: number): object => ({
  sortValues: [idOf(at)],
  data: { id: idOf(at), title: 'x'.repeat(300), created: { dateTime: 1_700_000_000_000 } },
})

/** The ids in an exported file, in their order. */
export const idsIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^(?:\{"id":")?(\d{7})[",]/gm), ([, id = '']) => id)

/** An export that is running, and how many rows Qualys has sent for it. */
export interface SlowExport {
  readonly written: Promise<WrittenRows>
  readonly sentRows: () => number
}

/** Begins to export all runs. */
export async function beginExport(format: Format, file: TemporaryFile): Promise<SlowExport> {
  let sent = 0
  const answer: Answers = ({ body }) => {
    const { searchAfter: [after] = [] } = JSON.parse(body)
    const from = after === undefined ? 0 : allIds.indexOf(after) + 1
    const list = Array.from({ length: Math.min(batch, runCount - from) }, (_, at) => runOf(from + at))
    sent += list.length
    return { body: { body: { totalCount: runCount, list } } }
  }
  const request = await parseExportRequest({ tool: 'car_search_jobs', format }, new Map())
  return { written: writeRows(request, callerOn(answer).running, file), sentRows: () => sent }
}

/** Lets the export do all that it would do without waiting for its file. */
export async function giveTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
}

/** Memory holds the batch that is being written, and the next one (walk.ts). */
export function expectFewRows({ sentRows }: SlowExport, rowsInFile: number): void {
  expect(sentRows() - rowsInFile).toBeLessThanOrEqual(2 * batch)
}
