import type { Operation } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import { DriftError, VendorError } from './errors.ts'
import { notTheApi, webPage } from './foreign.ts'
import { isObject, parseJson } from './json.ts'
import type { Codec, Payload, Product, Refusal, Success } from './product.ts'
import { oneLine, quotation } from './untrusted.ts'

const count = (value: unknown): { total?: number } => {
  const total = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? { total } : {}
}

function payloadOf(body: unknown): Payload {
  if (Array.isArray(body)) return { rows: body, total: body.length }
  if (!isObject(body)) return { record: typeof body === 'string' ? { message: body } : body }
  return Array.isArray(body['list']) ? { rows: body['list'], ...count(body['totalCount']) } : { record: body }
}

/** `errorCode` null, absent and "0" all mean success (car-api.md 1.3); an empty one says nothing. */
function errorCodeOf(answer: unknown, redact: Redact): string | undefined {
  const code = isObject(answer) ? answer['errorCode'] : undefined
  if (code === undefined || code === null || code === false || ['0', 0, ''].includes(code as string))
    return undefined
  return oneLine(redact(typeof code === 'object' ? JSON.stringify(code) : String(code)), 40)
}

/** A success whose envelope reports an error is none. */
function refuseInside(answer: unknown, operation: Operation, redact: Redact): void {
  const code = errorCodeOf(answer, redact)
  if (code === undefined) return
  const message = isObject(answer) && typeof answer['message'] === 'string' ? answer['message'] : 'no message'
  throw new VendorError(
    `Qualys refused the call inside a success: ${quotation(redact(message))}.`,
    `Check the arguments of ${operation.name}.`,
    { code },
  )
}

const isWebPage = (text: string): boolean => /^\s*</.test(text)

/** What is left of an answer when an effect is confirmed by a status alone, or by a sentence beside the body. */
function confirmation(answer: unknown, body: unknown): Payload {
  const message = isObject(answer) && typeof answer['message'] === 'string' ? answer['message'] : undefined
  const { record } = payloadOf(body)
  return { record: { ...(message !== undefined && { message }), ...(isObject(record) && record) } }
}

/** `{errorCode, message, body}`; reports come without that envelope (release_2_4_api.htm). */
function unwrap({ status, text, value }: Success, operation: Operation, redact: Redact): Payload {
  const changes = operation.effect !== 'read'
  // 204: no records, as sister APIs of the gateway answer (qualys-platform.md 4.2).
  const nothing = status === 204 || (changes && text.trim() === '')
  const answer = nothing ? { list: [], totalCount: 0 } : value
  if (answer === undefined) throw notTheApi(isWebPage(text) ? webPage : 'The answer is no JSON.')
  refuseInside(answer, operation, redact)
  const body = isObject(answer) && 'body' in answer ? answer['body'] : answer
  if (changes) return nothing ? { record: {} } : confirmation(answer, body)
  const payload = payloadOf(body)
  if (operation.returns === 'rows' && !payload.rows) {
    throw new DriftError(
      'The answer holds no list of rows.',
      'Qualys may have changed this call: see qualys_status for the API version in use, and report it.',
    )
  }
  if (operation.returns === 'record' && (!isObject(payload.record) || nothing)) {
    throw new DriftError(
      `Qualys answered ${operation.name} with nothing.`,
      'Look the id up with the search tool; if it is there, report it.',
    )
  }
  return payload
}

/** A file may come in any format; an envelope with an error, or a web page, is no file. */
function checkFile({ text }: Success, mediaType: string, operation: Operation, redact: Redact): void {
  if (/html/i.test(mediaType)) throw notTheApi(webPage)
  if (/json/i.test(mediaType)) refuseInside(parseJson(text), operation, redact)
}

/** The spots where the known error bodies, login included, keep their sentence (qualys-platform.md 4.1). */
export function gatewayRefusal(answer: unknown): Refusal {
  if (!isObject(answer)) return { fromProduct: false }
  const inner = isObject(answer['_error']) ? answer['_error'] : answer
  const login = answer['authentication_exceptions']
  const sentence = Array.isArray(login) ? login.flat(2).join('; ') : (inner['message'] ?? inner['error'])
  // The wire has redacted refusals already.
  const code = errorCodeOf(inner, (same) => same)
  return {
    ...(typeof sentence === 'string' && { message: sentence }),
    ...(code !== undefined && { code }),
    fromProduct: 'errorCode' in inner,
  }
}

const json: Codec = {
  contentType: 'application/json',
  write: (body) => JSON.stringify(body),
  read: ({ text }) => parseJson(text),
}

/** CAR: JSON on the gateway, opened by a token. */
export const gateway: Product = {
  name: 'CAR',
  host: ({ gatewayUrl }) => gatewayUrl,
  takesPassword: false,
  tokenAdvice:
    'Ask the operator to check the account with `qualys-mcp doctor`; a token file must hold a JWT that is still valid.',
  scope: 'tags',
  headers: () => ({ accept: 'application/json' }),
  codec: async () => json,
  envelope: (fields) => fields,
  unwrap,
  checkFile,
  refusal: (value, status) => (status < 300 ? undefined : gatewayRefusal(value)),
}
