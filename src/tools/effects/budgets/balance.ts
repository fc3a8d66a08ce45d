import { dayMs } from '../../../shared/clock.ts'
import { budgetError } from './budget-error.ts'
import {
  type BudgetLine,
  type Charge,
  type ChargeLine,
  chargesIn,
  isCounted,
  isUnstarted,
  keyOf,
  lineIn,
} from './charge.ts'

/** The lines of a text up to the seal. A line without its end is being written, or was written only in part. */
export function linesIn(text: string): BudgetLine[] {
  const lines: BudgetLine[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const read = lineIn(line)
    if (!read) throw budgetError(`line ${lines.length + 1} is damaged`)
    lines.push(read)
    if ('seal' in read) break
  }
  return lines
}

export const hasSeal = (lines: readonly BudgetLine[]): boolean => lines.some((line) => 'seal' in line)

/** The time of a new line: the wall clock, but never less than the newest line's. */
export const timeAfter = (lines: readonly BudgetLine[], clock: number): number =>
  lines.reduce((newest, { at }) => Math.max(newest, at), clock)

/** What all servers have spent. */
export interface Balance {
  readonly charges: readonly Charge[]
  readonly now: number
}

export function balanceOf(lines: readonly BudgetLine[], clock: number): Balance {
  const charges = chargesIn(lines)
  if (!charges) throw budgetError('it gives back more than was charged')
  return { charges, now: timeAfter(lines, clock) }
}

/** Whose charges are summed: those of one caller, or of all. */
export interface ChargesOf extends Pick<Charge, 'account' | 'what'> {
  readonly caller?: string
}

/** The sum of the charges of an account. A charge that the call replaces does not count if nothing has run yet. */
export function sumOf(
  { charges, now }: Balance,
  { account, what, caller }: ChargesOf,
  windowMs: number,
  replaced: ReadonlySet<string>,
): number {
  return charges
    .filter((charge) => charge.account === account && charge.what === what)
    .filter((charge) => caller === undefined || charge.caller === caller)
    .filter((charge) => !(replaced.has(keyOf(charge)) && isUnstarted(charge, now)))
    .filter((charge) => isCounted(charge, now, windowMs))
    .reduce((sum, { n }) => sum + n, 0)
}

/** Charges that no budget counts any more are kept for this time. */
const keptMs = 2 * dayMs

const isCharge = (line: BudgetLine): line is ChargeLine => !('seal' in line)

/**
 * The lines of charges that may still count. All lines of a charge are kept or left out together. The newest line is
 * kept too, so that time does not go back.
 */
export function linesKept(lines: readonly BudgetLine[], clock: number): ChargeLine[] {
  const { charges, now } = balanceOf(lines, clock)
  const kept = charges.filter(({ at, until = 0 }) => Math.max(at, until) > now - keptMs).map(keyOf)
  const chargeLines = lines.filter(isCharge)
  const newest = chargeLines.findLast(({ at }) => at === timeAfter(chargeLines, 0))
  const keys = new Set([...kept, ...(newest ? [keyOf(newest)] : [])])
  return chargeLines.filter((line) => keys.has(keyOf(line)))
}
