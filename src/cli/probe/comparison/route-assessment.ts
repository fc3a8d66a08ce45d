import { readSettings } from '../../../config/settings.ts'
import { operations } from '../../../operations/index.ts'
import type { Operation, Route } from '../../../operations/operation.ts'
import { SettingsError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { catalogueOf } from '../../../tools/server/catalogue.ts'
import { productPrefix, skipReasons } from '../probe.ts'
import type { RecordedAnswer } from '../recording/schema.ts'
import { type Drift, driftOf } from './drift.ts'

/** The verdict on the routes of an operation, and why. */
interface Judgement {
  /**
   * HELD: found at its declared or set route. MOVED: found only elsewhere. GONE: found nowhere. REFUSED: the
   * route exists and refuses. UNREADABLE: the answer has another form. NO ANSWER: no answer came. NOT ASKED:
   * there was no id to ask for, or no time.
   */
  readonly verdict: 'HELD' | 'MOVED' | 'GONE' | 'REFUSED' | 'UNREADABLE' | 'NO ANSWER' | 'NOT ASKED'
  readonly reason: string
  /** The route to put into QUALYS_ROUTES. */
  readonly route?: Route
}

/** What a recording shows about one operation. */
export interface Finding extends Judgement {
  readonly operation: Operation
  /** The route to keep in QUALYS_ROUTES: it works, or it was not asked. */
  readonly routeToKeep?: Route
  /** The answer at the route that works. */
  readonly answer?: RecordedAnswer
  /** Other routes that work as well. */
  readonly otherRoutes: readonly string[]
  readonly drift?: Drift
}

/** True if this program accepts the route in QUALYS_ROUTES. */
function isAccepted(name: string, route: Route): boolean {
  try {
    catalogueOf(readSettings({}, { QUALYS_ROUTES: JSON.stringify({ [name]: route }) }).settings)
    return true
  } catch (error) {
    if (error instanceof SettingsError) return false
    throw error
  }
}

const isMatch = ({ held, result }: RecordedAnswer): boolean => held === true && result !== 'another id'

function sizeText({ returns }: Operation, { rows, record, headers, bytes = 0 }: RecordedAnswer): string {
  if (rows) return `${rows.count} rows${rows.total === undefined ? '' : ` of ${rows.total}`}`
  if (record && returns !== 'file') return 'one record'
  return `${formatNumber(bytes)} bytes of ${headers?.['content-type'] ?? 'no type'}`
}

/** A route, and which of two ids was used if there are two. */
const pathOf = ({ route, about }: RecordedAnswer): string =>
  about.startsWith('with ') ? `${route} ${about}` : route

/** The answer of a route that does not work, in words. */
function responseText({ route, status, code, says }: RecordedAnswer): string {
  if (status === undefined) return `nothing came back from ${route}`
  const words = [code, says].filter((part) => part !== undefined).join(', ')
  return `${route} answers ${status}${words === '' ? '' : ` (${words})`}`
}

/** The judgement if no route works. */
function failureJudgement(own: RecordedAnswer | undefined, set: RecordedAnswer | undefined): Judgement {
  if (!own) return { verdict: 'NOT ASKED', reason: 'the recording does not have it' }
  const { skipped, failure, status, code } = own
  if (skipped) return { verdict: 'NOT ASKED', reason: skipReasons[skipped] }
  const reason = responseText(own)
  if (set?.skipped) {
    const setReason = `${set.route}, as QUALYS_ROUTES has it: ${skipReasons[set.skipped]}`
    return { verdict: 'NOT ASKED', reason: `${reason}; ${setReason}` }
  }
  if (failure === 'busy') return { verdict: 'NOT ASKED', reason: `${reason}, to wait` }
  if (status === undefined) return { verdict: 'NO ANSWER', reason }
  if ([404, 405, 410].includes(status) && failure !== 'input')
    return { verdict: 'GONE', reason: `${reason}, and no variant of it is there` }
  if (own.result === 'another id')
    return { verdict: 'UNREADABLE', reason: `${own.route} answers with another record` }
  return status < 300 && code === undefined
    ? { verdict: 'UNREADABLE', reason: `${reason} in a form that is not expected` }
    : { verdict: 'REFUSED', reason }
}

/** The judgement if only another route works, or only the other one of two ids. */
function movedJudgement(
  { name, route: declared }: Operation,
  own: RecordedAnswer | undefined,
  answer: RecordedAnswer,
): Judgement {
  const { route } = answer
  const ownResponse = own ? `; ${responseText(own)}` : ''
  if (route === declared) return { verdict: 'MOVED', reason: `${pathOf(answer)}${ownResponse}` }
  return isAccepted(name, route)
    ? { verdict: 'MOVED', reason: `${route}${ownResponse}`, route }
    : { verdict: 'MOVED', reason: `${route}, which QUALYS_ROUTES does not take: report it${ownResponse}` }
}

function judge(
  operation: Operation,
  answer: RecordedAnswer | undefined,
  own: RecordedAnswer | undefined,
  set: RecordedAnswer | undefined,
): Judgement {
  if (!answer) return failureJudgement(own, set)
  if (answer !== own && answer !== set) return movedJudgement(operation, own, answer)
  const path = `${answer.sent ?? answer.route}, ${sizeText(operation, answer)}`
  return { verdict: 'HELD', reason: answer === set ? `${path}, as QUALYS_ROUTES has it` : path }
}

/** The drift of an answer's records. Lists that are paged by sort values need them (getting_started.htm). */
function driftIn(operation: Operation, { record, rows }: RecordedAnswer): Drift | undefined {
  if (!record) return undefined
  const drift = driftOf(operation, record, rows?.count ?? 1)
  const lacksSortValues =
    operation.paging?.kind === 'searchAfter' && rows && rows.count > 0 && !rows.sortValues
  return lacksSortValues
    ? { ...drift, problems: [...drift.problems, 'rows come without sortValues: lists end at row 9,999'] }
    : drift
}

function findingOf(operation: Operation, answers: readonly RecordedAnswer[]): Finding {
  const [own, set] = (['own', 'set'] as const).map((kind) => answers.find((answer) => answer.kind === kind))
  const variants = answers.filter((answer) => answer.kind === 'variant' && isMatch(answer))
  const answer = [own, set, ...variants].find((candidate) => candidate && isMatch(candidate))
  const drift = answer && driftIn(operation, answer)
  const keepsSet = set && (set.skipped || isMatch(set)) && isAccepted(operation.name, set.route)
  return {
    operation,
    ...judge(operation, answer, own, set),
    ...(answer && { answer }),
    ...(keepsSet && { routeToKeep: set.route }),
    otherRoutes: variants.filter((variant) => variant !== answer).map(pathOf),
    ...(drift && { drift }),
  }
}

/** The findings about each read of the recorded products. */
export function assessRecording(answers: readonly RecordedAnswer[]): Finding[] {
  const products = new Set(answers.map(({ operation }) => productPrefix(operation)))
  return operations
    .filter(({ effect, name }) => effect === 'read' && products.has(productPrefix(name)))
    .map((operation) =>
      findingOf(
        operation,
        answers.filter((answer) => answer.operation === operation.name),
      ),
    )
}
