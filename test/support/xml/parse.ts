import { expect } from 'vitest'
import { Body } from '../../../src/session/http/response.ts'
import { readXml } from '../../../src/session/products/xml.ts'
import { XmlBody } from '../../../src/session/products/xml-body.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { isObject } from '../../../src/shared/json.ts'
import { referenceObjects, referenceXml } from './reference.ts'

/** The value of a whole document, as the parser of answers makes it. */
export const xmlOf = async (text: string | Buffer): Promise<Record<string, unknown> | undefined> =>
  (await readXml(Buffer.from(text))).value

/** The objects in `<data>` without the change that the codec makes to lists: they are changed already. */
function objectsIn(data: unknown): readonly unknown[] {
  const holders = Array.isArray(data) ? data : [data]
  return holders
    .filter(isObject)
    .flatMap((holder) =>
      Object.entries(holder).flatMap(([name, member]) =>
        name === 'list' ? objectsIn(member) : member === '' ? [] : member,
      ),
    )
}

const responseIn = (value: unknown): Record<string, unknown> | undefined => {
  const response = isObject(value) ? value['ServiceResponse'] : undefined
  return isObject(response) ? response : undefined
}

/** A value whose objects in `<data>` stand in one list, from either reader. */
function comparable(value: unknown, objects: (data: unknown) => readonly unknown[]): unknown {
  const response = responseIn(value)
  return response ? { ...response, data: objects(response['data']) } : value
}

const isCut = Symbol('cut')

/** The value of a document that comes in these pieces. */
async function parsed(pieces: readonly Buffer[]): Promise<unknown> {
  const body = new XmlBody()
  for (const piece of pieces) await body.write(piece)
  return body.end(new Body(pieces)).catch((error: unknown) => {
    if (error instanceof VendorError) return isCut
    throw error
  })
}

/** Checks that the pieces of a document give what the reader before gave for the whole. */
export async function expectSameValue(pieces: readonly Buffer[]): Promise<void> {
  const before = comparable(referenceXml(Buffer.concat(pieces)), referenceObjects)
  const now = await parsed(pieces)
  // Before, a document that was cut was one that is not well-formed.
  const same = now === isCut ? undefined : comparable(now, objectsIn)
  // As text, which shows the order of names, and takes a member "constructor" for a member.
  expect(JSON.stringify(same)).toBe(JSON.stringify(before))
}

/** The pieces between these places, from 0 to 1. */
export function piecesOf(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places, 1].map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}
