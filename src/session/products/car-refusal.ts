import { isObject } from '../../shared/json.ts'
import type { Meaning, Refusal } from '../failures/refusal.ts'
import { legacyCodes } from './legacy-codes.ts'

// The error bodies of the gateway (qualys-platform.md 4.1). They carry no type, so they are recognized by
// their shape.

const blank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === ''

/** The first value with a text: one sentence, or several joined. */
function wordsIn(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    if (typeof value === 'string' && !blank(value)) return value
    const sentences = Array.isArray(value) ? value.flat(2).filter((part) => !blank(part)) : []
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
interface Told {
  readonly message: string | undefined
  readonly code: string | undefined
  readonly failed: boolean
  readonly fromProduct: boolean
}

/** `[{"response": {"datetime", "code", "text"}}]`, or `[{"error"}]`, also with 200 (pcrs_error_codes.htm). */
function toldByList(list: readonly unknown[]): Told | undefined {
  const [first] = list
  const isError = (part: unknown): boolean =>
    isObject(part) && (!blank(part['error']) || (isObject(part['response']) && 'code' in part['response']))
  if (!isObject(first) || !list.every(isError)) return undefined
  const { code, text } = isObject(first['response']) ? first['response'] : {}
  return {
    message: wordsIn(first['error'], text),
    code: codeIn(code),
    failed: true,
    fromProduct: false,
  }
}

function toldBy(answer: Readonly<Record<string, unknown>>): Told {
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
  const spring = typeof status === 'number' && status >= 400 && !blank(answer['error'])
  return {
    message: wordsIn(answer['message'], answer['error'], answer['detail']),
    code: code ?? (spring ? String(status) : undefined),
    failed: code !== undefined || spring,
    fromProduct: 'errorCode' in answer,
  }
}

/** With a 2xx status, a code that looks like an HTTP status means the same as that status. */
const meanings: Readonly<Record<string, Meaning>> = {
  ...legacyCodes,
  400: 'input',
  422: 'input',
  401: 'login',
  403: 'permission',
  404: 'absent',
  409: 'conflict',
  429: 'busy',
}

/** Seen with a client's token if the product accepts only a user's token (qualys-platform.md 1.3). */
const ofClient = /invalid subscription id|validating customer from token|no access for the application/i

function meaningOf({ code, message = '' }: Told, status: number): Meaning | undefined {
  if ([400, 401, 403].includes(status) && ofClient.test(message)) return 'client'
  // The status of a failure says more than a code that repeats it.
  if (status >= 300) return undefined
  return code !== undefined && Object.hasOwn(meanings, code) ? meanings[code] : 'unknown'
}

/** The refusal in an answer of the gateway or its login; undefined for a success. */
export function gatewayRefusal(answer: unknown, status: number): Refusal | undefined {
  const told = Array.isArray(answer) ? toldByList(answer) : isObject(answer) ? toldBy(answer) : undefined
  if (status < 300 && !told?.failed) return undefined
  if (!told) return { fromProduct: false }
  const means = meaningOf(told, status)
  const { message, code, fromProduct } = told
  // A code that repeats the status is not the product's own.
  const own = code === String(status) ? undefined : code
  return {
    ...(message !== undefined && { message }),
    ...(own !== undefined && { code: own }),
    ...(means && { means }),
    fromProduct,
  }
}
