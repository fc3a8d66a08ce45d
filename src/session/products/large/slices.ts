import { isObject } from '../../../shared/json.ts'
import type { LeftOut } from '../../answer.ts'
import { boundRow } from '../../records/row-bounds.ts'
import { readJson } from '../exact-json.ts'
import { bodyOf, type Form, listIn, readable } from './forms.ts'

/** What an answer is read as. */
export interface Reading {
  readonly form: Form
  /** The fields of a row that are kept whatever else there is. Rows are bounded only if it is given. */
  readonly first?: readonly string[]
}

/** Some rows of an answer, in their order. */
export interface Slice {
  readonly rows: readonly unknown[]
  /** What was left out of rows, by their place in this slice. */
  readonly leftOut: readonly (readonly [at: number, leftOut: LeftOut])[]
}

/** An answer in parts that are small enough to be taken one by one. */
export interface SlicedAnswer {
  /** The answer with an empty list in place of its rows. */
  readonly answer: unknown
  /** What was left out of the record that it holds. */
  readonly leftOut?: LeftOut
  readonly slices: Iterator<Slice>
}

/** About as many bytes are posted at once. */
const sliceBytes = 256 * 1024

/** A rough size of a value, in bytes; exact enough once it is beyond `enough`. */
function sizeOf(value: unknown, enough: number): number {
  if (typeof value === 'string') return 8 + value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = 16
  for (const [name, part] of Object.entries(value)) {
    if (size > enough) break
    size += sizeOf(part, enough - size) + (Array.isArray(value) ? 0 : name.length)
  }
  return size
}

interface CutRow {
  readonly row: unknown
  readonly leftOut?: LeftOut | undefined
}

/** A row up to its bounds: the record in `{sortValues, data}`, or the row without its sort values. */
function cutRow(raw: unknown, first: readonly string[]): CutRow {
  if (!isObject(raw)) return { row: raw }
  const { sortValues, data } = raw
  const isWrapped = isObject(data) && Object.keys(raw).length === (Array.isArray(sortValues) ? 2 : 1)
  if (isWrapped) {
    const { row, leftOut } = boundRow(data, () => first)
    return leftOut ? { row: { ...raw, data: row }, leftOut } : { row: raw }
  }
  if (!Array.isArray(sortValues)) return boundRow(raw, () => first)
  const { sortValues: _, ...flat } = raw
  const { row, leftOut } = boundRow(flat, () => first)
  return leftOut && isObject(row) ? { row: { ...row, sortValues }, leftOut } : { row: raw }
}

function* slicesOf(rows: readonly unknown[], first: readonly string[] | undefined): Generator<Slice, void> {
  let taken: unknown[] = []
  let notes: [number, LeftOut][] = []
  let size = 0
  for (const raw of rows) {
    const { row, leftOut } = first ? cutRow(raw, first) : { row: raw }
    const added = sizeOf(row, sliceBytes)
    if (taken.length > 0 && size + added > sliceBytes) {
      yield { rows: taken, leftOut: notes }
      taken = []
      notes = []
      size = 0
    }
    if (leftOut) notes.push([taken.length, leftOut])
    taken.push(row)
    size += added
  }
  if (taken.length > 0) yield { rows: taken, leftOut: notes }
}

/** What is read of an envelope and of a list, beside the rows. */
const envelopeFields = ['errorCode', 'message', 'totalCount', 'count']
const listFields = ['list', 'totalCount', 'count']

/** Puts another body into an answer. What is beside a body is bounded as well: nobody reads so much of it. */
function withBody(answer: unknown, body: unknown): unknown {
  if (!isObject(answer) || !('body' in answer)) return body
  const { body: _, ...others } = answer
  const { row } = boundRow(others, () => envelopeFields)
  return isObject(row) ? { ...row, body } : body
}

/** Parses an answer and cuts it into slices. */
export function sliceAnswer(text: string, { form, first }: Reading): SlicedAnswer {
  const answer = readJson(text, readable[form])
  const rows = listIn(answer, form)?.splice(0)
  const slices = slicesOf(rows ?? [], first)
  if (!first) return { answer, slices }
  const { row, leftOut } = boundRow(bodyOf(answer), () => (rows ? listFields : first))
  return { answer: withBody(answer, row), slices, ...(!rows && leftOut && { leftOut }) }
}
