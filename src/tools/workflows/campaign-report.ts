import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { cell, firstCell, quoted } from '../cells.ts'
import { fitted, type Reply } from '../reply.ts'
import { type CampaignTally, type Late, spans, turnOf } from './campaign-tally.ts'
import { type People, type Person, personOf } from './people.ts'

/** A late questionnaire, and whose it is where its title says so. */
export interface LatePerson {
  readonly questionnaire: Late
  readonly person?: Person
}

/** What is known of a campaign. */
export interface CampaignFindings {
  readonly id: string
  readonly campaign: Row
  readonly tally: CampaignTally
  readonly late: readonly LatePerson[]
  readonly people: People
  readonly now: number
}

const dayMs = 24 * 3_600_000
const number = (value: number): string => value.toLocaleString('en')
const days = (count: number): string => `${number(count)} day${count === 1 ? '' : 's'}`

function dueText(due: unknown, now: number): string {
  const at = Date.parse(String(due))
  if (Number.isNaN(at)) return 'due date not shown by Qualys'
  const gap = Math.floor(Math.abs(now - at) / dayMs)
  return `due ${cell(due)} (${at < now ? `${days(gap)} ago` : `in ${days(gap)}`})`
}

function summaryOf({ id, campaign, tally, now }: CampaignFindings): string {
  const { name, status, workflowType, dueDate } = campaign
  const facts = [status, workflowType].map((fact, at) =>
    fact === undefined ? `${at === 0 ? 'status' : 'workflow'} not shown by Qualys` : quoted(String(fact)),
  )
  const ended = tally.open === 0
  const due = ended && tally.all > 0 ? `due ${cell(dueDate ?? 'unknown')}` : dueText(dueDate, now)
  const counts = `${number(tally.all)} questionnaire${tally.all === 1 ? '' : 's'}: ${number(tally.open)} open, ${number(tally.overdue)} of them overdue`
  return `campaign ${id} ${quoted(String(name ?? ''))}: ${facts.join(', ')}, ${due}; ${counts}`
}

/** Counts under one kind of word, those that occur. */
interface Group {
  readonly kind: string
  readonly counts: readonly (readonly [word: string, count: number])[]
}

const byCount = (counts: ReadonlyMap<string, number>, none: string): Group['counts'] =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => [word === '' ? none : word, count] as const)

function groupsOf({ all, byState, byRisk, bySpan, overdue, undated }: CampaignTally): Group[] {
  if (all === 0) return []
  return [
    { kind: 'state', counts: byCount(byState, 'not shown by Qualys') },
    { kind: 'risk', counts: byCount(byRisk, 'none (yet)') },
    ...(overdue > 0
      ? [
          {
            kind: 'overdue',
            counts: spans.flatMap(([word]) =>
              bySpan.has(word) ? [[word, bySpan.get(word) ?? 0] as const] : [],
            ),
          },
        ]
      : []),
    ...(undated > 0 ? [{ kind: 'without due date', counts: [['open', undated] as const] }] : []),
  ]
}

interface Turn {
  readonly who: string
  readonly count: number
  readonly overdue: number
  /** The one who reviews or approves; recipients are many. */
  readonly person?: Person
}

function turnsOf(campaign: Row, tally: CampaignTally): Turn[] {
  return [...tally.byState].flatMap(([state, count]) => {
    const who = turnOf(state)
    if (who === undefined) return []
    const row = campaign[who]
    return [
      { who, count, overdue: tally.overdueBy.get(who) ?? 0, ...(isObject(row) && { person: personOf(row) }) },
    ]
  })
}

const contact = ({ name, company, emailAddress }: Person): string =>
  [name, company, emailAddress]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => quoted(String(part)))
    .join(', ')

function turnText({ who, count, overdue, person }: Turn): string {
  const missing = who === 'recipient' ? '' : ' (not shown by Qualys)'
  const late = overdue > 0 ? `, ${number(overdue)} overdue` : ''
  return `${who} ${number(count)}${late}${person ? ` (${contact(person)})` : missing}`
}

const columns = [
  'questionnaire',
  'name',
  'company',
  'emailAddress',
  'waitsFor',
  'dueDate',
  'daysOverdue',
] as const

