import { apart } from '../../../../operations/saq/columns/own-words.ts'
import type { Row } from '../../../../session/answer.ts'
import { formatNumber, texts } from '../../../../shared/format.ts'
import { cell } from '../../../replies/cells.ts'
import { rowLine } from '../../../replies/line-start.ts'
import { addStates, noStates, type StateCounts, type StateKind, stateKinds } from '../shared/state-counts.ts'
import type { CompanyCounts } from './company-tally.ts'

/** A part of a reply in both forms. */
export interface ReplyPart {
  readonly lines: readonly string[]
  readonly rows: readonly Row[]
}

const wayToAll = 'saq_count_questionnaires with groupBy ["company","state"] lists them'
const wayToPeople = 'saq_list_recipients shows who'

/** Closed and open always, and the other kinds if there are any. */
const kindsIn = (counts: readonly StateCounts[]): readonly StateKind[] =>
  stateKinds.filter((kind) => kind === 'closed' || kind === 'open' || counts.some((each) => each[kind] > 0))

const shownStates = (states: StateCounts, kinds: readonly StateKind[]): Row =>
  Object.fromEntries(kinds.map((kind) => [kind, states[kind]]))

const statesText = (states: StateCounts): string =>
  kindsIn([states])
    .map((kind) => `${formatNumber(states[kind])} ${kind === 'unknown' ? 'of unknown state' : kind}`)
    .join(', ')

/** Closed and open questionnaires by company: the first `max` companies, and the sum of the others. */
export function companyPart(
  { companies, unknown }: CompanyCounts,
  max: number,
  maxLength: number,
): ReplyPart {
  const kinds = kindsIn(companies)
  const shown = companies.slice(0, max).map(({ company, ...states }) => ({
    kind: 'company',
    company: cell(apart(company), maxLength),
    ...shownStates(states, kinds),
  }))
  const rest = noStates()
  for (const states of companies.slice(max)) addStates(rest, states)
  const restCount = Math.max(0, companies.length - max)
  const restName = restCount === 1 ? '1 more company' : `${formatNumber(restCount)} more companies`
  const hasUnknown = unknown.why.length > 0
  const why = unknown.why
    .map(([count, clause]) => (unknown.why.length > 1 ? `${formatNumber(count)}: ${clause}` : clause))
    .join('; ')
  const columns = ['company', ...kinds]
  const extent = restCount > 0 ? ` (${formatNumber(shown.length)} of ${formatNumber(companies.length)})` : ''
  return {
    lines: texts(
      shown.length > 0 && [
        `by company, most open first${extent}:`,
        columns.join('\t'),
        ...shown.map((row: Row) => rowLine(columns.map((column) => String(row[column])).join('\t'))),
      ],
      restCount > 0 && `by company, ${restName}: ${statesText(rest)}; ${wayToAll}`,
      hasUnknown && `by company, unknown: ${statesText(unknown)} (${why}); ${wayToPeople}`,
    ),
    rows: [
      ...shown,
      ...(restCount > 0 ? [{ kind: 'companies not shown', count: restCount, ...rest }] : []),
      ...(hasUnknown ? [{ ...unknown, kind: 'company unknown', why }] : []),
    ],
  }
}
