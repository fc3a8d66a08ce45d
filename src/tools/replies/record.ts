import { nounOf, type Operation } from '../../operations/operation.ts'
import { inSentence } from '../../operations/sentences.ts'
import type { Row, SingleRecord } from '../../session/answer.ts'
import { texts } from '../../shared/format.ts'
import { cell, maxCellLength } from './cells.ts'
import { replyRow } from './columns.ts'
import { deviationsNote } from './deviations.ts'
import { fieldLine } from './line-start.ts'
import { belowMarker, renderRow } from './rendering.ts'
import {
  blocksOf,
  cleanedNote,
  computedNotes,
  cutNote,
  type Extent,
  fitToBudget,
  maxColumnsFor,
  omittedColumnsNote,
  type Reply,
} from './reply.ts'

/** The parts of a reply about one record. */
export interface RecordParts {
  readonly summary: string
  /** A line for each field whose value is short. */
  readonly lines: readonly string[]
  /** The long values, between fences. */
  readonly blocks: readonly string[]
  readonly row: Row
  readonly notes: readonly string[]
}

/** What a reply says beside the fields of its record. */
export type Addition = Omit<RecordParts, 'summary' | 'row'> & {
  /** Further members of the row. */
  readonly members: Row
}

const nothing: Addition = { lines: [], blocks: [], members: {}, notes: [] }

const summaryOf = ({ name }: Operation, id: unknown): string =>
  `${nounOf(name)}${id === undefined ? '' : ` ${inSentence(cell(id), maxCellLength)}`}`

/** One line per field; known fields come first. */
function partsOf(
  operation: Operation,
  single: SingleRecord,
  { maxTextLength, maxColumns }: Extent,
  budget: number,
): RecordParts {
  const flat = replyRow(single.record)
  const declaredNames = Object.keys(operation.record.shape)
  const rank = (name: string): number => declaredNames.indexOf(name.split('.')[0] ?? '') >>> 0
  const names = Object.keys(flat).sort((a, b) => rank(a) - rank(b))
  const columns = names.slice(0, maxColumns)
  const rendered = renderRow(flat, columns, maxTextLength)
  return {
    summary: summaryOf(operation, flat['id']),
    lines: columns.flatMap((column, index) => {
      const text = rendered.cells[index] ?? ''
      return text === '' || text === belowMarker ? [] : [fieldLine(column, text)]
    }),
    blocks: rendered.blocks,
    row: rendered.row,
    notes: texts(
      deviationsNote(single),
      computedNotes(operation, columns),
      omittedColumnsNote(names.length - columns.length),
      cutNote([rendered], budget),
      cleanedNote([rendered]),
    ),
  }
}

/** The parts of a record of which nothing is shown but which one it is. */
export function identityOf(operation: Operation, { record }: SingleRecord): RecordParts {
  const { id } = replyRow(record)
  const row = id === undefined ? {} : { id }
  return { summary: summaryOf(operation, id), lines: [], blocks: [], row, notes: [] }
}

/** The reply of these parts. */
export function composeRecord(parts: RecordParts, addition: Addition): Reply {
  const note = [...parts.notes, ...addition.notes].join(' ')
  return {
    summary: parts.summary,
    body: texts(
      parts.lines,
      addition.lines,
      blocksOf([...parts.blocks, ...addition.blocks]),
      note !== '' && `Note: ${note}`,
    ).join('\n'),
    rows: [{ ...parts.row, ...addition.members }],
    ...(note !== '' && { note }),
  }
}

/** A count fits in one line. */
function inOneLine(operation: Operation, parts: RecordParts): RecordParts {
  const [line] = parts.lines
  return line !== undefined && Object.keys(parts.row).length === 1
    ? { ...parts, summary: `${nounOf(operation.name)}: ${line}`, lines: [] }
    : parts
}

const startExtent = (budget: number): Extent => ({
  rows: 1,
  maxTextLength: budget,
  maxColumns: maxColumnsFor(budget),
})

/** One record. */
export const recordReply = (operation: Operation, single: SingleRecord, budget: number): Reply =>
  fitToBudget(startExtent(budget), budget, (extent) =>
    composeRecord(inOneLine(operation, partsOf(operation, single, extent, budget)), nothing),
  )

/** The parts of one record that take at most `room` of the budget. */
export function fitRecord(
  operation: Operation,
  single: SingleRecord,
  room: number,
  budget: number,
): RecordParts {
  return fitToBudget(startExtent(room), room, (extent) => {
    const parts = partsOf(operation, single, extent, budget)
    return { ...composeRecord(parts, nothing), parts }
  }).parts
}