function lateRow({ questionnaire, person }: LatePerson): Row {
  const { id, title, state, dueDate, days } = questionnaire
  return {
    kind: 'late',
    questionnaire: id,
    name: cell(person?.name ?? title),
    ...(person?.company !== undefined && { company: cell(person.company) }),
    ...(person?.emailAddress !== undefined && { emailAddress: cell(person.emailAddress) }),
    ...(person?.ambiguous && { ambiguous: person.ambiguous.join(', ') }),
    waitsFor: turnOf(state) ?? cell(state),
    dueDate,
    daysOverdue: days,
  }
}

/** What stands under a column for one of the late. */
function lateCell(row: Row, column: string): string {
  return column === 'company' && row['ambiguous'] !== undefined
    ? `ambiguous: users ${cell(row['ambiguous'])}`
    : cell(row[column])
}

/** Who is late; what is the same for all of them is said once. */
function lateTable(shown: readonly Row[], overdue: number): string[] {
  const [first] = shown
  if (!first) return []
  const same = columns.filter(
    (column, at) =>
      at > 0 && shown.length > 1 && shown.every((row) => lateCell(row, column) === lateCell(first, column)),
  )
  const kept = columns.filter((column) => !same.includes(column))
  const said = same.flatMap((column) => {
    const value = lateCell(first, column)
    return value === '' ? [] : [`${column} ${quoted(value)}`]
  })
  const all = said.length > 0 ? `; all: ${said.join(', ')}` : ''
  return [
    `late, the longest first (${number(shown.length)} of ${number(overdue)}${all}):`,
    kept.join('\t'),
    ...shown.map((row) => firstCell(kept.map((column) => lateCell(row, column)).join('\t'))),
  ]
}

/** What the answer of Qualys does not hold, and what was made of it. */
function notesOf({ tally, late, people, campaign }: CampaignFindings): string[] {
  const nameless = late.filter(({ person }) => !person).length
  const unknown = late.filter(({ person }) => person && !person.emailAddress && !person.ambiguous).length
  const odd = [...tally.byState.keys()].filter(
    (state) => turnOf(state) === undefined && state === 'INCOMPLETE',
  )
  return [
    ...(late.length > 0 && !people.fromRecipients
      ? [
          'Qualys does not show the recipients of this campaign: names are from the titles, looked up among all users.',
        ]
      : []),
    ...(nameless > 0
      ? [`${nameless} titles do not name their recipient: the title stands in the place of the name.`]
      : []),
    ...(unknown > 0 ? [`For ${unknown} of the late no user was found by name.`] : []),
    ...(people.unasked > 0 ? [`${people.unasked} names were not looked up.`] : []),
    ...(odd.length > 0
      ? ['Whose turn an INCOMPLETE one is, Qualys does not document: it is not counted as open.']
      : []),
    ...(campaign['name'] === undefined ? ['Qualys does not show the name of the campaign.'] : []),
  ]
}

/** Counts first, then whose turn it is, then who is late. */
export function campaignReply(findings: CampaignFindings, budget: number): Reply {
  const { campaign, tally, late } = findings
  const groups = groupsOf(tally)
  const turns = turnsOf(campaign, tally)
  const counts = [
    ...groups.flatMap(({ kind, counts }) =>
      counts.map(([word, count]) => ({ kind, word: cell(word), count })),
    ),
    ...turns.map(({ who, count, overdue, person }) => ({
      kind: 'next to act',
      word: who,
      count,
      overdue,
      ...(person && { who: contact(person) }),
    })),
  ]
  const lines = [
    ...groups.map(
      ({ kind, counts }) =>
        `by ${kind}: ${counts.map(([word, count]) => `${quoted(word)} ${number(count)}`).join(', ')}`,
    ),
    ...(turns.length > 0 ? [`next to act: ${turns.map(turnText).join('; ')}`] : []),
  ]
  return fitted({ rows: Math.max(1, late.length), longest: 0, width: 1 }, budget, ({ rows }) => {
    const shown = late.slice(0, rows).map(lateRow)
    const note = notesOf(findings).join(' ')
    const table = lateTable(shown, tally.overdue)
    return {
      summary: summaryOf(findings),
      body: [...lines, ...table, ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: [...counts, ...shown],
      ...(note && { note }),
    }
  })
}
