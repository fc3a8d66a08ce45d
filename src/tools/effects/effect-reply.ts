import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { InputError, UnclearError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import { structured } from '../replies/cells.ts'
import { flatten } from '../replies/columns.ts'
import { driftNote, type Reply } from '../replies/reply.ts'
import { idsIn } from './targets/car-targets.ts'

type Args = Readonly<Record<string, unknown>>

/** `{ids, message}` of a partial answer; without ids if it has another form. */
interface Share {
  readonly ids: readonly string[] | undefined
  readonly message: string
}

function shareOf(part: unknown): Share | undefined {
  if (part === undefined || part === null) return undefined
  const { ids, message } = isObject(part) ? part : {}
  return {
    ids: ids === null ? [] : idsIn(ids)?.map((id) => (/^[\w.:-]{1,80}$/.test(id) ? id : quotation(id))),
    message: typeof message === 'string' ? quotation(message) : 'no reason given',
  }
}

/**
 * The result for the ids of a list: Qualys can report success and still refuse some (configuration pages).
 */
interface Shares {
  readonly outcome: 'done' | 'in part' | 'refused' | 'unclear'
  readonly done: readonly string[]
  readonly refused: readonly string[]
  /** About the other ids; undefined if all are done. */
  readonly rest: string | undefined
}

/**
 * Splits an answer by id. Ids that the answer does not mention count as not done, as do all ids of a failure
 * that cannot be read.
 */
function sharesOf({ success, failure }: Row, { ids: asked }: Args): Shares {
  const [done, refused] = [shareOf(success), shareOf(failure)]
  const told = [...(done?.ids ?? []), ...(refused?.ids ?? [])]
  const silent = done?.ids && idsIn(asked)?.filter((id) => !told.includes(id))
  const parts = [
    ...(refused?.ids?.length ? [`refused ${refused.ids.join(', ')} (${refused.message})`] : []),
    ...(refused && !refused.ids ? [`refused some that cannot be read (${refused.message})`] : []),
    ...(silent?.length ? [`not told of ${silent.join(', ')}`] : []),
  ]
  const none = !done?.ids?.length
  const refusal = refused !== undefined && refused.ids?.length !== 0
  return {
    outcome: parts.length === 0 ? 'done' : none ? (refusal ? 'refused' : 'unclear') : 'in part',
    done: done?.ids ?? [],
    refused: refused?.ids ?? [],
    rest: parts.length === 0 ? undefined : parts.join('; '),
  }
}

/** The ids that Qualys refused. Throws if it refused all of them, or if the outcome is unclear. */
function restOf(operation: Operation, record: Row, args: Args): string | undefined {
  const { outcome, done, rest } = sharesOf(record, args)
  if (outcome === 'refused')
    throw new InputError(`Qualys took none of the ids: ${rest}.`, 'Check them with the search tool.')
  if (outcome === 'unclear')
    throw new UnclearError(
      `Qualys does not say what became of the ids: ${rest}.`,
      `Do not repeat it; ${operation.change?.findOut ?? 'look at them'}.`,
    )
  return rest && `only in part: done ${done.join(', ')}; ${rest}`
}

const isId = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number'

/**
 * Compares the objects in the answer with those named in the call. Throws if the answer names other objects,
 * more of them or none; undefined if all are there.
 */
function affected(operation: Operation, record: Row, args: Args): string | undefined {
  const asked = operation.change?.acts?.(args)
  if (!asked) return undefined
  const objects = Array.isArray(record['all']) ? record['all'] : [record]
  const told = objects.flatMap((part: unknown) =>
    isObject(part) && isId(part['id']) ? [String(part['id'])] : [],
  )
  const strangers = told.filter((id) => !asked.includes(id)).map((id) => oneLine(id, 40))
  const count = record['count'] === undefined ? undefined : Number(record['count'])
  const doubt =
    strangers.length > 0
      ? `names ${strangers.slice(0, 10).join(', ')}, which this call did not`
      : count !== undefined && count > asked.length
        ? `counts ${count} where ${asked.length} were named`
        : count === 0
          ? 'counts none that it was done to'
          : operation.change?.doubts?.(record, args)
  if (doubt !== undefined)
    throw new UnclearError(
      `Qualys took the call, but ${doubt}.`,
      `Do not repeat it; ${operation.change?.findOut ?? 'look at the object'}.`,
    )
  if (count !== undefined && count < asked.length)
    return `only in part: ${count} of ${asked.length}${told.length > 0 ? `, done ${told.join(', ')}` : ''}`
  return undefined
}

/** The outcome for the audit log, the same as in the reply. */
export function outcomeOf(
  operation: Operation,
  record: Row,
  args: Args,
): Pick<Shares, 'outcome' | 'refused'> {
  const shares = sharesOf(record, args)
  if (shares.outcome !== 'done') return shares
  try {
    return affected(operation, record, args) === undefined ? shares : { ...shares, outcome: 'in part' }
  } catch {
    return { ...shares, outcome: 'unclear' }
  }
}

const longestFact = 2_000

/** The answer for programs, clipped: some answers hold a campaign with all its recipients. */
function short(record: Row): Row {
  return Object.fromEntries(
    Object.entries(flatten(record)).map(([name, value]) => [name, structured(value, longestFact).value]),
  )
}

/** Qualys' answer to an effect. */
export interface Done {
  readonly record: Row
  /** Fields that are not as documented. */
  readonly drift: readonly string[]
}

/** The reply of an effect: what was done, and what to do next. */
export function effectReply(
  operation: Operation,
  args: Args,
  { record, drift }: Done,
  stored: string | undefined,
): Reply {
  const { change } = operation
  const part = restOf(operation, record, args) ?? affected(operation, record, args)
  const done = oneLine(change?.done(record, args) ?? operation.title, 300)
  const facts = [part === undefined ? done : `${operation.title}: ${part}`, stored].filter(
    (text) => text !== undefined,
  )
  const notes = [change?.next?.(args, record), driftNote(drift)].filter((text) => text !== undefined)
  const note = notes.length > 0 ? notes.join(' ') : undefined
  return {
    summary: facts.join('; '),
    body: note ?? '',
    rows: [short(record)],
    ...(note !== undefined && { note }),
  }
}
