import type { Settings } from '../../../config/settings.ts'
import type { Row } from '../../../session/answer.ts'
import { randomUUID } from '../../../shared/crypto.ts'
import { QualysError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { isId } from '../../../shared/json.ts'
import { factsOf, type Log } from '../../../shared/log.ts'
import type { ToolContext } from '../../tool.ts'
import { limitError } from '../policy/limits/limit-error.ts'
import { sumOf } from './balance.ts'
import { BudgetFile } from './budget-file.ts'
import { budgets, type Limit, limitsOf, type Spent } from './budget-limits.ts'
import { type Charge, keyOf } from './charge.ts'
import { type Spending, type SpendingCall, spendingsOf } from './spending.ts'

// The budgets of an account: hosts, runs and mails within a time that rolls on.

const spanOf = (what: Spent): string => (what === 'runs' ? 'this hour’s' : 'today’s')

/** What a call needs of a budget file. */
export interface BudgetAccess {
  readonly settings: Settings
  readonly stateDir: string
  readonly account: string
}

/** What a charge needs besides. */
export interface ChargeAccess extends BudgetAccess {
  readonly caller: string
}

/** Where the budgets of an account are kept. */
export const budgetAccess = (
  { caller, configuration, safeguards }: Pick<ToolContext, 'caller' | 'configuration' | 'safeguards'>,
  account: string,
): ChargeAccess => ({
  settings: configuration.settings,
  stateDir: safeguards.stateDir,
  account,
  caller: caller.id,
})

const fileOf = ({ stateDir }: Pick<BudgetAccess, 'stateDir'>): BudgetFile => new BudgetFile(stateDir)

function overError(what: Spent, n: number, left: number, max: number): QualysError {
  return limitError(
    `this call would spend ${counted(n, budgets[what].noun)}, and ${formatNumber(left)} of ${spanOf(what)} ${formatNumber(max)} (${budgets[what].setting}) are left`,
    budgets[what].setting,
  )
}

/** The settled standing charges of an object. */
const standingOf = (charges: readonly Charge[], account: string, object: string | undefined): Charge[] =>
  object === undefined
    ? []
    : charges.filter(
        (charge) =>
          charge.account === account && charge.object === object && charge.isSettled && charge.n > 0,
      )

/** The sums that a call spends of the budgets that are set. Throws for a number that is unknown. */
function knownSums(spendings: readonly Spending[], limits: ReadonlyMap<Spent, Limit>) {
  return spendings.flatMap((spending) => {
    const limit = limits.get(spending.what)
    if (!limit || spending.n === 0) return []
    if (spending.n !== undefined) return [{ ...spending, n: spending.n, limit }]
    const { setting } = budgets[spending.what]
    throw limitError(
      `how many ${spending.what} this call would spend is unknown, and an unknown number counts as more than any ${setting}`,
      setting,
    )
  })
}

/**
 * What is left of the budgets that a call spends, for a note. Throws if it cannot fit: nobody is asked about it.
 */
export function checkBudgets(call: SpendingCall, access: BudgetAccess): readonly string[] {
  const { settings, account } = access
  const limits = limitsOf(settings)
  const { spendings, object, replaces } = spendingsOf(call)
  const sums = knownSums(spendings, limits)
  if (sums.length === 0) return []
  const balance = fileOf(access).balance()
  const replaced = new Set(replaces ? standingOf(balance.charges, account, object).map(keyOf) : [])
  return [...new Set(sums.map(({ what }) => what))].map((what) => {
    const limit = limits.get(what) ?? { max: 0, windowMs: 0 }
    const n = sums.filter((one) => one.what === what).reduce((sum, one) => sum + one.n, 0)
    const left = Math.max(0, limit.max - sumOf(balance, { account, what }, limit.windowMs, replaced))
    if (n > left) throw overError(what, n, left, limit.max)
    return `now: ${leftText(what, left, limit.max)}`
  })
}

const leftText = (what: Spent, left: number, max: number): string =>
  `${formatNumber(left)} of ${formatNumber(max)} ${what} of ${spanOf(what)} budget are left`

/** The budgets of each product. */
export const budgetsOf = { car: ['hosts', 'runs'], saq: ['mails'] } as const satisfies Record<
  string,
  readonly Spent[]
>

/** What is left of these budgets, in words, and how much of what is spent one caller has spent, if one is given. */
export function budgetsLeft(
  whats: readonly Spent[],
  access: BudgetAccess,
  caller?: string,
): readonly string[] {
  const limits = [...limitsOf(access.settings)].filter(([what]) => whats.includes(what))
  if (limits.length === 0) return []
  const balance = fileOf(access).balance()
  return limits.map(([what, { max, windowMs }]) => {
    const charges = { account: access.account, what }
    const left = leftText(what, Math.max(0, max - sumOf(balance, charges, windowMs, new Set())), max)
    if (caller === undefined) return left
    return `${left}, ${formatNumber(sumOf(balance, { ...charges, caller }, windowMs, new Set()))} spent by this caller`
  })
}

/** What a call was charged. One of the two is called when it is over. */
export interface TakenCharge {
  /** The request certainly did not happen. */
  readonly giveBack: () => void
  /** The request happened, and this is Qualys' answer; undefined if it is unclear whether it happened. */
  readonly settle: (record: Row | undefined) => void
}

/**
 * Charges a call, before it is sent. Throws if a budget has not enough left. Standing charges that it ends or replaces
 * are ended when it is settled.
 */
export function takeCharge(call: SpendingCall, access: ChargeAccess, log: Log): TakenCharge {
  const { settings, account, caller } = access
  const limits = limitsOf(settings)
  const file = fileOf(access)
  const { spendings, object, noun, replaces } = spendingsOf(call)
  const sums = knownSums(spendings, limits)
  const nothing: TakenCharge = { giveBack: () => undefined, settle: () => undefined }
  if (limits.size === 0 || (sums.length === 0 && !(replaces && object))) return nothing
  /** A failure to write leaves a charge that counts longer than it has to. */
  const tolerantly = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof QualysError)) throw error
      log.warn(factsOf(error), 'a charge stays in the file of the budgets')
    }
  }
  let ended: readonly Charge[] = []
  const readEnded = (): void => {
    ended = replaces ? standingOf(file.balance().charges, account, object) : []
  }
  // What only ends charges is never refused.
  if (sums.length > 0) readEnded()
  else tolerantly(readEnded)
  const lines = sums.map(({ what, n, until, from }) => ({
    ...{ id: randomUUID(), account, caller, what, n },
    ...(until !== undefined && { until }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && object !== undefined && { object }),
  }))
  const giveBack = (): void => {
    for (const line of taken.splice(0)) tolerantly(() => file.append({ ...line, n: -line.n }))
  }
  const taken: (typeof lines)[number][] = []
  const replaced = new Set(ended.map(keyOf))
  for (const [index, line] of lines.entries()) {
    const limit = sums[index]?.limit ?? { max: 0, windowMs: 0 }
    const left = file.take(line, limit, replaced)
    if (left !== undefined) {
      giveBack()
      throw overError(line.what, line.n, left, limit.max)
    }
    taken.push(line)
  }
  const settle = (record: Row | undefined): void => {
    const id = record?.['id']
    const known = object ?? (isId(id) ? `${noun} ${String(id)}` : undefined)
    for (const { until, from: _, ...line } of taken.splice(0))
      if (until !== undefined && known !== undefined)
        tolerantly(() => file.append({ ...line, n: 0, object: known, settled: true }))
    // What goes on if the request did not happen stays charged.
    for (const charge of record ? ended : []) tolerantly(() => end(file, charge, caller))
  }
  return { giveBack, settle }
}

/**
 * Ends a standing charge: what has run counts for the time of its budget. Two servers may both end it, so that it is
 * not given back.
 */
function end(file: BudgetFile, { id, account, what, from, until }: Charge, caller: string): void {
  const now = Date.now()
  const ends = from !== undefined && from > now ? 0 : Math.min(now, until ?? now)
  file.append({ id, account, caller, what, n: 0, until: ends })
}
