import { isKnown, turnOf } from '../../../operations/saq/questionnaires.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { type CampaignTally, type Late, spans } from '../../effects/targets/campaign-tally.ts'
import { cell, firstCell, quoted } from '../../replies/cells.ts'
import { driftNote, type Extent, fitted, type Reply, sizeOf } from '../../replies/reply.ts'
import { type Person, personOf } from './people.ts'

/** An overdue questionnaire, and its recipient if the title names one. */
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
  /** True if the campaign's record lists its recipients. */
  readonly fromRecipients: boolean
  /** Fields that are not as documented. */
  readonly drift: readonly string[]
  /** Number of rows of other campaigns, which are not counted. */
  readonly foreign: number
  /** Why the list of questionnaires is incomplete; absent if it is complete. */
  readonly wall: string | undefined
  readonly now: number
}

const dayMs = 24 * 3_600_000
const number = (value: number): string => value.toLocaleString('en')
const days = (count: number): string => `${number(count)} day${count === 1 ? '' : 's'}`

function dueText(due: unknown, now: number): string {
  if (due === undefined) return 'due date not shown by Qualys'
  const at = Date.parse(String(due))
  if (Number.isNaN(at)) return `due ${quoted(String(due))}`
  const gap = Math.floor(Math.abs(now - at) / dayMs)
  return `due ${cell(due)} (${at < now ? `${days(gap)} ago` : `in ${days(gap)}`})`
}

function summaryOf({ id, campaign, tally, now }: CampaignFindings, longest: number): string {
  const { name, status, workflowType, dueDate } = campaign
  const word = (value: unknown, what: string): string =>
    value === undefined ? `${what} not shown by Qualys` : quoted(String(value))
  const title = name === undefined ? '' : ` ${JSON.stringify(cell(name, longest))}`
  const facts = [word(status, 'status'), word(workflowType, 'workflow'), dueText(dueDate, now)]
  const plural = tally.all === 1 ? '' : 's'
  const counts = `${number(tally.all)} questionnaire${plural}: ${number(tally.open)} open, ${number(tally.overdue)} of them overdue`
  return `campaign ${id}${title}: ${facts.join(', ')}; ${counts}`
}

/** Counts of words of one kind. */
interface Group {
  readonly kind: string
  readonly counts: readonly (readonly [word: string, count: number])[]
}

/** The most frequent words, and the sum of the others. */
function frequent(counts: ReadonlyMap<string, number>, none: string, most: number): Group['counts'] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const rest = sorted.slice(most).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...sorted.slice(0, most).map(([word, count]) => [word === '' ? none : word, count] as const),
    ...(rest > 0 ? [[`other than these ${most}`, rest] as const] : []),
  ]
}

function groupsOf({ all, byState, byRisk, bySpan, undated }: CampaignTally, most: number): Group[] {
  if (all === 0) return []
  const late = spans.flatMap(([word]) => {
    const count = bySpan.get(word)
    return count === undefined ? [] : [[word, count] as const]
  })
  return [
    { kind: 'state', counts: frequent(byState, 'not shown by Qualys', most) },
    { kind: 'risk', counts: frequent(byRisk, 'none (yet)', most) },
    { kind: 'overdue', counts: late },
    { kind: 'open without a due date', counts: undated > 0 ? [['open', undated] as const] : [] },
  ].filter(({ counts }) => counts.length > 0)
}

interface Turn {
  readonly who: string
  readonly count: number
  readonly overdue: number
  /** The reviewer or approver; absent for recipients, of whom there are many. */
  readonly person?: Person
}

function turnsOf(campaign: Row, { openBy, overdueBy }: CampaignTally): Turn[] {
  return [...openBy].map(([who, count]) => {
    const row = campaign[who]
    return { who, count, overdue: overdueBy.get(who) ?? 0, ...(isObject(row) && { person: personOf(row) }) }
  })
}

function contact({ name, company, emailAddress, ids = [] }: Person, longest: number): string {
  const facts = [name, company, emailAddress].filter((fact) => fact !== undefined && fact !== '')
  return (facts.length > 0 ? facts : ids.map((id) => `user ${id}`))
    .map((fact) => quoted(String(fact), longest))
    .join(', ')
}

