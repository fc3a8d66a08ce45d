import { successEnvelope } from '../../http/envelope.ts'
import type { Parsed } from '../../http/input.ts'
import type { Reply } from '../../http/reply.ts'
import type { Call } from '../../route.ts'
import { element } from '../../xml/writer.ts'
import { compileFilters } from '../criteria.ts'
import { type ObjectSchema, objectId, readObject } from '../element-schema.ts'
import { dataObject, readRequest, type ServiceRequest } from '../request.ts'
import { type ObjectKind, type Row, requireRow, resolveId, rowsReply, scopedRows } from '../search.ts'

/** The parsed object below `data`. */
export function readInputs<S extends ObjectSchema, Mandatory extends keyof S & string = never>(
  { world }: Call,
  request: ServiceRequest,
  { name }: { name: string },
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Parsed<S, Mandatory> {
  return readObject(dataObject(request, name), schema, mandatory, world.knobs.strictEffects)
}

/** Every object that the filters match; without filters, all of them. */
export function matchingRows<R extends Row>(
  call: Call,
  kind: ObjectKind<R>,
  { filters }: ServiceRequest,
): readonly R[] {
  return scopedRows(call, kind).filter(compileFilters(filters, kind.filters, false))
}

/**
 * The object that a request names by its id: in the path, in the body, or in both. `bodyWins`: the launch sample
 * has two different ids, and its reply is about the one in the body.
 */
export function requestedRow<R extends Row>(call: Call, kind: ObjectKind<R>, bodyWins = false): R {
  const request = readRequest(call, 'data')
  const inBody = request.data && readObject(dataObject(request, kind.name), { id: objectId }, ['id'], true).id
  return requireRow(call, kind, bodyWins && inBody !== undefined ? inBody : resolveId(call, inBody))
}

/** The ids of the objects alone; the knob `saqAnswers` leaves them out, too. */
export function idsReply<R extends Row>(call: Call, kind: ObjectKind<R>, rows: readonly R[]): Reply {
  return call.world.knobs.saqAnswers === 'counts'
    ? successEnvelope(call, { count: rows.length })
    : successEnvelope(call, { data: rows.map(({ id }) => element(kind.name, { id })) })
}

/** The objects as they are after a change; with the knob `saqAnswers` less of them. */
export function changedReply<R extends Row>(call: Call, kind: ObjectKind<R>, rows: readonly R[]): Reply {
  return call.world.knobs.saqAnswers === 'whole' ? rowsReply(call, kind, rows) : idsReply(call, kind, rows)
}
