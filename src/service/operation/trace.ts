import { randomUUID } from '../../shared/crypto.ts'
import { isObject } from '../../shared/json.ts'
import { parseTraceState } from './trace-state.ts'

// W3C Trace Context (https://www.w3.org/TR/trace-context/). Log lines carry the trace id, and exported spans carry all of
// it. Requests to Qualys carry none: Qualys is another company, and an id of our callers' traces is none of its business.

/** A span of somebody else. */
export interface RemoteSpan {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly state?: string | undefined
}

/** Where one request belongs among the traces. */
export interface Trace {
  readonly traceId: string
  /** New: the span of the work here. */
  readonly spanId: string
  /** The span that caused it. */
  readonly parentId?: string
  /** True if spans of this trace are recorded. */
  readonly sampled: boolean
  /** The `tracestate` of the parent. */
  readonly state?: string
  /** The span of the HTTP request, if the MCP message in it names another one. */
  readonly link?: RemoteSpan
  /** The value of `traceparent` for whoever is asked on behalf of this request. */
  readonly header: () => string
}

/** Headers of a request, names in lower case, as Node has them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Version, trace id, parent id, flags, and what a version after 00 may add. */
const grammar = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-[\x20-\x7e]*)?$/
/** Ours are of 55 characters. A version of the future has no limit, and needs one. */
const maxLength = 256

const isZero = (id: string): boolean => /^0+$/.test(id)

/** The span that a `traceparent` names; undefined if it breaks the grammar, so that a new trace begins. */
function parseTraceParent(text: unknown, state: unknown): RemoteSpan | undefined {
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  const [, version, traceId = '', spanId = '', flags = '', more] = grammar.exec(text) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (isZero(traceId) || isZero(spanId)) return undefined
  return {
    traceId,
    spanId,
    // Of the flags only this one is known in every version.
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
    state: parseTraceState(typeof state === 'string' ? state : undefined),
  }
}

/** So many hexadecimal digits, at most 32, of an id of which Node keeps a store: faster than random bytes. */
const randomHex = (digits: number): string => randomUUID().replaceAll('-', '').slice(-digits)

/** Several `tracestate` headers count as one; several `traceparent` headers are refused by their grammar. */
const headerText = (value: Headers[string]): string | undefined =>
  typeof value === 'string' ? value : value?.join(',')

/**
 * The trace of a request, from `_meta` of the MCP message or from the headers of the HTTP request; otherwise a new one.
 * `_meta` (SEP-414) counts first: one HTTP request may hold several messages, and proxies in between write the header
 * anew, so OpenTelemetry's conventions for MCP take the parent from `_meta` and link what the transport says.
 */
export function traceOf(headers: Headers, meta?: unknown): Trace {
  const message = isObject(meta) ? parseTraceParent(meta['traceparent'], meta['tracestate']) : undefined
  const transport = parseTraceParent(headerText(headers['traceparent']), headerText(headers['tracestate']))
  const parent = message ?? transport
  const spanId = randomHex(16)
  const traceId = parent?.traceId ?? randomHex(32)
  const sampled = parent?.sampled ?? true
  return {
    traceId,
    spanId,
    ...(parent && { parentId: parent.spanId }),
    sampled,
    ...(parent?.state !== undefined && { state: parent.state }),
    ...(message && transport && { link: transport }),
    header: () => `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`,
  }
}
