import type { ProbeResult } from '../../../session/requests/probe.ts'
import { isObject } from '../../../shared/json.ts'
import { recordsIn } from '../answer-store.ts'
import { type CheckResult, type Probe, routeAsSent, type SkipReason } from '../probe.ts'
import { formOf } from './form.ts'
import { codeOf, headersOf, phraseOf } from './header-allowlist.ts'
import { kindOf } from './kinds.ts'
import { envelopeFields, knownFields } from './known-fields.ts'
import { magnitudeOf, type RecordedAnswer } from './schema.ts'

function probeFacts({ operation, kind, about }: Probe) {
  const { name, route } = operation
  const sent = routeAsSent(operation)
  return { operation: name, kind, route, ...(sent !== route && { sent }), about }
}

export function skippedAnswer(probe: Probe, reason: SkipReason): RecordedAnswer {
  return { ...probeFacts(probe), skipped: reason }
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

/** The records of an answer; a file that is JSON may be a list of them. */
function recordsOf({ operation }: Probe, { payload, value }: ProbeResult): unknown[] {
  const records = payload?.rows ? recordsIn(operation, payload) : [payload ? payload.record : value].flat()
  return records.filter(isObject)
}

/** What is recorded of the answer to a probe: nothing that identifies the account. */
export function recordedAnswer(
  probe: Probe,
  result: ProbeResult,
  held: boolean,
  check: CheckResult | undefined,
): RecordedAnswer {
  const { status, headers, milliseconds, bytes, value, refusal, failure } = result
  const says = refusal?.message === undefined ? undefined : phraseOf(refusal.message)
  const rows = rowFacts(result)
  const records = held ? recordsOf(probe, result) : []
  return {
    ...probeFacts(probe),
    ...(status !== undefined && { status, headers: headersOf(headers), bytes }),
    milliseconds,
    held,
    ...(failure && { failure: failure.kind }),
    ...(refusal?.code !== undefined && { code: codeOf(refusal.code) }),
    ...(says !== undefined && { says }),
    ...(check && { result: check }),
    ...(rows && { rows }),
    ...(isObject(value) && { envelope: formOf([value], envelopeFields) }),
    ...(records.length > 0 && { record: formOf(records, knownFields(probe.operation)) }),
  }
}
