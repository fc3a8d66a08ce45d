import { readSettings } from '../../../config/settings.ts'
import { operations } from '../../../operations/index.ts'
import type { Operation, Route } from '../../../operations/operation.ts'
import { SettingsError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { catalogueOf } from '../../../tools/server/catalogue.ts'
import { skipReasons } from '../probe.ts'
import type { RecordedAnswer } from '../recording/schema.ts'
import { type Drift, driftOf } from './drift.ts'

/**
 * HELD: found at its declared or set route. MOVED: found only elsewhere. GONE: found nowhere. REFUSED: the
 * route exists and refuses. UNREADABLE: the answer has another form. NO ANSWER: no answer came. NOT ASKED:
 * there was no id to ask for, or no time.
 */
export type Verdict = 'HELD' | 'MOVED' | 'GONE' | 'REFUSED' | 'UNREADABLE' | 'NO ANSWER' | 'NOT ASKED'

/** What a recording shows about one operation. */
export interface Finding {
  readonly operation: Operation
  readonly verdict: Verdict
  readonly reason: string
  /** The route to put into QUALYS_ROUTES. */
  readonly route?: Route
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

const isFile = (name: string): boolean =>
  operations.some((operation) => operation.name === name && operation.returns === 'file')

const sizeText = ({ operation, rows, record, headers, bytes = 0 }: RecordedAnswer): string =>
  rows
    ? `${rows.count} rows${rows.total === undefined ? '' : ` of ${rows.total}`}`
    : record && !isFile(operation)
      ? 'one record'
      : `${formatNumber(bytes)} bytes of ${headers?.['content-type'] ?? 'no type'}`

/** A route, and which of two ids was used if there are two. */
const pathOf = ({ route, about }: RecordedAnswer): string =>
  about.startsWith('with ') ? `${route} ${about}` : route

/** The answer of a route that does not work, in words. */
function responseText({ route, status, code, says }: RecordedAnswer): string {
  const words = [code, says].filter((part) => part !== undefined).join(', ')
  return status === undefined
    ? `nothing came back from ${route}`
    : `${route} answers ${status}${words === '' ? '' : ` (${words})`}`
}

const isNotFound = ({ status, failure }: RecordedAnswer): boolean =>
  (status === 404 || status === 405 || status === 410) && failure !== 'input'

/** The verdict on the routes of an operation, and why. */
type Judgement = Pick<Finding, 'verdict' | 'reason' | 'route'>

/** The judgement if no route works. */
function failureJudgement(own: RecordedAnswer | undefined, set: RecordedAnswer | undefined): Judgement {
  if (!own) return { verdict: 'NOT ASKED', reason: 'the recording does not have it' }
  if (own.skipped) return { verdict: 'NOT ASKED', reason: skipReasons[own.skipped] }
  const response = responseText(own)
  if (set?.skipped)
    return {
      verdict: 'NOT ASKED',
      reason: `${response}; ${set.route}, as QUALYS_ROUTES has it: ${skipReasons[set.skipped]}`,
    }
  if (own.failure === 'busy') return { verdict: 'NOT ASKED', reason: `${response}, to wait` }
  if (own.status === undefined) return { verdict: 'NO ANSWER', reason: response }
  if (isNotFound(own)) return { verdict: 'GONE', reason: `${response}, and no variant of it is there` }
  if (own.result === 'another id')
    return { verdict: 'UNREADABLE', reason: `${own.route} answers with another record` }
  return own.status < 300 && own.code === undefined
    ? { verdict: 'UNREADABLE', reason: `${response} in a form that is not expected` }
    : { verdict: 'REFUSED', reason: response }
}

/** The judgement if only another route works. */
function movedJudgement(
  operation: Operation,
  own: RecordedAnswer | undefined,
  answer: RecordedAnswer,
): Judgement {
  const { route } = answer
  const ownResponse = own ? `; ${responseText(own)}` : ''
  if (route === operation.route) return { verdict: 'MOVED', reason: `${pathOf(answer)}${ownResponse}` }
  return isAccepted(operation.name, route)
    ? { verdict: 'MOVED', reason: `${route}${ownResponse}`, route }
    : { verdict: 'MOVED', reason: `${route}, which QUALYS_ROUTES does not take: report it${ownResponse}` }
}

/** Lists that are paged by sort values need them in their rows (getting_started.htm). */
function pagingDrift({ paging }: Operation, rows: RecordedAnswer['rows']): string[] {
  return paging?.kind === 'searchAfter' && rows && rows.count > 0 && !rows.sortValues
    ? ['rows come without sortValues: lists end at row 9,999']
    : []
}

function findingOf(operation: Operation, answers: readonly RecordedAnswer[]): Finding {
  const ofKind = (kind: RecordedAnswer['kind']): RecordedAnswer[] =>
    answers.filter((answer) => answer.kind === kind)
  const [own] = ofKind('own')
  const [set] = ofKind('set')
  const held = [own, set].find((answer) => answer && isMatch(answer))
  const working = ofKind('variant').filter(isMatch)
  const answer = held ?? working[0]
  const judgement: Judgement = held
    ? {
        verdict: 'HELD',
        reason: `${held.sent ?? held.route}, ${sizeText(held)}${held === set ? ', as QUALYS_ROUTES has it' : ''}`,
      }
    : answer
      ? movedJudgement(operation, own, answer)
      : failureJudgement(own, set)
  const { record, rows } = answer ?? {}
  const drift = record && driftOf(operation, record, rows?.count ?? 1)
  return {
    operation,
    ...judgement,
    ...(answer && { answer }),
    ...(set &&
      (set.skipped || isMatch(set)) &&
      isAccepted(operation.name, set.route) && { routeToKeep: set.route }),
    otherRoutes: working.filter((variant) => variant !== answer).map(pathOf),
    ...(drift && { drift: { ...drift, problems: [...drift.problems, ...pagingDrift(operation, rows)] } }),
  }
}

/** The findings about each read of the recorded products. */
export function assessRecording(answers: readonly RecordedAnswer[]): Finding[] {
  const products = new Set(answers.map(({ operation }) => operation.split('_')[0]))
  return operations
    .filter(({ effect, name }) => effect === 'read' && products.has(name.split('_')[0]))
    .map((operation) =>
      findingOf(
        operation,
        answers.filter((answer) => answer.operation === operation.name),
      ),
    )
}
