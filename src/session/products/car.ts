import type { Operation } from '../../operations/operation.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { DriftError, SetupError, VendorError } from '../../shared/errors.ts'
import { isNothing, isObject, parseJson } from '../../shared/json.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import {
  emptyRecordError,
  isWebPage,
  notQualysError,
  unreadableBodyError,
  webPageMessage,
} from '../failures/intermediaries.ts'
import { redactedRefusal } from '../failures/refusal.ts'
import type { Origins } from '../http/request.ts'
import { documentedNames } from '../records/row-bounds.ts'
import { gatewayRefusal } from './car-refusal.ts'
import { bodyOf } from './large/forms.ts'
import type { Codec, Payload, Product, Success } from './product.ts'

const totalIn = (value: unknown): { total?: number } => {
  const total = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? { total } : {}
}

/**
 * A count of zero, within the body or beside it, and no rows: a list without rows, however it is spelled. Sister
 * modules call it `count`.
 */
function isEmptyList(answer: unknown, body: unknown): boolean {
  const list = isObject(body) ? body['list'] : body
  const hasNoRows = isNothing(list) || (Array.isArray(list) && list.every(isNothing))
  const counts = [body, answer].flatMap((holder) =>
    isObject(holder) ? [holder['totalCount'], holder['count']] : [],
  )
  return hasNoRows && counts.some((count) => totalIn(count).total === 0)
}

function payloadOf(body: unknown): Payload {
  if (Array.isArray(body)) return { rows: body, total: body.length }
  if (!isObject(body)) return { record: typeof body === 'string' ? { message: body } : body }
  return Array.isArray(body['list'])
    ? { rows: body['list'], ...totalIn(body['totalCount']) }
    : { record: body }
}

/** The payload of an effect that is confirmed by a status alone, or by a message beside the body. */
function confirmation(answer: unknown, body: unknown): Payload {
  const message = isObject(answer) && typeof answer['message'] === 'string' ? answer['message'] : undefined
  const { record } = payloadOf(body)
  return { record: { ...(message !== undefined && { message }), ...(isObject(record) && record) } }
}

/** An effect that is answered with `false` did not happen. */
const isDenied = (value: unknown): boolean => value === false || value === 'false'

function unwrap(response: Success, operation: Operation): Payload {
  const { status, value } = response
  const isEffect = operation.effect !== 'read'
  // 204: no records, as in sister APIs of the gateway (qualys-platform.md 4.2).
  const isEmpty = status === 204 || (isEffect && value === undefined && response.text.trim() === '')
  const answer = isEmpty ? { list: [], totalCount: 0 } : value
  if (answer === undefined) throw unreadableBodyError(response.text, 'The answer is no JSON.')
  const body = bodyOf(answer)
  if (isEffect) {
    if (isDenied(body)) throw notQualysError('The answer is the word false.')
    return isEmpty ? { record: {} } : confirmation(answer, body)
  }
  if (operation.returns === 'rows' && isEmptyList(answer, body)) return { rows: [], total: 0 }
  const payload = payloadOf(body)
  if (operation.returns === 'rows' && !payload.rows) {
    throw new DriftError(
      `Qualys' answer to ${operation.name} holds no list of rows.`,
      'Qualys may have changed this call: see qualys_status for the API version in use, and report it.',
    )
  }
  if (operation.returns === 'record' && (!isObject(payload.record) || isEmpty))
    throw emptyRecordError(operation)
  return payload
}

/** Accepts a file of any format; refuses an envelope with an error, a web page and an empty body. */
function checkFile(response: Success, mediaType: string, operation: Operation, redact: Redact): void {
  const { status, text } = response
  if (status === 204 || text.trim() === '') throw emptyRecordError(operation)
  if (/html/i.test(mediaType) || isWebPage(text)) throw notQualysError(webPageMessage)
  const value = parseJson(text)
  // Media types are unreliable: a table may come as JSON, but only JSON begins with { or [.
  if (/json/i.test(mediaType) && value === undefined && /^\s*[{[]/.test(text))
    throw notQualysError('The answer says that it is JSON, and is none: it may be cut.')
  const refusal = /json|text\/plain|^$/i.test(mediaType) && gatewayRefusal(value, status)
  if (!refusal) return
  const { message = 'no message', code } = redactedRefusal(refusal, redact)
  throw new VendorError(
    `Qualys sent no file, but a refusal: ${quotation(message)}.`,
    `Check the arguments of ${operation.name}.`,
    { status, ...(code !== undefined && { code: oneLine(code, 40) }) },
  )
}

/** JSON with all digits of its numbers. */
async function jsonCodec(): Promise<Codec> {
  const [{ writeJson }, { readAnswer }] = await Promise.all([
    import('./exact-json.ts'),
    import('./large/read-answer.ts'),
  ])
  return {
    contentType: 'application/json',
    write: writeJson,
    read: (response, operation, signal) => {
      // The answer to an effect is rarely large, and what it confirms is looked for in the whole of it.
      if (operation.effect !== 'read') return readAnswer(response, { form: 'car' })
      return readAnswer(response, { form: 'car', first: documentedNames(operation) }, signal)
    },
  }
}

/** The gateway, where tokens come from as well. */
export function carHost({ gatewayUrl }: Origins): string {
  if (gatewayUrl !== undefined) return gatewayUrl
  throw new SetupError(
    'CAR is not set up, and there is no login for a token: QUALYS_GATEWAY_URL is not set.',
    'Ask the operator to set QUALYS_GATEWAY_URL, or QUALYS_PLATFORM instead of single addresses; for SAQ alone, QUALYS_TOOLSETS=saq with QUALYS_USERNAME and QUALYS_PASSWORD is enough.',
  )
}

/** CAR: JSON on the gateway, authorized by a token. */
export const car: Product = {
  name: 'CAR',
  host: carHost,
  takesPassword: false,
  get tokenAdvice() {
    return `Ask the operator to check the account with \`${ownCommand('doctor')}\`; a token file must hold a JWT that is still valid.`
  },
  scope: 'tags',
  headers: () => ({ accept: 'application/json' }),
  codec: jsonCodec,
  envelope: (fields) => fields,
  unwrap,
  checkFile,
  refusal: (value, status, { effect }) => {
    const refusal = gatewayRefusal(value, status)
    // No page lists these codes, and none says whether the work was done before the code was sent.
    return refusal && status < 300 && effect !== 'read' ? { ...refusal, category: 'unknown' } : refusal
  },
}
