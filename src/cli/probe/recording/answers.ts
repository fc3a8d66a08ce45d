import type { ProbeResult } from '../../../session/requests/probe.ts'
import { isObject } from '../../../shared/json.ts'
import { recordsIn } from '../answer-store.ts'
import { type CheckResult, type Probe, routeAsSent, type SkipReason } from '../probe.ts'
import { fieldsOf } from './fields.ts'
import { codeOf, headersOf, phraseOf } from './header-allowlist.ts'
import { kindOf } from './kinds.ts'
import type { ObservedValues } from './name-privacy.ts'
import { magnitudeOf, type RecordedAnswer } from './schema.ts'
import { addValue, emptyShape, type Shape, startTraversal } from './shape.ts'

/** An answer before all answers are known. A later one may show that a name in this one is data of the account. */
export interface PendingAnswer {
  readonly facts: Omit<RecordedAnswer, 'envelope' | 'fields'>
  readonly envelope?: Shape
  readonly fields?: Shape
}

/** The part of an answer around its rows, without the elements of lists and below a few levels of names. */
function envelopeOf(value: unknown, depth = 0): unknown {
  if (!isObject(value)) return Array.isArray(value) ? [] : value
  if (depth > 2) return {}
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, envelopeOf(part, depth + 1)]))
}

const probeFacts = (probe: Probe, route: Probe['route']) => {
  const { operation, kind, about } = probe
  const sent = routeAsSent({ ...probe, route })
  return { operation: operation.name, kind, route, ...(sent !== route && { sent }), about }
}

export function skippedAnswer(probe: Probe, reason: SkipReason): PendingAnswer {
  return { facts: { ...probeFacts(probe, probe.route), skipped: reason } }
}

function rowFacts({ payload }: ProbeResult): RecordedAnswer['rows'] {
  if (!payload?.rows) return undefined
  const { rows, total, hasMore: more } = payload
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

/** The elements of a JSON file, which may be a list. */
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** What is kept of the answer to a probe: nothing that identifies the account. */
export function pendingAnswerOf(
  probe: Probe,
  route: Probe['route'],
  result: ProbeResult,
  held: boolean,
  check: CheckResult | undefined,
  observed: ObservedValues,
): PendingAnswer {
  const { status, headers, milliseconds, bytes, value, payload, refusal, failure } = result
  const { operation } = probe
  const says = refusal?.message === undefined ? undefined : phraseOf(refusal.message)
  const rows = rowFacts(result)
  const facts = {
    ...probeFacts(probe, route),
    ...(status !== undefined && { status, headers: headersOf(headers), bytes }),
    milliseconds,
    held,
    ...(failure && { failure: failure.kind }),
    ...(refusal?.code !== undefined && { code: codeOf(refusal.code) }),
    ...(says !== undefined && { says }),
    ...(check && { result: check }),
    ...(rows && { rows }),
  }
  const envelope = emptyShape()
  // The same refusal comes many times, so the names in it do not count as shared.
  const outer = startTraversal({ onValue: observed.onValue, onName: () => undefined })
  if (value !== undefined) addValue(envelope, envelopeOf(value), outer)
  const inner = startTraversal(observed)
  const fields = emptyShape()
  const records = payload?.rows ? recordsIn(operation, payload) : asList(payload ? payload.record : value)
  // A file that is not JSON has no fields.
  if (held) for (const record of records.filter(isObject)) addValue(fields, record, inner)
  return { facts, envelope, ...(fields.count > 0 && { fields }) }
}

/** The answer in publishable form, once all values and names are known. */
export function publishableAnswer(
  { facts, envelope, fields }: PendingAnswer,
  observed: ObservedValues,
): RecordedAnswer {
  const outer = envelope ? fieldsOf(envelope, observed) : []
  const inner = fields ? fieldsOf(fields, observed) : []
  return {
    ...facts,
    ...(outer.length > 0 && { envelope: outer.map(({ values: _, ...rest }) => rest) }),
    ...(inner.length > 0 && { fields: inner }),
  }
}
