import { dueTimeOf, overdueRanges } from '../../../../operations/saq/columns/overdue.ts'
import type { Row } from '../../../../session/answer.ts'
import { dayMs } from '../../../../shared/clock.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { isObject } from '../../../../shared/json.ts'
import type { CampaignTally } from '../../../effects/targets/campaign-tally.ts'
import { cell, quoteIfNeeded } from '../../../replies/cells.ts'
import { type Extent, estimateRows, type Reply } from '../../../replies/reply.ts'
import { type Contact, contactOf } from '../shared/contact.ts'
import { listPage, maxNameLength, shrinkToFit } from '../shared/list-page.ts'
import { tokenAfter } from '../shared/list-part.ts'
import { unknownText } from '../shared/state-counts.ts'
import { companyPart } from './company-table.ts'
import type { CampaignFindings } from './findings.ts'
import { lateRow, lateTable } from './late-table.ts'
import { notesOf } from './notes.ts'

function dueText(due: unknown, now: number): string {
  if (due === undefined) return 'due date not shown by Qualys'
  const at = dueTimeOf({ dueDate: due })
  if (at === undefined) return `due ${quoteIfNeeded(String(due))}`
  const distance = Math.floor(Math.abs(now - at) / dayMs)
  return `due ${cell(due)} (${at < now ? `${counted(distance, 'day')} ago` : `in ${counted(distance, 'day')}`})`
}

function summaryOf({ id, campaign, tally, now }: CampaignFindings, maxLength: number): string {
  const { name, status, workflowType, dueDate } = campaign
  const factText = (value: unknown, label: string): string =>
    value === undefined ? `${label} not shown by Qualys` : quoteIfNeeded(String(value))
  const title = name === undefined ? '' : ` ${JSON.stringify(cell(name, maxLength))}`
  const facts = [factText(status, 'status'), factText(workflowType, 'workflow'), dueText(dueDate, now)]
  const late =
    tally.overdue === 0 && tally.undated > 0
      ? 'how many of them are overdue is unknown'
      : `${formatNumber(tally.overdue)} of them overdue`
  const counts = `${counted(tally.total, 'questionnaire')}: ${formatNumber(tally.open)} open, ${late}${unknownText(tally)}`
  return `campaign ${id}${title}: ${facts.join(', ')}; ${counts}`
}

/** How often each word of one kind occurs. */
interface WordCounts {
  readonly kind: string
  readonly counts: readonly (readonly [word: string, count: number])[]
}

/** The most frequent words, and the sum of the others. */
function mostFrequent(counts: ReadonlyMap<string, number>, none: string, max: number): WordCounts['counts'] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const rest = sorted.slice(max).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...sorted.slice(0, max).map(([word, count]) => [word === '' ? none : word, count] as const),
    ...(rest > 0 ? [[`other than these ${max}`, rest] as const] : []),
  ]
}

function wordCountsOf(
  { total, byState, byRisk, byOverdueRange, undated }: CampaignTally,
  max: number,
): WordCounts[] {
  if (total === 0) return []
  const late = overdueRanges.flatMap(([word]) => {
    const count = byOverdueRange.get(word)
    return count === undefined ? [] : [[word, count] as const]
  })
  return [
    { kind: 'state', counts: mostFrequent(byState, 'not shown by Qualys', max) },
    { kind: 'risk', counts: mostFrequent(byRisk, 'none (yet)', max) },
    { kind: 'overdue', counts: late },
    { kind: 'open without a due date', counts: undated > 0 ? [['open', undated] as const] : [] },
  ].filter(({ counts }) => counts.length > 0)
}

/** How many open questionnaires wait for one role. */
interface Turn {
  readonly role: string
  readonly count: number
  readonly overdue: number
  /** The reviewer or approver; absent for recipients, of whom there are many. */
  readonly contact?: Contact
}

function turnsOf(campaign: Row, { openByTurn, overdueByTurn }: CampaignTally): Turn[] {
  return [...openByTurn].map(([role, count]) => {
    const row = campaign[role]
    return {
      role,
      count,
      overdue: overdueByTurn.get(role) ?? 0,
      ...(isObject(row) && { contact: contactOf(row) }),
    }
  })
}

