import type { HttpResponse } from '../../http/response.ts'
import { readJson } from '../exact-json.ts'
import { readable } from './forms.ts'
import { JsonThread } from './json-thread.ts'
import type { Reading } from './slices.ts'

/** A larger answer, in bytes, is read in a thread: parsing it would hold the process for too long. */
export const maxBytesInPlace = 2 * 1024 * 1024

const thread = new JsonThread()

/** The value of an answer in JSON, or a promise of it; undefined if it is no JSON. */
export function readAnswer(
  response: Pick<HttpResponse, 'bytes' | 'text'>,
  reading: Reading,
  signal?: AbortSignal,
): unknown {
  const { bytes } = response
  return bytes.length > maxBytesInPlace
    ? thread.read(bytes, reading, signal)
    : readJson(response.text, readable[reading.form])
}