function turnText({ who, count, overdue, person }: Turn, longest: number): string {
  const missing = who === 'recipient' ? '' : ' (not shown by Qualys)'
  const known = person ? contact(person, longest) : ''
  const late = overdue > 0 ? `, ${number(overdue)} overdue` : ''
  return `${who} ${number(count)}${late}${known ? ` (${known})` : missing}`
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

const isAmbiguous = (person: Person | undefined): boolean => (person?.ids?.length ?? 0) > 1

function lateRow({ questionnaire, person }: LatePerson, longest: number): Row {
  const { id, title, state, dueDate, days } = questionnaire
  return {
    kind: 'late',
    questionnaire: cell(id, longest),
    name: cell(person?.name ?? title, longest),
    ...(person?.company !== undefined && { company: cell(person.company, longest) }),
    ...(person?.emailAddress !== undefined && { emailAddress: cell(person.emailAddress, longest) }),
    ...(isAmbiguous(person) && { ambiguous: cell(person?.ids?.join(', '), longest) }),
    waitsFor: turnOf(state) ?? cell(state, longest),
    dueDate: cell(dueDate),
    daysOverdue: days,
  }
}

/** The cell of an overdue questionnaire in a column. */
function lateCell(row: Row, column: string): string {
  return column === 'company' && row['ambiguous'] !== undefined
    ? `ambiguous: users ${cell(row['ambiguous'])}`
    : cell(row[column])
}

/** The table of overdue questionnaires; values that all of them share go above it. */
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

const people = (count: number): string => `${number(count)} of the late`

/** Notes on what is unknown about the overdue ones. */
function lateNotes({ late, fromRecipients }: CampaignFindings): string[] {
  const found = late.flatMap(({ person }) => (person ? [person] : []))
  const one = found.filter(({ ids }) => ids?.length === 1)
  const lacking: readonly (readonly [count: number, note: string])[] = [
    [
      late.length - found.length,
      'have titles that do not name their recipient: the title stands in the place of the name',
    ],
    [
      found.filter(({ outside }) => outside).length,
      'are not among the recipients that Qualys shows: looked up among all users',
    ],
    [found.filter(({ ids }) => ids?.length === 0).length, 'bear a name that no user has'],
    [found.filter(({ ids }) => ids === undefined).length, 'were not looked up'],
    [
      one.filter(({ emailAddress }) => emailAddress === undefined).length,
      'have no e-mail address in Qualys’ answer',
    ],
    [one.filter(({ company }) => company === undefined).length, 'have no company in Qualys’ answer'],
  ]
  return [
    ...(found.length > 0 && !fromRecipients
      ? [
          'Qualys does not show the recipients of this campaign: names are from the titles, looked up among all users.',
        ]
      : []),
    ...lacking.flatMap(([count, note]) => (count > 0 ? [`${people(count)} ${note}.`] : [])),
  ]
}

/** Notes on what is missing or odd in Qualys' answer. */
function notesOf(findings: CampaignFindings): string[] {
  const { tally, campaign, drift, wall, foreign } = findings
  const odd = [...tally.byState.keys()].filter((state) => !isKnown(state))
  const differing = driftNote(drift)
  const named = odd.slice(0, 3).map((state) => (state === '' ? 'none' : quoted(state, 30)))
  return [
    ...(wall === undefined ? [] : [`The list is not whole: ${wall}`]),
    ...(foreign > 0
      ? [`Qualys also sent ${number(foreign)} of other campaigns, which are not counted.`]
      : []),
    ...(differing === undefined ? [] : [differing]),
    ...(odd.length > 0
      ? [
          `Whose turn it is in state ${named.join(', ')}${odd.length > 3 ? ' and others' : ''} is not documented: not counted as open.`,
        ]
      : []),
    ...(campaign['name'] === undefined ? ['Qualys does not show the name of the campaign.'] : []),
    ...lateNotes(findings),
  ]
}

const longestName = 160
const mostWords = 12

/** The reply: counts, whose turn it is, who is overdue. `width`: number of words per count. */
export function campaignReply(findings: CampaignFindings, budget: number): Reply {
  const { campaign, tally, late } = findings
  const turns = turnsOf(campaign, tally)

  const compose = ({ rows, longest, width }: Extent): Reply => {
    const groups = groupsOf(tally, width)
    const name = Math.min(60, longest)
    const lines = [
      ...groups.map(
        ({ kind, counts }) =>
          `by ${kind}: ${counts.map(([word, count]) => `${quoted(word, name)} ${number(count)}`).join(', ')}`,
      ),
      ...(turns.length > 0 ? [`next to act: ${turns.map((turn) => turnText(turn, name)).join('; ')}`] : []),
    ]
    const counts = [
      ...groups.flatMap(({ kind, counts }) =>
        counts.map(([word, count]) => ({ kind, word: cell(word, name), count })),
      ),
      ...turns.map(({ who, count, overdue, person }) => ({
        kind: 'next to act',
        word: who,
        count,
        overdue,
        ...(person && { who: contact(person, name) }),
      })),
    ]
    const shown = late.slice(0, rows).map((person) => lateRow(person, longest))
    const note = notesOf(findings).join(' ')
    return {
      summary: summaryOf(findings, longest),
      body: [...lines, ...lateTable(shown, tally.overdue), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: [...counts, ...shown],
      ...(note && { note }),
    }
  }
  return shrunk({ rows: firstGuess(late, budget), longest: longestName, width: mostWords }, budget, compose)
}

/** Number of overdue ones that may fit, as a first try. */
function firstGuess(late: readonly LatePerson[], budget: number): number {
  let used = 0
  const over = late.findIndex((person) => {
    used += JSON.stringify(lateRow(person, longestName)).length
    return used > budget
  })
  return over < 0 ? late.length : over
}

/** Shrinks the reply: fewer overdue ones first, then shorter names, then fewer words. */
function shrunk(start: Extent, budget: number, compose: (extent: Extent) => Reply): Reply {
  const reply = fitted({ ...start, rows: Math.max(1, start.rows) }, budget, compose)
  if (sizeOf(reply) <= budget) return reply
  const shorter = [60, 30, 15].map((longest) => ({
    rows: Math.min(1, start.rows),
    longest,
    width: start.width >> 2,
  }))
  return (
    shorter.map(compose).find((reply) => sizeOf(reply) <= budget) ??
    compose({ rows: 0, longest: 10, width: 1 })
  )
}
