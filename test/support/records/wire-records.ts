import { parse } from 'lossless-json'
import type { Operation } from '../../../src/operations/operation.ts'
import { isObject } from '../../../src/shared/json.ts'
import { referenceObjects, referenceXml } from '../xml/reference.ts'

// The records in an answer of Qualys, found without the code of src that finds them in a session.

const parseNumber = (digits: string): unknown =>
  /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits)) ? digits : Number(digits)

/** JSON, in which a whole number beyond 2^53 is text: a session reads it so. */
const jsonOf = (text: string): unknown =>
  /\d{16}/.test(text) ? parse(text, undefined, { parseNumber }) : JSON.parse(text)

const parsed = (bytes: Buffer): unknown => {
  const text = bytes.toString()
  return /^\s*[{[]/.test(text) ? jsonOf(text) : referenceXml(bytes)
}

/** A row of CAR is `{sortValues, data}`, or flat, with sort values or without (getting_started.htm). */
function unwrapRow(row: unknown): unknown {
  if (!isObject(row)) return row
  const { sortValues, ...others } = row
  const rest = Array.isArray(sortValues) ? others : row
  return isObject(rest['data']) && Object.keys(rest).length === 1 ? rest['data'] : rest
}

function carRecords(operation: Operation, value: unknown): readonly unknown[] {
  const { body, message } = isObject(value) && 'body' in value ? value : { body: value }
  // An effect may be confirmed by a message beside the body.
  if (operation.effect !== 'read')
    return [{ ...(typeof message === 'string' && { message }), ...(isObject(body) && body) }]
  if (operation.returns !== 'rows') return [body]
  const list = isObject(body) ? body['list'] : body
  return Array.isArray(list) ? list.map(unwrapRow) : []
}

function saqRecords({ returns, record, effect }: Operation, value: unknown): readonly unknown[] {
  const response = isObject(value) ? value['ServiceResponse'] : undefined
  const { data, count } = isObject(response) ? response : {}
  const objects = referenceObjects(data)
  if (returns === 'rows') return objects
  if (effect !== 'read')
    return [{ ...(objects[0] as object), count, ...(objects.length > 1 && { all: objects }) }]
  // An object of its own has an id; a count and a version have none.
  if ('id' in record.shape) return objects.slice(0, 1)
  return [Object.assign({}, objects.length === 0 && { count }, ...objects)]
}

/** The raw records in the answer to an operation, as its readers get them. */
export function wireRecords(operation: Operation, bytes: Buffer): readonly unknown[] {
  const value = parsed(bytes)
  return operation.name.startsWith('saq_') ? saqRecords(operation, value) : carRecords(operation, value)
}
