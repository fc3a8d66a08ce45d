import type { Effect, Input } from '../../../operations/operation.ts'
import { isInactive } from '../../../operations/saq/campaign-fields.ts'
import { dueTimeOf } from '../../../operations/saq/columns/overdue.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject, objectsIn } from '../../../shared/json.ts'
import type { SaqTargets } from '../targets/saq-targets.ts'

/** The last time that a date can hold: nothing tells when reminders of what is overdue end. */
const never = 8_640_000_000_000_000

const kinds = ['reminder', 'dueDate', 'overdue'] as const

/**
 * The reminders that a campaign sends after the call: those that are stored, unless the call replaces them. Those that
 * Qualys does not show count.
 */
function remindersOf(campaign: Row | undefined, args: Input): readonly (typeof kinds)[number][] {
  const stored = campaign?.['campaignNotification']
  const given = objectsIn(args['notifications'])
  return kinds.filter((kind) => {
    const passed = given.find((one) => one['kind'] === kind)
    if (passed) return passed['enabled'] !== false
    if (!isObject(stored)) return true
    const notification = stored[`${kind}Notification`]
    return isObject(notification) && notification['enabled'] !== false
  })
}

/** Whom a call on a campaign mails. */
export interface Mails {
  /** People on the fullest day; undefined if they cannot be counted. */
  readonly n: number | undefined
  /** When the reminders end; absent if there are none. */
  readonly until?: number
  /** True if these are all mails of the campaign that are still to come. */
  readonly areAll: boolean
}

/**
 * Whom a call mails; undefined if it concerns no mail. The kinds of reminders go before, on and after the due date, so
 * that nobody is mailed twice a day.
 */
export function mailsOf(targets: SaqTargets, effect: Effect, args: Input): Mails | undefined {
  const { named, campaigns, currentRecipients, newRecipients, reviewer, approver } = targets
  const row = campaigns[0]?.row
  const moves = named.movesReminders === true && !isInactive(row)
  if ((effect !== 'execute' && !moves) || named.endsMails) return undefined
  const reminders = remindersOf(row, args)
  const areAll = named.mailsRecipients === true || named.changesReminders === true || moves
  const added = newRecipients.length + (reviewer ? 1 : 0) + (approver ? 1 : 0)
  if (!areAll && added === 0) return undefined
  // Of an active campaign only those who are added are mailed at once.
  if (!named.mailsRecipients && reminders.length === 0) return { n: added, areAll }
  const due = dueTimeOf({ dueDate: args['dueDate'] ?? row?.['dueDate'] })
  // A count of zero proves nothing.
  const current = currentRecipients?.length || undefined
  const all = current === undefined ? undefined : current + added
  const until = reminders.includes('overdue') || due === undefined ? never : due
  return { n: areAll ? all : added, ...(reminders.length > 0 && { until }), areAll }
}
