import type { Parts } from '../../../operations/long-records.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Binding, Cursor, Row } from '../../../session/answer.ts'
import { decodeCursor, encodeCursor } from '../../../session/paging/continuation.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { InputError } from '../../../shared/errors.ts'
import { canonicalJson } from '../../../shared/json.ts'
import type { Unit } from './units.ts'

/** Where a part begins: the group, the item in it, and a fingerprint of the record that was read. */
export interface Position {
  readonly group: number
  readonly item: number
  readonly fingerprint: number
}

/** Twelve hexadecimal digits are the most that a whole number holds exactly. */
const fingerprintLength = 12

/** A fingerprint of the documented fields: further ones may change by themselves. */
export function fingerprintOf({ record: { shape } }: Operation, record: Row): number {
  const known = Object.entries(record).filter(([name]) => Object.hasOwn(shape, name))
  return Number.parseInt(sha256(canonicalJson(Object.fromEntries(known))).slice(0, fingerprintLength), 16)
}

/** The cursor in a token. Throws an InputError if it is damaged, or of another call. */
export function cursorIn(token: string, binding: Binding): Cursor {
  try {
    return decodeCursor(token, binding)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(
      error.message,
      `Pass it unchanged with the same arguments to ${binding.tool}, or leave it out to start again.`,
    )
  }
}

/** The position in a token. Throws an InputError if it is damaged, or of another call. */
export function positionIn(token: string, binding: Binding): Position {
  const [group, item, fingerprint] = cursorIn(token, binding)
  return { group, item: Number(item), fingerprint: Number(fingerprint) }
}

/** The token of the part that begins with a unit. */
export const tokenAt = ({ group, item = 0 }: Unit, fingerprint: number, binding: Binding): string =>
  encodeCursor([group, item, fingerprint], binding)

/** The number of units before a position. Throws an InputError if the record is no longer the one that was read. */
export function unitsBefore(
  { group, item, fingerprint }: Position,
  units: readonly Unit[],
  current: number,
  { groups }: Parts,
): number {
  const at = units.findIndex((unit) => unit.group === group && (unit.item ?? 0) === item)
  if (fingerprint === current && at >= 0) return at
  throw new InputError(
    'It has changed since the part before this one was read.',
    `Read it again from the start, without continuationToken: parts of two states make no whole list of ${groups}.`,
  )
}
