import type { Row } from '../../../../session/answer.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { cell, quoteIfNeeded } from '../../../replies/cells.ts'
import { rowLine } from '../../../replies/line-start.ts'
import { type Extent, estimateRows, type Reply } from '../../../replies/reply.ts'
import { listPage, maxNameLength, shrinkToFit } from '../shared/list-page.ts'
import { tokenAfter } from '../shared/list-part.ts'
import { unknownText } from '../shared/state-counts.ts'
import type { CampaignReading } from './campaign-reading.ts'
import type { LatePerson } from './late-in-several.ts'
import { areAllCounted, areAllDated, areAllPeopleKnown, runningNotes } from './notes.ts'
import { daysOverdue, type RunningFindings } from './read-running.ts'

const maxCampaigns = 50
/** Campaigns take at most this share of a reply. */
const campaignShare = 0.45
const maxNamedCampaigns = 40

const countColumns = ['questionnaires', 'closed', 'open', 'overdue', 'unknown'] as const
const campaignColumns = [
  'id',
  'name',
  'dueDate',
  'daysOverdue',
  'questionnaires',
  'closed',
  'open',
  'overdue',
]
/** Shown if some campaign has them. */
const rareColumns = ['unknown', 'undated']

type Sums = Record<(typeof countColumns)[number], number>

function sumsOf(readings: readonly CampaignReading[]): Sums {
  const sums: Sums = { questionnaires: 0, closed: 0, open: 0, overdue: 0, unknown: 0 }
  for (const reading of readings) for (const column of countColumns) sums[column] += reading[column]
  return sums
}

/** The sums of campaigns. `isCounted`, `isDated`: whether they are all known. */
function sumsText(
  { questionnaires, closed, open, overdue, unknown }: Sums,
  isCounted = true,
  isDated = true,
): string {
  const total = `${isCounted ? '' : 'at least '}${counted(questionnaires, 'questionnaire')}`
  const atLeast = `${isDated ? '' : 'at least '}${formatNumber(overdue)} of them overdue`
  const late = overdue === 0 && !isDated ? 'how many of them are overdue is unknown' : atLeast
  return `${total}: ${formatNumber(closed)} closed, ${formatNumber(open)} open, ${late}${unknownText({ unknown })}`
}

/** The row of a campaign. A count is absent if it is unknown; `isWhole` is false if there are more. */
function campaignRow(reading: CampaignReading, now: number, maxLength: number): Row {
  const { campaign, problem, undated } = reading
  const days = daysOverdue(reading, now)
  const { questionnaires, closed, open, overdue, unknown } = reading
  return {
    kind: 'campaign',
    id: cell(campaign.id, maxLength),
    name: cell(campaign.name, maxLength),
    ...(campaign.dueDate !== undefined && { dueDate: cell(campaign.dueDate, Math.min(60, maxLength)) }),
    ...(days !== undefined && { daysOverdue: days }),
    ...(problem?.kind !== 'unread' && { questionnaires, closed, open }),
    ...(problem?.kind !== 'unread' && (overdue > 0 || undated === 0) && { overdue }),
    ...(unknown > 0 && { unknown }),
    ...(undated > 0 && { undated }),
    ...(problem && { isWhole: false }),
  }
}

function campaignCell(row: Row, column: string): string {
  const value = row[column]
  if (!countColumns.some((count) => count === column)) return cell(value)
  if (row['questionnaires'] === undefined) return '?'
  if (value === undefined) return column === 'unknown' ? '0' : 'unknown'
  return `${cell(value)}${row['isWhole'] === false ? '+' : ''}`
}

/** The first campaigns of the table, and the sum of the others. */
function campaignPart({ readings, now }: RunningFindings, max: number, maxLength: number) {
  const shown = readings.slice(0, max).map((reading) => campaignRow(reading, now, maxLength))
  const rest = readings.slice(max)
  const rare = rareColumns.filter((column) => shown.some((row) => row[column] !== undefined))
  const columns = [...campaignColumns, ...rare]
  return {
    lines: texts(
      shown.length > 0 && columns.join('\t'),
      shown.map((row) => rowLine(columns.map((column) => campaignCell(row, column)).join('\t'))),
      rest.length > 0 &&
        `${counted(rest.length, 'more campaign')}, less overdue: ${sumsText(sumsOf(rest))}; saq_count_questionnaires with groupBy ["campaign.id","turn"] counts each`,
    ),
    rows: [
      ...shown,
      ...(rest.length > 0 ? [{ kind: 'campaigns not shown', count: rest.length, ...sumsOf(rest) }] : []),
    ],
  }
}

const personColumns = ['id', 'name', 'company', 'emailAddress', 'campaigns', 'campaignIds'] as const

