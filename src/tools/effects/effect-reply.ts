import { type NewState, noTargets, type ShownTargets } from '../../operations/effects/new-state.ts'
import type { EffectOperation, Input } from '../../operations/operation.ts'
import { inSentence } from '../../operations/sentences.ts'
import type { Deviations, Row } from '../../session/answer.ts'
import { InputError, UnclearError } from '../../shared/errors.ts'
import { texts } from '../../shared/format.ts'
import { isId, isObject, objectsIn } from '../../shared/json.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import { escapeFences, toStructured } from '../replies/cells.ts'
import { replyRow } from '../replies/columns.ts'
import { deviationsNote } from '../replies/deviations.ts'
import type { Reply } from '../replies/reply.ts'
import { idsIn } from './targets/car-targets.ts'

/** Qualys' answer to an effect. */
export interface EffectAnswer extends Deviations {
  readonly record: Row
}

/** `{ids, message}` of a partial answer; without ids if it has another form. */
interface PartialResult {
  readonly ids: readonly string[] | undefined
  readonly message: string
}

function partialResultOf(part: unknown): PartialResult | undefined {
  if (part === undefined || part === null) return undefined
  const { ids, message } = isObject(part) ? part : {}
  return {
    ids: ids === null ? [] : idsIn(ids)?.map((id) => inSentence(id, 80)),
    message: typeof message === 'string' ? quotation(message) : 'no reason given',
  }
}

/**
 * The result for the ids of a list: Qualys can report success and still refuse some (configuration pages).
 */
interface ResultsById {
  readonly outcome: 'done' | 'in part' | 'refused' | 'unclear'
  readonly done: readonly string[]
  readonly refused: readonly string[]
  /** About the other ids; undefined if all are done. */
  readonly rest: string | undefined
}

/**
 * Splits an answer by id. Ids that the answer does not mention count as not done, as do all ids of a failure that
 * cannot be read. An answer without ids reports success for all of them, unless part of it is left out.
 */
function resultsById(
  { change }: EffectOperation,
  { record: { success, failure }, leftOut }: EffectAnswer,
  args: Input,
): ResultsById {
  const isCut = leftOut !== undefined && change.expectedIds === undefined
  const [done, refused] = [partialResultOf(success), partialResultOf(failure)]
  const namedIds = [...(done?.ids ?? []), ...(refused?.ids ?? [])]
  const unmentioned =
    done?.ids || isCut ? idsIn(change.partialIds?.(args))?.filter((id) => !namedIds.includes(id)) : undefined
  const parts = [
    ...(refused?.ids?.length ? [`refused ${refused.ids.join(', ')} (${refused.message})`] : []),
    ...(refused && !refused.ids ? [`refused some that cannot be read (${refused.message})`] : []),
    ...(unmentioned?.length ? [`not told of ${unmentioned.join(', ')}`] : []),
  ]
  const isNoneDone = !done?.ids?.length
  const isRefused = refused !== undefined && refused.ids?.length !== 0 && !(isCut && unmentioned?.length)
  return {
    outcome: parts.length === 0 ? 'done' : isNoneDone ? (isRefused ? 'refused' : 'unclear') : 'in part',
    done: done?.ids ?? [],
    refused: refused?.ids ?? [],
    rest: parts.length === 0 ? undefined : parts.join('; '),
  }
}

const unclearResult = ({ change }: EffectOperation, what: string): UnclearError =>
  new UnclearError(what, `Do not repeat it; ${change.recovery}.`)

/** The ids that Qualys refused. Throws if it refused all of them, or if the outcome is unclear. */
function notDoneNote(operation: EffectOperation, answer: EffectAnswer, args: Input): string | undefined {
  const { outcome, done, rest } = resultsById(operation, answer, args)
  if (outcome === 'refused')
    throw new InputError(`Qualys took none of the ids: ${rest}.`, 'Check them with the search tool.')
  if (outcome === 'unclear')
    throw unclearResult(operation, `Qualys does not say what became of the ids: ${rest}.`)
  return rest && `only in part: done ${done.join(', ')}; ${rest}`
}

/**
 * Compares the objects in the answer with those named in the call. Throws if the answer names other objects, more of
 * them or none, or if some may be in what is left out of it; undefined if all are there.
 */
