import { readSettings } from '../../../config/settings.ts'
import { operations } from '../../../operations/index.ts'
import type { Operation, Route } from '../../../operations/operation.ts'
import { SettingsError } from '../../../shared/errors.ts'
import { catalogueOf } from '../../../tools/server/catalogue.ts'
import { skips } from '../question.ts'
import type { RecordedAnswer } from '../recording/transcript.ts'
import { type Drift, driftOf } from './drift.ts'

/**
 * HELD: found at its declared or set route. MOVED: found only elsewhere. GONE: found nowhere. REFUSED: the
 * path exists and refuses. UNREADABLE: the answer has another form. NO ANSWER: no answer came. NOT ASKED:
 * there was no id to ask for, or no time.
 */
export type Verdict = 'HELD' | 'MOVED' | 'GONE' | 'REFUSED' | 'UNREADABLE' | 'NO ANSWER' | 'NOT ASKED'

/** What a recording shows about one operation. */
export interface Finding {
  readonly operation: Operation
  readonly verdict: Verdict
  readonly because: string
  /** The route to put into QUALYS_ROUTES. */
  readonly route?: Route
  /** The route to keep in QUALYS_ROUTES: it works, or it was not asked. */
  readonly keeps?: Route
  /** The answer at the route that works. */
  readonly answer?: RecordedAnswer
  /** Other routes that work as well. */
  readonly others: readonly string[]
  readonly drift?: Drift
}

/** True if the program starts with this route. */
function isAccepted(name: string, route: Route): boolean {
  try {
    catalogueOf(readSettings({}, { QUALYS_ROUTES: JSON.stringify({ [name]: route }) }).settings)
    return true
  } catch (error) {
    if (error instanceof SettingsError) return false
    throw error
  }
}

const fits = ({ held, result }: RecordedAnswer): boolean => held === true && result !== 'another id'

const isFile = (name: string): boolean =>
  operations.some((operation) => operation.name === name && operation.returns === 'file')

const counted = ({ operation, rows, fields, headers, bytes = 0 }: RecordedAnswer): string =>
  rows
    ? `${rows.count} rows${rows.total === undefined ? '' : ` of ${rows.total}`}`
    : fields && !isFile(operation)
      ? 'one record'
      : `${bytes.toLocaleString('en')} bytes of ${headers?.['content-type'] ?? 'no type'}`

/** A route, and which of two ids was used if there are two. */
const pathOf = ({ route, about }: RecordedAnswer): string =>
  about.startsWith('with ') ? `${route} ${about}` : route

/** How a route that does not work answered. */
function saidOf({ route, status, code, says }: RecordedAnswer): string {
  const words = [code, says].filter((part) => part !== undefined).join(', ')
  return status === undefined
    ? `nothing came back from ${route}`
    : `${route} answers ${status}${words === '' ? '' : ` (${words})`}`
}

const isAbsent = ({ status, failure }: RecordedAnswer): boolean =>
  (status === 404 || status === 405 || status === 410) && failure !== 'input'

type Judged = Pick<Finding, 'verdict' | 'because' | 'route'>

/** Why no route works. */
function unheld(own: RecordedAnswer | undefined, set: RecordedAnswer | undefined): Judged {
  if (!own) return { verdict: 'NOT ASKED', because: 'the recording does not have it' }
  if (own.skipped) return { verdict: 'NOT ASKED', because: skips[own.skipped] }
  const said = saidOf(own)
  if (set?.skipped)
    return {
      verdict: 'NOT ASKED',
      because: `${said}; ${set.route}, as QUALYS_ROUTES has it: ${skips[set.skipped]}`,
    }
  if (own.failure === 'busy') return { verdict: 'NOT ASKED', because: `${said}, to wait` }
  if (own.status === undefined) return { verdict: 'NO ANSWER', because: said }
  if (isAbsent(own)) return { verdict: 'GONE', because: `${said}, and no variant of it is there` }
  if (own.result === 'another id')
    return { verdict: 'UNREADABLE', because: `${own.route} answers with another record` }
  return own.status < 300 && own.code === undefined
    ? { verdict: 'UNREADABLE', because: `${said} in a form that is not expected` }
    : { verdict: 'REFUSED', because: said }
}

function moved(operation: Operation, own: RecordedAnswer | undefined, answer: RecordedAnswer): Judged {
  const { route } = answer
  const before = own ? `; ${saidOf(own)}` : ''
  if (route === operation.route) return { verdict: 'MOVED', because: `${pathOf(answer)}${before}` }
  return isAccepted(operation.name, route)
    ? { verdict: 'MOVED', because: `${route}${before}`, route }
    : { verdict: 'MOVED', because: `${route}, which QUALYS_ROUTES does not take: report it${before}` }
}

/** Lists that are paged by sort values need them in their rows (getting_started.htm). */
function unwalkable({ paging }: Operation, rows: RecordedAnswer['rows']): string[] {
  return paging?.kind === 'searchAfter' && rows && rows.count > 0 && !rows.sortValues
    ? ['rows come without sortValues: lists end at row 9,999']
    : []
}

function findingOf(operation: Operation, all: readonly RecordedAnswer[]): Finding {
  const of = (kind: RecordedAnswer['kind']): RecordedAnswer[] => all.filter((answer) => answer.kind === kind)
  const [own] = of('own')
  const [set] = of('set')
  const held = [own, set].find((answer) => answer && fits(answer))
  const elsewhere = of('variant').filter(fits)
  const answer = held ?? elsewhere[0]
  const judged: Judged = held
    ? {
        verdict: 'HELD',
        because: `${held.sent ?? held.route}, ${counted(held)}${held === set ? ', as QUALYS_ROUTES has it' : ''}`,
      }
    : answer
      ? moved(operation, own, answer)
      : unheld(own, set)
  const { fields, rows } = answer ?? {}
  const drift = fields && driftOf(operation, fields, rows?.count ?? 1)
  return {
    operation,
    ...judged,
    ...(answer && { answer }),
    ...(set && (set.skipped || fits(set)) && isAccepted(operation.name, set.route) && { keeps: set.route }),
    others: elsewhere.filter((one) => one !== answer).map(pathOf),
    ...(drift && { drift: { ...drift, wrong: [...drift.wrong, ...unwalkable(operation, rows)] } }),
  }
}

/** The findings about each read of the products that were asked. */
export function findingsIn(answers: readonly RecordedAnswer[]): Finding[] {
  const asked = new Set(answers.map(({ operation }) => operation.split('_')[0]))
  return operations
    .filter(({ effect, name }) => effect === 'read' && asked.has(name.split('_')[0]))
    .map((operation) =>
      findingOf(
        operation,
        answers.filter((answer) => answer.operation === operation.name),
      ),
    )
}