function personRow({ person, campaigns }: LatePerson, maxLength: number): Row {
  const max = Math.max(1, Math.floor((maxNamedCampaigns * maxLength) / maxNameLength))
  const rest = campaigns.length - max
  return {
    kind: 'late in several',
    id: cell(person.id, maxLength),
    name: cell(person.name, maxLength),
    company: cell(person.company, maxLength),
    emailAddress: cell(person.emailAddress, maxLength),
    campaigns: campaigns.length,
    campaignIds: [
      ...campaigns.slice(0, max).map((id) => cell(id, maxLength)),
      ...(rest > 0 ? [`${rest} more`] : []),
    ],
  }
}

const personTable = (rows: readonly Row[]) => ({
  shared: '',
  lines:
    rows.length === 0
      ? []
      : [
          personColumns.join('\t'),
          ...rows.map((row) =>
            rowLine(
              personColumns
                .map((column) => {
                  const value = row[column]
                  return Array.isArray(value) ? value.join(', ') : cell(value)
                })
                .join('\t'),
            ),
          ),
        ],
})

/** That no campaign runs, and which there are. */
function nothingRuns({ statuses, notes }: RunningFindings): Reply {
  const counts = statuses?.counts ?? []
  const what = counts
    .slice(0, 12)
    .map(
      ([status, count]) =>
        `${formatNumber(count)} ${status === '' ? 'without a status' : quoteIfNeeded(status)}`,
    )
    .join(', ')
  const extent = statuses?.isWhole === false ? 'Of the first campaigns' : 'Of the others'
  const others =
    statuses === undefined ? '' : `. ${what === '' ? 'There is none at all' : `${extent}: ${what}`}`
  const note = notes.join(' ')
  return {
    summary: `No campaign is running (status ACTIVE)${others}.`,
    body: note === '' ? '' : `Note: ${note}`,
    rows: counts.map(([word, count]) => ({ kind: 'status', word: cell(word, 60), count })),
    ...(note !== '' && { note }),
  }
}

function summaryOf(findings: RunningFindings): string {
  const { readings, late, hasAllCampaigns } = findings
  const overdue = readings.filter((reading) => reading.overdue > 0).length
  const isCounted = areAllCounted(findings)
  const isDated = areAllDated(findings)
  const overdueText = `, ${isDated ? '' : 'at least '}${formatNumber(overdue)} with overdue questionnaires`
  const areAllKnown = areAllPeopleKnown(findings)
  const people = `${areAllKnown ? '' : 'at least '}${formatNumber(late.total)} ${late.total === 1 ? 'person' : 'people'}`
  return [
    `${hasAllCampaigns ? '' : 'at least '}${counted(readings.length, 'running campaign')}${overdue > 0 || isDated ? overdueText : ''}`,
    sumsText(sumsOf(readings), isCounted, isDated),
    `late in several: ${late.total === 0 && !areAllKnown ? 'unknown' : people}`,
  ].join('; ')
}

/** The reply about all campaigns that run: one line each, and who is late in several. */
export function runningReply(findings: RunningFindings, budget: number): Reply {
  const { readings, late, now } = findings
  const note = runningNotes(findings).join(' ')
  if (readings.length === 0 && !late.isAlone) return nothingRuns(findings)
  if (late.isAlone)
    return listPage(late, budget, personRow, {
      headline: (range) => `late in several running campaigns ${range}, the most first`,
      end: `late in several running campaigns: none behind this place, ${formatNumber(late.total)} in all`,
      table: personTable,
      note,
    })
  const sizes = readings.map((reading) => ({
    size: JSON.stringify(campaignRow(reading, now, maxNameLength)).length,
  }))
  const campaignCount = Math.min(maxCampaigns, estimateRows(sizes, budget * campaignShare))
  const compose = ({ rows, maxTextLength, maxColumns }: Extent): Reply => {
    const max = maxColumns < maxCampaigns ? Math.min(maxColumns, campaignCount) : campaignCount
    const part = campaignPart(findings, Math.max(1, max), maxTextLength)
    const shown = late.items.slice(0, rows).map((item) => personRow(item, maxTextLength))
    const token = tokenAfter(late, shown.length, late.items.length > 0)
    return {
      summary: summaryOf(findings),
      body: texts(
        part.lines,
        shown.length > 0 &&
          `late in several, the most first${shown.length < late.total ? ` (${formatNumber(shown.length)} of ${formatNumber(late.total)})` : ''}:`,
        personTable(shown).lines,
        note !== '' && `Note: ${note}`,
      ).join('\n'),
      rows: [...part.rows, ...shown],
      ...(token !== undefined && { continuationToken: token }),
      ...(note !== '' && { note }),
    }
  }
  const personSizes = late.items.map((item) => ({
    size: JSON.stringify(personRow(item, maxNameLength)).length,
  }))
  const start = {
    rows: estimateRows(personSizes, budget),
    maxTextLength: maxNameLength,
    maxColumns: maxCampaigns,
  }
  return shrinkToFit(start, budget, compose)
}
