import { createHash } from '../../shared/crypto.ts'
import { InputError } from '../../shared/errors.ts'
import { canonicalJson } from '../../shared/json.ts'
import type { Binding, Cursor, Page } from '../answer.ts'

const version = 1
const checksumBytes = 6
const maxPayloadBytes = 1_000
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// One byte says how a value is packed. Most cursors are a few small numbers and one id; a short token costs
// the assistant fewer tokens.
const asInteger = 0
const asDigits = 1
const asUuid = 2
const asJson = 3
const asNegative = 4

function packInteger(value: number | bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return bytes
}

/** A number if that keeps all digits. */
const shortest = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0)

function packValue(value: unknown): Buffer {
  if (isCount(value)) return Buffer.from([asInteger, ...packInteger(value)])
  if (typeof value === 'bigint') {
    return value < 0n
      ? Buffer.from([asNegative, ...packInteger(-value)])
      : Buffer.from([asInteger, ...packInteger(value)])
  }
  if (typeof value === 'string' && /^(?:0|[1-9]\d{0,39})$/.test(value)) {
    return Buffer.from([asDigits, ...packInteger(BigInt(value))])
  }
  if (typeof value === 'string' && uuid.test(value)) {
    return Buffer.concat([Buffer.from([asUuid]), Buffer.from(value.replaceAll('-', ''), 'hex')])
  }
  const json = Buffer.from(JSON.stringify(value ?? null))
  return Buffer.concat([Buffer.from([asJson, ...packInteger(json.length)]), json])
}

/** The inverse of packValue; undefined if the bytes are cut off or invalid. */
function unpack(bytes: Buffer): unknown[] | undefined {
  const values: unknown[] = []
  let at = 0
  const integer = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('cut')
    at += length
    return bytes.subarray(at - length, at)
  }
  try {
    while (at < bytes.length) {
      const kind = bytes.readUInt8(at++)
      if (kind === asInteger) values.push(shortest(integer()))
      else if (kind === asNegative) values.push(-integer())
      else if (kind === asDigits) values.push(String(integer()))
      else if (kind === asUuid)
        values.push(
          take(16)
            .toString('hex')
            .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
        )
      else if (kind === asJson) values.push(JSON.parse(take(Number(integer())).toString()))
      else return undefined
    }
  } catch {
    return undefined
  }
  return values
}

function checksum(binding: Binding, payload: Buffer): Buffer {
  return createHash('sha256')
    .update(canonicalJson([binding.tool, binding.account, binding.query]))
    .update(payload)
    .digest()
    .subarray(0, checksumBytes)
}

/**
 * Encodes a cursor as a short opaque token. It holds no secret and grants nothing: a forged token can only
 * ask for another page of a list that the caller may read anyway. It needs no memory, so it survives a
 * restart and works on another replica.
 */
export function encodeCursor(cursor: Cursor, binding: Binding): string {
  const whole = Buffer.concat(cursor.map(packValue))
  // If the sort values are too long, only the row count is kept: it also works as a cursor, up to the
  // result limit.
  const payload = whole.length > maxPayloadBytes ? packValue(cursor[0]) : whole
  return Buffer.concat([Buffer.from([version]), checksum(binding, payload), payload]).toString('base64url')
}

/** The token that continues a page after its first `shown` rows; undefined at the end of the list. */
export function tokenAfter(
  { rows, cursors, end, hasMore, binding }: Page,
  shown: number,
): string | undefined {
  const cursor = shown < rows.length ? cursors[shown] : hasMore ? end : undefined
  return cursor && encodeCursor(cursor, binding)
}

/** Decodes a token. Throws an InputError that says what is wrong and how to start over. */
export function decodeCursor(token: string, binding: Binding): Cursor {
  const bytes = Buffer.from(token, 'base64url')
  const payload = bytes.subarray(1 + checksumBytes)
  const isWellFormed = bytes.toString('base64url') === token && bytes[0] === version
  if (isWellFormed && checksum(binding, payload).equals(bytes.subarray(1, 1 + checksumBytes))) {
    const [offset, ...rest] = unpack(payload) ?? []
    if (isCount(offset)) return [offset, ...rest]
  }
  throw new InputError(
    'The continuationToken does not fit this call: it is damaged, or comes from another tool, account or other arguments.',
    `Pass it unchanged with the same arguments to ${binding.tool} (only pageSize and fields may change), or leave it out to start at the first row.`,
  )
}