function contactText({ name, company, emailAddress, ids }: Contact, maxLength: number): string {
  const facts = [name, company, emailAddress].filter((fact) => fact !== undefined && fact !== '')
  return (facts.length > 0 ? facts : ids.map((id) => `user ${id}`))
    .map((fact) => quoteIfNeeded(String(fact), maxLength))
    .join(', ')
}

function turnText({ role, count, overdue, contact }: Turn, maxLength: number): string {
  const missing = role === 'recipient' ? '' : ' (not shown by Qualys)'
  const contactFacts = contact ? contactText(contact, maxLength) : ''
  const late = overdue > 0 ? `, ${formatNumber(overdue)} overdue` : ''
  return `${role} ${formatNumber(count)}${late}${contactFacts ? ` (${contactFacts})` : missing}`
}

const maxWords = 12
const maxCompanies = 40
/** Companies take at most this share of a reply. */
const companyShare = 0.3

/** The late list alone, which continues by token. */
function latePageReply(findings: CampaignFindings, budget: number): Reply {
  const { id, late } = findings
  return listPage(late, budget, lateRow, {
    headline: (range, shared) => `late ${range} in campaign ${id}, the longest first${shared}`,
    end: `late in campaign ${id}: none behind this place, ${formatNumber(late.total)} in all`,
    table: lateTable,
    note: notesOf(findings).join(' '),
  })
}

/** The reply: counts, whose turn it is, companies, who is overdue. The columns of an extent are the words per count here. */
export function campaignReply(findings: CampaignFindings, budget: number): Reply {
  const { campaign, tally, late, companies } = findings
  if (late.isAlone) return latePageReply(findings, budget)
  const turns = turnsOf(campaign, tally)
  const isListed = late.items.length > 0
  const companyRows = companyPart(companies, maxCompanies, maxNameLength).rows
  const companySizes = companyRows.map((row) => ({ size: JSON.stringify(row).length }))
  const companyCount = Math.min(maxCompanies, estimateRows(companySizes, budget * companyShare))

  const compose = ({ rows, maxTextLength, maxColumns }: Extent): Reply => {
    const groups = wordCountsOf(tally, maxColumns)
    const maxWordLength = Math.min(60, maxTextLength)
    const byCompany = companyPart(
      companies,
      maxColumns < maxWords ? Math.min(companyCount, maxColumns) : companyCount,
      maxWordLength,
    )
    const lines = [
      ...groups.map(
        ({ kind, counts }) =>
          `by ${kind}: ${counts.map(([word, count]) => `${quoteIfNeeded(word, maxWordLength)} ${formatNumber(count)}`).join(', ')}`,
      ),
      ...(turns.length > 0
        ? [`next to act: ${turns.map((turn) => turnText(turn, maxWordLength)).join('; ')}`]
        : []),
      ...byCompany.lines,
    ]
    const counts = [
      ...groups.flatMap(({ kind, counts }) =>
        counts.map(([word, count]) => ({ kind, word: cell(word, maxWordLength), count })),
      ),
      ...turns.map(({ role, count, overdue, contact }) => ({
        kind: 'next to act',
        word: role,
        count,
        overdue,
        ...(contact && { who: contactText(contact, maxWordLength) }),
      })),
      ...byCompany.rows,
    ]
    const shown = late.items.slice(0, rows).map((item) => lateRow(item, maxTextLength))
    const table = lateTable(shown)
    const extent = `${formatNumber(shown.length)} of ${formatNumber(tally.overdue)}`
    const token = tokenAfter(late, shown.length, isListed)
    const note = notesOf(findings).join(' ')
    return {
      summary: summaryOf(findings, maxTextLength),
      body: texts(
        lines,
        shown.length > 0 && `late, the longest first (${extent}${table.shared}):`,
        table.lines,
        note !== '' && `Note: ${note}`,
      ).join('\n'),
      rows: [...counts, ...shown],
      ...(token !== undefined && { continuationToken: token }),
      ...(note && { note }),
    }
  }
  const sizes = late.items.map((item) => ({ size: JSON.stringify(lateRow(item, maxNameLength)).length }))
  const start = { rows: estimateRows(sizes, budget), maxTextLength: maxNameLength, maxColumns: maxWords }
  return shrinkToFit(start, budget, compose)
}
