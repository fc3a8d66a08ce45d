import type { SeededRandom } from '../../fuzz/seeded-random.ts'
import type { Response } from '../responses/responses.ts'
import type { Draft, Endpoint } from './draft.ts'

/** What an oddity does to the response. */
export interface Effect {
  /** What was written, to tell one from another. */
  readonly title: string
  /** The status with which it has to be refused. */
  readonly must?: number
  /** The status with which it may be refused. */
  readonly may?: number
  /** True if Node's parser refuses it, and with it whatever comes on the same connection. */
  readonly byParser?: true
  /** What else is wrong with the response. */
  readonly check?: (response: Response) => string | undefined
}

type Refusal = Pick<Effect, 'must' | 'may' | 'byParser'>

/** Makes a request odd in one way, in place. */
export type Oddity = (random: SeededRandom, draft: Draft, endpoint: Endpoint) => Effect

/** The values of a header, none for a header that is left out, and what they do. */
export interface Value extends Refusal {
  readonly values: readonly string[]
}

type Written = string | readonly string[]

const newValue = (written: Written, effect: Refusal): Value => ({
  values: typeof written === 'string' ? [written] : written,
  ...effect,
})

/** Values with which a request is taken. A list stands for several headers. */
export const taken = (...all: readonly Written[]): readonly Value[] => all.map((one) => newValue(one, {}))

/** Values that are refused with a status. */
export const refused = (must: number, ...all: readonly Written[]): readonly Value[] =>
  all.map((one) => newValue(one, { must }))

/** Values that the parser refuses with a status. */
export const refusedByParser = (must: number, ...all: readonly Written[]): readonly Value[] =>
  all.map((one) => newValue(one, { must, byParser: true }))

/** Values that are taken or refused with a status. */
export const perhaps = (may: number, ...all: readonly Written[]): readonly Value[] =>
  all.map((one) => newValue(one, { may }))

/** The effect of a value. */
export const effectOf = (name: string, { values, ...effect }: Value): Effect => ({
  title: `${name}: ${values.length === 0 ? 'none' : values.join(' and ').slice(0, 60)}`,
  ...effect,
})

/** An oddity, how often it is drawn, and what it is about: no request has two about one thing. */
export type DrawnOddity = readonly [weight: number, drawn: { readonly about: string; readonly apply: Oddity }]

export const drawn = (weight: number, about: string, apply: Oddity): DrawnOddity => [weight, { about, apply }]
