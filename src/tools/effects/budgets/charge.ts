import { z } from 'zod'
import { parseJson } from '../../../shared/json.ts'
import { spent } from './budget-limits.ts'

// The lines of the budget file, and the charges that they make up.

const time = z.number().int().nonnegative()

/** A line of the file. Lines of one id and kind are one charge: its first line, and what became of it. */
const chargeLine = z.strictObject({
  at: time,
  id: z.string().min(1),
  account: z.string(),
  caller: z.string(),
  what: z.enum(spent),
  /** Below 0 in a refund. */
  n: z.number().int(),
  /** A standing charge counts until this time; the last line that holds one decides. */
  until: time.optional(),
  /** When the first run of a standing charge begins. */
  from: time.optional(),
  /** The schedule or campaign that a standing charge belongs to. */
  object: z.string().optional(),
  /** True once the call is over: its request did not certainly fail. */
  settled: z.literal(true).optional(),
})

/** The end of a file that is being compacted: lines below it do not count. */
const sealLine = z.strictObject({ at: time, seal: z.string().min(1) })

const budgetLine = z.union([chargeLine, sealLine])

export type ChargeLine = z.output<typeof chargeLine>
export type BudgetLine = z.output<typeof budgetLine>

/** The line that a text holds; undefined if it is none. */
export const lineIn = (text: string): BudgetLine | undefined => budgetLine.safeParse(parseJson(text)).data

/** The sum of a charge's lines. */
export interface Charge extends Omit<ChargeLine, 'settled'> {
  readonly isSettled: boolean
}

export const keyOf = ({ id, what }: Pick<Charge, 'id' | 'what'>): string => `${what} ${id}`

/** The charges that these lines make up; undefined if a refund is larger than its charge. */
export function chargesIn(lines: readonly BudgetLine[]): readonly Charge[] | undefined {
  const charges = new Map<string, Charge>()
  for (const line of lines) {
    if ('seal' in line) continue
    const { settled, ...values } = line
    const known = charges.get(keyOf(line))
    const n = (known?.n ?? 0) + line.n
    if (n < 0) return undefined
    const isSettled = known?.isSettled === true || settled === true
    charges.set(keyOf(line), { ...known, ...values, at: known?.at ?? line.at, n, isSettled })
  }
  return [...charges.values()]
}

/** True if a charge counts in a window of this length that ends at `now`. */
export const isCounted = ({ at, until, n }: Charge, now: number, windowMs: number): boolean =>
  n > 0 && (until ?? at) > now - windowMs

/** A standing charge that has spent nothing yet. */
export const isUnstarted = ({ from }: Charge, now: number): boolean => from !== undefined && from > now