function checkObjects(
  operation: EffectOperation,
  { record, leftOut }: EffectAnswer,
  args: Input,
): string | undefined {
  const expectedIds = operation.change.expectedIds?.(args)
  if (!expectedIds) return undefined
  const objects = Array.isArray(record['all']) ? objectsIn(record['all']) : [record]
  const namedIds = objects
    .map(({ id }) => id)
    .filter(isId)
    .map(String)
  const unexpectedIds = namedIds.filter((id) => !expectedIds.includes(id)).map((id) => inSentence(id, 40))
  const count = record['count'] === undefined ? undefined : Number(record['count'])
  const problem =
    unexpectedIds.length > 0
      ? `names ${unexpectedIds.slice(0, 10).join(', ')}, which this call did not`
      : count !== undefined && count > expectedIds.length
        ? `counts ${count} where ${expectedIds.length} were named`
        : count === 0
          ? 'counts none that it was done to'
          : leftOut && count === undefined && expectedIds.some((id) => !namedIds.includes(id))
            ? 'what can be read of its answer does not name all that this call did'
            : operation.change.checkResult?.(record, args)
  if (problem !== undefined) throw unclearResult(operation, `Qualys took the call, but ${problem}.`)
  if (count !== undefined && count < expectedIds.length)
    return `only in part: ${count} of ${expectedIds.length}${namedIds.length > 0 ? `, done ${namedIds.map((id) => inSentence(id, 40)).join(', ')}` : ''}`
  return undefined
}

/** The outcome for the audit log, the same as in the reply. */
export function outcomeOf(
  operation: EffectOperation,
  answer: EffectAnswer,
  args: Input,
): Pick<ResultsById, 'outcome' | 'refused'> {
  const results = resultsById(operation, answer, args)
  if (results.outcome !== 'done') return results
  try {
    return checkObjects(operation, answer, args) === undefined ? results : { ...results, outcome: 'in part' }
  } catch {
    return { ...results, outcome: 'unclear' }
  }
}

const maxFactLength = 2_000
/** Longer than a list of all ids of a call. */
const maxSentenceLength = 20_000

/** The answer for programs, clipped: some answers hold a campaign with all its recipients. */
function clipRecord(record: Row): Row {
  return Object.fromEntries(
    Object.entries(replyRow(record)).map(([name, value]) => [name, toStructured(value, maxFactLength).value]),
  )
}

/** What is known of the targets before an effect, and of what became of them. */
interface KnownStates {
  readonly states?: readonly NewState[]
  readonly shown?: ShownTargets
}

/** The reply of an effect: what was done, what became of it, and what to do next. `notes`: clauses about what was sent;
 * `warnings`: sentences about what it may lead to. */
export function effectReply(
  operation: EffectOperation,
  args: Input,
  answer: EffectAnswer,
  notes: readonly string[],
  warnings: readonly string[] = [],
  { states = [], shown = noTargets }: KnownStates = {},
): Reply {
  const { change } = operation
  const { record } = answer
  const partialNote = notDoneNote(operation, answer, args) ?? checkObjects(operation, answer, args)
  const what =
    partialNote === undefined
      ? oneLine(change.summary(record, args, shown), 300)
      : `${operation.title}: ${partialNote}`
  // Words of Qualys in them are quoted, but what draws nothing in them, or looks like a fence, still has to go.
  const cleaned = (sentences: readonly string[]): string[] =>
    sentences.map((sentence) => escapeFences(oneLine(sentence, maxSentenceLength)))
  const note = cleaned(texts(warnings, change.next?.(args, record), deviationsNote(answer))).join(' ')
  const fields: Row = Object.assign({}, ...states.map((state) => state.fields))
  const hasFields = Object.keys(fields).length > 0
  return {
    summary: cleaned(
      texts(
        what,
        notes,
        states.map(({ text }) => text).filter((text) => text !== ''),
      ),
    ).join('; '),
    body: note,
    rows: [clipRecord({ ...(operation.abridge?.(record) ?? record), ...(hasFields && { now: fields }) })],
    ...(note !== '' && { note }),
  }
}
