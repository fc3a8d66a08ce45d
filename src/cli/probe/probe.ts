import type { Input, Operation, Route } from '../../operations/operation.ts'
import type { Payload } from '../../session/products/product.ts'
import type { AnswerStore } from './answer-store.ts'

/**
 * What a probe tests. own: the operation at its declared route. set: at the route in QUALYS_ROUTES. variant: at
 * another possible route. way: another form of the request. token: a filter. control: the same filter with an
 * impossible value.
 */
export const probeKinds = ['own', 'set', 'variant', 'way', 'token', 'control'] as const

/** Why a probe was not sent. */
export const skipReasons = {
  needless: 'its usual path is there',
  mayAct: 'this path may act',
  noId: 'no list brought an id to ask for',
  nothingToCompare: 'no list brought rows to compare with',
  shut: 'its host let nobody in, or did not answer',
  stopped: 'the recording had ended before',
} as const
export type SkipReason = keyof typeof skipReasons

/** The result of checking an answer, mostly against an earlier one. */
export const checkResults = [
  'none',
  'fewer',
  'all',
  'more',
  'next row',
  'same row',
  'other rows',
  'no row',
  'unfinished',
  'JSON',
  'XML',
  'as asked',
  'another id',
  'unknown',
] as const
export type CheckResult = (typeof checkResults)[number]

/** The arguments and parameters that a probe is sent with. */
export interface ProbeRequest {
  readonly args: Input
  readonly params?: Input
}

/** One request that answers a question about the API. */
export interface Probe {
  readonly kind: (typeof probeKinds)[number]
  /** With the route to probe. */
  readonly operation: Operation
  /** What it tests, in this program's words, without values of an account. */
  readonly about: string
  /** Sent only if the operation was not found before. */
  readonly onlyIfNotFound?: true
  prepare(store: AnswerStore): ProbeRequest | SkipReason
  check?(payload: Payload, store: AnswerStore, request: ProbeRequest, mediaType: string): CheckResult
}

export const productPrefix = (name: string): 'car' | 'saq' => (name.startsWith('saq_') ? 'saq' : 'car')

/** The route as sent. Some calls have another method without a filter. */
export function routeAsSent(operation: Operation): Route {
  const { route, input } = operation
  const resolved = { secret: () => '', lookup: () => undefined, now: 0 }
  const needsInput = route.includes('{') || 'ids' in input
  const method = needsInput ? undefined : operation.request?.({}, resolved).method
  return method === undefined ? route : (`${method} ${route.split(' ')[1]}` as Route)
}
