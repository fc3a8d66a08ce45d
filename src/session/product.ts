import type { Operation } from '../operations/operation.ts'
import type { Account } from './account.ts'
import { DriftError, VendorError } from './errors.ts'
import { oneLine } from './untrusted.ts'

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

/** All that differs between the two products on the wire. */
export interface Product {
  readonly name: string
  readonly host: (account: Account) => string
  readonly headers: Readonly<Record<string, string>>
  readonly encode: (body: Readonly<Record<string, unknown>>) => {
    readonly contentType: string
    readonly text: string
  }
  readonly unwrap: (text: string, operation: Operation) => Payload
  readonly refusal: (text: string) => Refusal
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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

/** `errorCode` null, absent and "0" all mean success (car-api.md 1.3). */
const succeeded = (code: unknown): boolean => code === undefined || code === null || String(code) === '0'

/** CAR: `{errorCode, message, body}`; reports come without that envelope (release_2_4_api.htm). */
function unwrapCar(text: string, operation: Operation): Payload {
  const answer = text.trim() === '' ? { list: [] } : parseJson(text)
  if (answer === undefined) {
    const page = /^\s*</.test(text)
    throw new DriftError(
      page
        ? 'The answer is a web page, not the Qualys API: a proxy, a login page or maintenance stands in between.'
        : 'The answer is no JSON.',
      'Ask the operator to check the platform address and the proxy with `qualys-mcp doctor`.',
    )
  }
  if (isObject(answer) && !succeeded(answer['errorCode'])) {
    throw new VendorError(
      `Qualys refused the call inside a success: "${oneLine(String(answer['message'] ?? 'no message'))}".`,
      `Check the arguments of ${operation.name}.`,
      { code: oneLine(String(answer['errorCode']), 40) },
    )
  }
  const payload = payloadOf(isObject(answer) && 'body' in answer ? answer['body'] : answer)
  if (operation.returns === 'rows' && !payload.rows) {
    throw new DriftError(
      'The answer holds no list of rows.',
      'Qualys may have changed this call: see qualys_status for the API version in use, and report it.',
    )
  }
  if (operation.returns === 'record' && !isObject(payload.record)) {
    throw new DriftError(
      `Qualys answered ${operation.name} with nothing.`,
      'Look the id up with the search tool; if it is there, report it.',
    )
  }
  return payload
}

/** The spots where the known error bodies keep their sentence (qualys-platform.md 4.1), tried in order. */
/** Also the gateway's own, login included. */
export function productRefusal(text: string): Refusal {
  const answer = parseJson(text)
  if (!isObject(answer)) return { fromProduct: false }
  const inner = isObject(answer['_error']) ? answer['_error'] : answer
  const login = answer['authentication_exceptions']
  const sentence = Array.isArray(login) ? login.flat(2).join('; ') : (inner['message'] ?? inner['error'])
  const code = inner['errorCode']
  return {
    ...(typeof sentence === 'string' && { message: sentence }),
    ...(!succeeded(code) && { code: String(code) }),
    fromProduct: 'errorCode' in inner,
  }
}

const car: Product = {
  name: 'CAR',
  host: (account) => account.gatewayUrl,
  headers: { accept: 'application/json' },
  encode: (body) => ({ contentType: 'application/json', text: JSON.stringify(body) }),
  unwrap: unwrapCar,
  refusal: productRefusal,
}

/** The product an operation belongs to. */
export function productOf(_operation: Operation): Product {
  return car
}
