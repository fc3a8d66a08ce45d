import type { Input, Operation, Route } from '../../operations/operation.ts'
import type { Payload } from '../../session/products/product.ts'
import type { Known } from './known.ts'

/**
 * own: the operation at its declared route. set: at the route in QUALYS_ROUTES. variant: at another possible
 * route. way: another form of the request. token: a filter. control: the same filter with an impossible
 * value.
 */
export const questionKinds = ['own', 'set', 'variant', 'way', 'token', 'control'] as const
export type QuestionKind = (typeof questionKinds)[number]

/** Why a question was not asked. */
export const skips = {
  needless: 'its usual path is there',
  mayAct: 'this path may act',
  noId: 'no list brought an id to ask for',
  nothingToCompare: 'no list brought rows to compare with',
  shut: 'its host let nobody in, or did not answer',
  stopped: 'the recording had ended before',
} as const
export type Skip = keyof typeof skips

/** How an answer compares with another one. */
export const results = [
  'none',
  'fewer',
  'all',
  'more',
  'next row',
  'same row',
  'other rows',
  'no row',
  'JSON',
  'XML',
  'as asked',
  'another id',
  'unknown',
] as const
export type Result = (typeof results)[number]

/** What a question is sent with. */
export interface Prepared {
  readonly args: Input
  readonly params?: Input
}

/** One request that answers a question about the API. */
export interface Question {
  readonly kind: QuestionKind
  readonly operation: Operation
  readonly route: Route
  /** The question in this program's words, without values of an account. */
  readonly about: string
  /** Asked only if the operation was not found before. */
  readonly ifAbsent?: true
  prepare(known: Known): Prepared | Skip
  result?(payload: Payload, known: Known, prepared: Prepared, mediaType: string): Result
}

/** Method and path as sent: some calls have another method without a filter. */
export function sentAs({ operation, route }: Question): Route {
  const provided = { secret: () => '', known: () => undefined, now: 0 }
  const needsInput = route.includes('{') || Object.keys(operation.input).includes('ids')
  const method = needsInput ? undefined : operation.request?.({}, provided).method
  return method === undefined ? route : (`${method} ${route.split(' ')[1]}` as Route)
}
