import { isObject } from '../../shared/json.ts'
import type { Refusal, RefusalCategory } from '../failures/refusal.ts'
import { legacyCodes } from './legacy-codes.ts'

// The error bodies of the gateway (qualys-platform.md 4.1). They carry no type, so they are recognized by
// their shape.

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === ''

/** The first value with a text: one sentence, or several joined. */
function wordsIn(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    if (typeof value === 'string' && !isBlank(value)) return value
    const sentences = Array.isArray(value) ? value.flat(2).filter((part) => !isBlank(part)) : []
    if (sentences.length > 0) return sentences.join('; ')
  }
  return undefined
}

/** The code of a failure. Null, absent and "0" mean success (car-api.md 1.3); an empty code is ignored. */
function codeIn(code: unknown): string | undefined {
  if (code === undefined || code === null || code === false || ['0', 0, ''].includes(code as string))
    return undefined
  // Not clipped here: the redactor would not recognize half a secret.
  return typeof code === 'object' ? JSON.stringify(code) : String(code).trim()
}

/** The parts of an error body; `failed` is true if its shape alone says that something failed. */
interface ErrorBody {
  readonly message: string | undefined
  readonly code: string | undefined
  readonly failed: boolean
  readonly fromProduct: boolean
}

/** `[{"response": {"datetime", "code", "text"}}]`, or `[{"error"}]`, also with 200 (pcrs_error_codes.htm). */
function errorInList(list: readonly unknown[]): ErrorBody | undefined {
  const [first] = list
  const isError = (part: unknown): boolean =>
    isObject(part) && (!isBlank(part['error']) || (isObject(part['response']) && 'code' in part['response']))
  if (!isObject(first) || !list.every(isError)) return undefined
  const { code, text } = isObject(first['response']) ? first['response'] : {}
  return {
    message: wordsIn(first['error'], text),
    code: codeIn(code),
    failed: true,
    fromProduct: false,
  }
}

function errorInObject(answer: Readonly<Record<string, unknown>>): ErrorBody {
  const { authentication_exceptions: login, _error: nested, responseCode, responseMessage, status } = answer
  if (login !== undefined) return { message: wordsIn(login), code: '401', failed: true, fromProduct: false }
  if (isObject(nested)) {
    const { message, error, errorCode, code } = nested
    return {
      message: wordsIn(message, error),
      code: codeIn(errorCode ?? code),
      failed: true,
      fromProduct: 'errorCode' in nested,
    }
  }
  // CSAM sends SUCCESS here, beside its rows.
  if (typeof responseCode === 'string' && !('body' in answer) && !('list' in answer)) {
    return {
      message: wordsIn(responseMessage, answer['message']),
      code: codeIn(responseCode),
      failed: !/^success$/i.test(responseCode.trim()),
      fromProduct: false,
    }
  }
  const code = codeIn(answer['errorCode'])
  const spring = typeof status === 'number' && status >= 400 && !isBlank(answer['error'])
  return {
    message: wordsIn(answer['message'], answer['error'], answer['detail']),
    code: code ?? (spring ? String(status) : undefined),
    failed: code !== undefined || spring,
    fromProduct: 'errorCode' in answer,
  }
}

/** With a 2xx status, a code that looks like an HTTP status means the same as that status. */
export const gatewayCodes: Readonly<Record<string, RefusalCategory>> = {
  ...legacyCodes,
  400: 'input',
  422: 'input',
  401: 'login',
  403: 'permission',
  404: 'notFound',
  409: 'conflict',
  429: 'busy',
}

/** Seen with a client's token if the product accepts only a user's token (qualys-platform.md 1.3). */
const clientTokenRefused =
  /invalid subscription id|validating customer from token|no access for the application/i

function categoryOf({ code, message = '' }: ErrorBody, status: number): RefusalCategory | undefined {
  if ([400, 401, 403].includes(status) && clientTokenRefused.test(message)) return 'client'
  // The status of a failure says more than a code that repeats it.
  if (status >= 300) return undefined
  return code !== undefined && Object.hasOwn(gatewayCodes, code) ? gatewayCodes[code] : 'unknown'
}

/** The refusal in an answer of the gateway or its login; undefined for a success. */
export function gatewayRefusal(answer: unknown, status: number): Refusal | undefined {
  const error = Array.isArray(answer)
    ? errorInList(answer)
    : isObject(answer)
      ? errorInObject(answer)
      : undefined
  if (status < 300 && !error?.failed) return undefined
  if (!error) return { fromProduct: false }
  const category = categoryOf(error, status)
  const { message, code, fromProduct } = error
  // A code that repeats the status is not the product's own.
  const ownCode = code === String(status) ? undefined : code
  return {
    ...(message !== undefined && { message }),
    ...(ownCode !== undefined && { code: ownCode }),
    ...(category && { category }),
    fromProduct,
  }
}
