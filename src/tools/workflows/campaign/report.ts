import { dueTimeOf, overdueRanges } from '../../../operations/saq/columns/overdue.ts'
import { isKnown } from '../../../operations/saq/columns/turns.ts'
import type { Deviations, Row } from '../../../session/answer.ts'
import { dayMs } from '../../../shared/clock.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import type { CampaignTally } from '../../effects/targets/campaign-tally.ts'
import { cell, quoteIfNeeded } from '../../replies/cells.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { type Extent, estimateRows, fitToBudget, type Reply, sizeOf } from '../../replies/reply.ts'
import { type Contact, contactOf } from './contacts.ts'
import { type LateQuestionnaire, lateRow, lateTable } from './late-table.ts'

/** What is known about a campaign. */
export interface CampaignFindings {
  readonly id: string
  readonly campaign: Row
  readonly tally: CampaignTally
  readonly late: readonly LateQuestionnaire[]
  /** True if the campaign's record lists its recipients. */
  readonly hasRecipients: boolean
  /** Of the questionnaires. */
  readonly deviations: Deviations
  /** Number of rows of other campaigns, which are not counted. */
  readonly otherCampaignRows: number
  /** Why the list of questionnaires is incomplete; absent if it is complete. */
  readonly resultLimit: string | undefined
  readonly now: number
}

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
  const counts = `${counted(tally.total, 'questionnaire')}: ${formatNumber(tally.open)} open, ${formatNumber(tally.overdue)} of them overdue`
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

function contactText({ name, company, emailAddress, ids = [] }: Contact, maxLength: number): string {
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

const lateCountText = (count: number): string => `${formatNumber(count)} of the late`

/** Notes on what is unknown about the overdue ones. */
function lateNotes({ late, hasRecipients }: CampaignFindings): string[] {
  const contacts = late.flatMap(({ contact }) => (contact ? [contact] : []))
  const unique = contacts.filter(({ ids }) => ids?.length === 1)
  const gaps: readonly (readonly [count: number, note: string])[] = [
    [
      late.length - contacts.length,
      'have titles that do not name their recipient: the title stands in the place of the name',
    ],
    [
      contacts.filter(({ isUnlisted }) => isUnlisted).length,
      'are not among the recipients that Qualys shows: looked up among all users',
    ],
    [contacts.filter(({ ids }) => ids?.length === 0).length, 'bear a name that no user has'],
    [contacts.filter(({ ids }) => ids === undefined).length, 'were not looked up'],
    [
      unique.filter(({ emailAddress }) => emailAddress === undefined).length,
      'have no e-mail address in Qualys’ answer',
    ],
    [unique.filter(({ company }) => company === undefined).length, 'have no company in Qualys’ answer'],
  ]
  return [
    ...(contacts.length > 0 && !hasRecipients
      ? [
          'Qualys does not show the recipients of this campaign: names are from the titles, looked up among all users.',
        ]
      : []),
    ...gaps.flatMap(([count, note]) => (count > 0 ? [`${lateCountText(count)} ${note}.`] : [])),
  ]
}

/** Notes on what is missing or unexpected in Qualys' answer. */
function notesOf(findings: CampaignFindings): string[] {
  const { tally, campaign, deviations, resultLimit, otherCampaignRows } = findings
  const unknownStates = [...tally.byState.keys()].filter((state) => !isKnown(state))
  const deviationsText = deviationsNote(deviations)
  const examples = unknownStates
    .slice(0, 3)
    .map((state) => (state === '' ? 'none' : quoteIfNeeded(state, 30)))
  return [
    ...(resultLimit === undefined ? [] : [`The list is not whole: ${resultLimit}`]),
    ...(otherCampaignRows > 0
      ? [`Qualys also sent ${formatNumber(otherCampaignRows)} of other campaigns, which are not counted.`]
      : []),
    ...(deviationsText === undefined ? [] : [deviationsText]),
    ...(unknownStates.length > 0
      ? [
          `Whose turn it is in state ${examples.join(', ')}${unknownStates.length > 3 ? ' and others' : ''} is not documented: not counted as open.`,
        ]
      : []),
    ...(campaign['name'] === undefined ? ['Qualys does not show the name of the campaign.'] : []),
    ...lateNotes(findings),
  ]
}

const maxNameLength = 160
const maxWords = 12

/** The reply: counts, whose turn it is, who is overdue. The columns of an extent are the words per count here. */
export function campaignReply(findings: CampaignFindings, budget: number): Reply {
  const { campaign, tally, late } = findings
  const turns = turnsOf(campaign, tally)

  const compose = ({ rows, maxTextLength, maxColumns }: Extent): Reply => {
    const groups = wordCountsOf(tally, maxColumns)
    const maxWordLength = Math.min(60, maxTextLength)
    const lines = [
      ...groups.map(
        ({ kind, counts }) =>
          `by ${kind}: ${counts.map(([word, count]) => `${quoteIfNeeded(word, maxWordLength)} ${formatNumber(count)}`).join(', ')}`,
      ),
      ...(turns.length > 0
        ? [`next to act: ${turns.map((turn) => turnText(turn, maxWordLength)).join('; ')}`]
        : []),
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
    ]
    const shown = late.slice(0, rows).map((item) => lateRow(item, maxTextLength))
    const note = notesOf(findings).join(' ')
    return {
      summary: summaryOf(findings, maxTextLength),
      body: [...lines, ...lateTable(shown, tally.overdue), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: [...counts, ...shown],
      ...(note && { note }),
    }
  }
  const sizes = late.map((item) => ({ size: JSON.stringify(lateRow(item, maxNameLength)).length }))
  const start = { rows: estimateRows(sizes, budget), maxTextLength: maxNameLength, maxColumns: maxWords }
  return shrinkToFit(start, budget, compose)
}

/** Shrinks the reply: fewer overdue questionnaires first, then shorter names, then fewer words. */
function shrinkToFit(start: Extent, budget: number, compose: (extent: Extent) => Reply): Reply {
  const reply = fitToBudget(start, budget, compose)
  if (sizeOf(reply) <= budget) return reply
  const shorter = [60, 30, 15].map((maxTextLength) => ({
    rows: Math.min(1, start.rows),
    maxTextLength,
    maxColumns: start.maxColumns >> 2,
  }))
  return (
    shorter.map(compose).find((reply) => sizeOf(reply) <= budget) ??
    compose({ rows: 0, maxTextLength: 10, maxColumns: 1 })
  )
}
