import type { Inquired } from '../../../session/requests/probe.ts'
import { isObject } from '../../../shared/json.ts'
import { recordsIn } from '../known.ts'
import { type Question, type Result, type Skip, sentAs } from '../question.ts'
import { fieldsOf } from './fields.ts'
import { codeOf, headersOf, phraseOf } from './header-allowlist.ts'
import { kindOf } from './kinds.ts'
import type { Sightings } from './name-privacy.ts'
import { grow, looking, newShape, type Shape } from './shape.ts'
import { magnitudeOf, type RecordedAnswer } from './transcript.ts'

/** What is kept of an answer until all answers are there: a later one may show that a name in it is data. */
export interface Note {
  readonly facts: Omit<RecordedAnswer, 'envelope' | 'fields'>
  readonly envelope?: Shape
  readonly fields?: Shape
}

/** The part of an answer around its rows: two levels of names. */
function around(value: unknown, depth = 0): unknown {
  if (!isObject(value)) return Array.isArray(value) ? [] : value
  if (depth > 2) return {}
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, around(part, depth + 1)]))
}

const known = (question: Question, route: Question['route']) => {
  const { operation, kind, about } = question
  const sent = sentAs({ ...question, route })
  return { operation: operation.name, kind, route, ...(sent !== route && { sent }), about }
}

export function skipped(question: Question, reason: Skip): Note {
  return { facts: { ...known(question, question.route), skipped: reason } }
}

function rowsIn({ payload }: Inquired): RecordedAnswer['rows'] {
  if (!payload?.rows) return undefined
  const { rows, total, more } = payload
  const first = rows.find(isObject)
  const values = first?.['sortValues']
  return {
    count: rows.length,
    ...(total !== undefined && { total: magnitudeOf(total) }),
    wrapped: first !== undefined && isObject(first['data']) && Array.isArray(values),
    ...(Array.isArray(values) && { sortValues: values.slice(0, 10).map(kindOf) }),
    ...(more !== undefined && { more }),
  }
}

/** A JSON file may be a list. */
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** The result of a question, without anything about the account. */
export function noteOf(
  question: Question,
  route: Question['route'],
  inquired: Inquired,
  held: boolean,
  result: Result | undefined,
  sightings: Sightings,
): Note {
  const { status, headers, milliseconds, bytes, value, payload, refusal, failure } = inquired
  const { operation } = question
  const says = refusal?.message === undefined ? undefined : phraseOf(refusal.message)
  const rows = rowsIn(inquired)
  const facts = {
    ...known(question, route),
    ...(status !== undefined && { status, headers: headersOf(headers), bytes }),
    milliseconds,
    held,
    ...(failure && { failure: failure.kind }),
    ...(refusal?.code !== undefined && { code: codeOf(refusal.code) }),
    ...(says !== undefined && { says }),
    ...(result && { result }),
    ...(rows && { rows }),
  }
  const envelope = newShape()
  // The same refusal comes many times, so the names in it do not count as shared.
  const outer = looking({ value: sightings.value, name: () => undefined })
  if (value !== undefined) grow(envelope, around(value), outer)
  const look = looking(sightings)
  const fields = newShape()
  const records = payload?.rows ? recordsIn(operation, payload) : listed(payload ? payload.record : value)
  // A file that is not JSON has no fields.
  if (held) for (const record of records.filter(isObject)) grow(fields, record, look)
  return { facts, envelope, ...(fields.count > 0 && { fields }) }
}

/** The answer in publishable form, once all values and names are known. */
export function told({ facts, envelope, fields }: Note, sightings: Sightings): RecordedAnswer {
  const outer = envelope ? fieldsOf(envelope, sightings) : []
  const inner = fields ? fieldsOf(fields, sightings) : []
  return {
    ...facts,
    ...(outer.length > 0 && { envelope: outer.map(({ values: _, ...rest }) => rest) }),
    ...(inner.length > 0 && { fields: inner }),
  }
}
