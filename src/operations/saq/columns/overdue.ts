import { toIso } from '../../time-text.ts'
import { notOverdue, unknown } from './own-words.ts'

const dayMs = 24 * 3_600_000

/** The ranges of days past the due date that questionnaires and campaigns are grouped by: label and maximum. */
export const overdueRanges = [
  ['up to 7 days', 7],
  ['8-30 days', 30],
  ['31-90 days', 90],
  ['more than 90 days', Infinity],
] as const

/** The range of a number of whole days past the due date. */
export const overdueRange = (days: number): string =>
  overdueRanges.find(([, maxDays]) => days <= maxDays)?.[0] ?? ''

/** `2026-11-30 23:59:59`, whose zone nobody knows. */
const zoneless = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?$/

/**
 * The due date of a record in ms since 1970; undefined if it shows none. A day without a time includes that day. What
 * names no zone is read as UTC, since this machine's zone is irrelevant.
 */
export function dueTimeOf({ dueDate }: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof dueDate !== 'string') return undefined
  const text = /^\d{4}-\d\d-\d\d$/.test(dueDate)
    ? `${dueDate}T23:59:59Z`
    : dueDate.replace(zoneless, '$1T$2Z')
  const iso = toIso(text)
  return iso === undefined ? undefined : Date.parse(iso)
}

/** The range of days that an open record is past its due date. `isOpen`: undefined if that is unknown. */
export function overdueDays(
  row: Readonly<Record<string, unknown>>,
  isOpen: boolean | undefined,
  now: number,
): string {
  const due = dueTimeOf(row)
  if (isOpen === false) return notOverdue
  if (isOpen === undefined || due === undefined) return unknown
  return due < now ? overdueRange(Math.floor((now - due) / dayMs)) : notOverdue
}
