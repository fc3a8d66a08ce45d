import type { Operation } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import type { Account } from './account.ts'
import { DriftError, VendorError } from './errors.ts'
import { isObject, parseJson } from './json.ts'
import { oneLine, quotation } from './untrusted.ts'

/** What an answer holds once the product's envelope is off. */
export interface Payload {
  readonly rows?: readonly unknown[]
  readonly total?: number
  readonly record?: unknown
}

/** What a refusal says, as far as its shape is known. */
export interface Refusal {
  readonly message?: string
  readonly code?: string
  /** True when the product itself answered, not a proxy or a gateway in front of it. */
  readonly fromProduct: boolean
}

/** An answer with a status below 300. */
export interface Success {
  readonly status: number
  readonly text: string
}

/** All that differs between the two products on the wire. */
export interface Product {
  readonly name: string
  readonly host: (account: Account) => string
  readonly headers: Readonly<Record<string, string>>
  readonly encode: (body: Readonly<Record<string, unknown>>) => {
    readonly contentType: string
    readonly text: string
  }
  readonly unwrap: (reply: Success, operation: Operation, redact: Redact) => Payload
  /** Throws where a download is something else. */
  readonly checkFile: (reply: Success, mediaType: string, operation: Operation, redact: Redact) => void
  readonly refusal: (text: string) => Refusal
}

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

function notTheApi(what: string): DriftError {
  return new DriftError(
    what,
    'Ask the operator to check the platform address and the proxy with `qualys-mcp doctor`.',
  )
}

const webPage =
  'The answer is a web page, not the Qualys API: a proxy, a login page or maintenance stands in between.'

/** What is left of an answer when an effect is confirmed by a status alone, or by a sentence beside the body. */
function confirmation(answer: unknown, body: unknown): Payload {
  const message = isObject(answer) && typeof answer['message'] === 'string' ? answer['message'] : undefined
  const { record } = payloadOf(body)
  return { record: { ...(message !== undefined && { message }), ...(isObject(record) && record) } }
}

/** CAR: `{errorCode, message, body}`; reports come without that envelope (release_2_4_api.htm). */
function unwrapCar({ status, text }: Success, operation: Operation, redact: Redact): Payload {
  const changes = operation.effect !== 'read'
  // 204: no records, as sister APIs of the gateway answer (qualys-platform.md 4.2).
  const nothing = status === 204 || (changes && text.trim() === '')
  const answer = nothing ? { list: [], totalCount: 0 } : parseJson(text)
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
function checkCarFile({ text }: Success, mediaType: string, operation: Operation, redact: Redact): void {
  if (/html/i.test(mediaType)) throw notTheApi(webPage)
  if (/json/i.test(mediaType)) refuseInside(parseJson(text), operation, redact)
}

/** The spots where the known error bodies, login included, keep their sentence (qualys-platform.md 4.1). */
export function productRefusal(text: string): Refusal {
  const answer = parseJson(text)
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

const car: Product = {
  name: 'CAR',
  host: (account) => account.gatewayUrl,
  headers: { accept: 'application/json' },
  encode: (body) => ({ contentType: 'application/json', text: JSON.stringify(body) }),
  unwrap: unwrapCar,
  checkFile: checkCarFile,
  refusal: productRefusal,
}

/** The product an operation belongs to. */
export function productOf(_operation: Operation): Product {
  return car
}
