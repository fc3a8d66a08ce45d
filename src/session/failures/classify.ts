import type { Operation } from '../../operations/operation.ts'
import { inSentence } from '../../operations/sentences.ts'
import {
  BusyError,
  defaultRetrySeconds,
  type ErrorDetails,
  InputError,
  LoginError,
  type QualysError,
  SetupError,
  VendorError,
} from '../../shared/errors.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { HttpResponse } from '../http/response.ts'
import { secondsTold } from '../http/wait-hint.ts'
import { failureByStatus, unavailableError } from './by-status.ts'
import { intermediaryError } from './intermediaries.ts'
import { loginAdvice } from './login-advice.ts'
import { type Refusal, type RefusalCategory, redactedRefusal } from './refusal.ts'

/** What an error says of a product. */
export interface ProductFacts {
  readonly name: string
  /** True if every request may carry user name and password; without them it carries a token. */
  readonly takesPassword: boolean
  /** What to do if a token is refused, even a new one. */
  readonly tokenAdvice: string
  /** What to do if a page by id cursor is refused; absent for a product without such pages. */
  readonly cursorAdvice?: string
  /** The name for what limits the objects that a user can see. */
  readonly scope: string
}

/** How a failed request was made. */
export interface RequestFacts {
  readonly product: ProductFacts
  /** The host that answered. */
  readonly host: string
  /** Method and path that the operator set for this operation. */
  readonly ownRoute: string | undefined
  readonly credentials: 'password' | 'client' | 'tokenFile'
  /** True if the request carried user name and password, false if it carried a token. */
  readonly usesPassword: boolean
  /** True for a page that was asked for by id cursor. */
  readonly usesIdCursor: boolean
}

/** What a failure is judged by. */
interface RefusedRequest extends RequestFacts {
  readonly operation: Operation
  readonly response: HttpResponse
  readonly refusal: Refusal
  /** Qualys' own words, as `: "…"`; empty without any. */
  readonly quote: string
  /** `404`, or the product's code if it has one. */
  readonly code: string
  readonly details: ErrorDetails
}

/** Who can fix a refusal: as the product says, otherwise as the status says. */
function categoryOf({ category }: Refusal, status: number): RefusalCategory | undefined {
  if (category) return category
  const byStatus: Readonly<Record<number, RefusalCategory>> = {
    400: 'input',
    422: 'input',
    401: 'login',
    // "Payment required": the licence has ended.
    402: 'permission',
    403: 'permission',
    404: 'notFound',
    405: 'notFound',
    410: 'notFound',
    501: 'notFound',
  }
  return byStatus[status]
}

/**
 * With 404, 405, 410 and 501 either the path or the object in it does not exist; who can fix it depends on
 * which.
 */
function notFoundError(refused: RefusedRequest): QualysError {
  const { operation, product, response, refusal, quote, ownRoute, details } = refused
  const { status } = response
  const { name, route, evidence } = operation
  if (
    refusal.category === 'notFound' ||
    (status === 404 && refusal.fromProduct && operation.returns !== 'rows')
  ) {
    return new InputError(
      `Qualys knows no such id (${refusal.code === undefined ? status : saidCode(refusal.code)}${quote}).`,
      `Look the id up with the search tool; it may also lie outside the ${product.scope} this user may see.`,
      details,
    )
  }
  if (ownRoute === undefined && evidence === 'guessed') {
    return new SetupError(
      `Qualys answered ${status} to ${route}: the path of ${name} is not public, and the guess does not hold here.`,
      `Ask the operator to set the right one, e.g. QUALYS_ROUTES='{"${name}":"${route}"}'; another tool may do meanwhile.`,
      { status },
    )
  }
  const ends = (operation.retired ?? [])
    .map(({ route, endOfLife }) => `${route} ended ${endOfLife}`)
    .join(', ')
  return new SetupError(
    `Qualys answered ${status} to ${ownRoute ?? route}: this version of the call may have been retired, or ${product.name} is not enabled at this address${ends && ` (known: ${ends})`}.`,
    `Ask the operator to check the platform, and the API version with qualys_status; QUALYS_ROUTES can set another path for ${name}.`,
    { status },
  )
}

function inputAdvice({ evidence, effect, input }: Operation): string {
  if ('filter' in input)
    return 'Check the filter: tokens, quotes and brackets; most tokens are not public, and match searches the rows without one.'
  if (effect === 'read') return 'Check the arguments.'
  return evidence === 'guessed'
    ? 'Part of this request is a guess, since its page is not public: change what the reason names, or do it in the Qualys UI.'
    : 'Change what the reason names; lift a guard only if a person asks for it.'
}

function loginError({ product, host, usesPassword, quote, code, details }: RefusedRequest): LoginError {
  if (!usesPassword)
    return new LoginError(
      `Qualys refuses the token, also a fresh one (${code}${quote}).`,
      product.tokenAdvice,
      details,
    )
  return new LoginError(
    `${product.name} refuses user name and password at ${host} (${code}${quote}).`,
    loginAdvice('user name and password', 'it is not tried again for 30 s, since accounts lock.'),
    details,
  )
}

/** A permission is missing; says who can grant it. */
function permissionError(refused: RefusedRequest): SetupError {
  const { product, credentials, usesPassword, response, quote, code, details } = refused
  const { name } = product
  const byClient = credentials === 'client' && !usesPassword
  const whether = byClient
    ? `${name} is licensed, and the client has its permissions (My Profile > Auth ID Client Management)`
    : `${name} is licensed, API access is on, and the user has a ${name} role with this permission`
  // Without a message the refusal may not come from Qualys.
  const also =
    quote === '' && response.text.trim() === ''
      ? '; a firewall or the IP allow-list may be the cause, too'
      : ''
  // A 401 may also mean a wrong password, so it must not be repeated at once.
  return new (response.status === 401 ? LoginError : SetupError)(
    `This ${byClient ? 'client' : 'user'} may not do that (${code}${quote}).`,
    `Ask the operator whether ${whether}${also}.`,
    details,
  )
}

/** A valid token that is not accepted: some products know users and no clients (qualys-platform.md 1.3). */
function clientTokenError({ product, credentials, quote, code, details }: RefusedRequest): SetupError {
  const ofClient = credentials === 'client'
  return new SetupError(
    `${product.name} does not take ${ofClient ? "the client's token" : 'this token'}, though it is a valid one (${code}${quote}).`,
    ofClient
      ? `Ask the operator to give the client access to ${product.name} (My Profile > Auth ID Client Management), or to set QUALYS_USERNAME and QUALYS_PASSWORD instead of it.`
      : `Ask the operator whether the subscription and the user have ${product.name}, with API access.`,
    details,
  )
}

function limitError({ response, quote, code, details }: RefusedRequest): BusyError {
  // A hint of 0 also comes with answers that are not limited.
  const retryAfterSeconds = Math.ceil(secondsTold(response) || defaultRetrySeconds)
  return new BusyError(
    `Qualys limits the calls of this account (${code}${quote}).`,
    `Call again in ${retryAfterSeconds} s.`,
    { ...details, retryAfterSeconds },
  )
}

/** The errors for what the product, or the status, distinguishes. */
function errorByCategory(
  category: RefusalCategory | undefined,
  refused: RefusedRequest,
): QualysError | undefined {
  const { operation, product, refusal, quote, code, details } = refused
  switch (category) {
    case 'login':
      return loginError(refused)
    case 'client':
      return clientTokenError(refused)
    case 'permission':
      return permissionError(refused)
    case 'input':
      return new InputError(
        `Qualys refuses the request (${code}${quote}).`,
        refused.usesIdCursor ? (product.cursorAdvice ?? '') : inputAdvice(operation),
        details,
      )
    case 'notFound':
      return notFoundError(refused)
    case 'busy':
      return limitError(refused)
    case 'unknown':
      return new VendorError(
        `Qualys refused the call (${code}${quote}).`,
        quote === ''
          ? 'It gives no reason: ask Qualys support, with the time of the call.'
          : `${refusal.code === undefined ? 'It gives no code' : 'Its code is not public'}: change what the reason names, or ask Qualys support.`,
        details,
      )
    case 'conflict':
    case undefined:
      return undefined
  }
}

/** A code in a sentence: one word tells nothing. */
const saidCode = (code: string): string => (/^[\w.-]{1,40}$/.test(code) ? code : inSentence(code, 40))

/** The error for a refusal, by who can fix it. */
export function failureOf(
  operation: Operation,
  response: HttpResponse,
  raw: Refusal,
  facts: RequestFacts,
  redact: Redact,
): QualysError {
  const { status } = response
  const refusal = redactedRefusal(raw, redact)
  const quote = refusal.message === undefined ? '' : `: ${quotation(refusal.message)}`
  const fromIntermediary = refusal.category ? undefined : intermediaryError(status, response.text)
  if (fromIntermediary) return fromIntermediary
  const ownCode = refusal.category && refusal.code
  const code =
    ownCode === undefined ? (status < 300 ? 'inside a success' : String(status)) : saidCode(ownCode)
  const details = { status, ...(refusal.code !== undefined && { code: oneLine(refusal.code, 40) }) }
  if (isMaintenance(refusal, status)) return unavailableError({ status, quote, details })
  const category = categoryOf(refusal, status)
  return (
    errorByCategory(category, { ...facts, operation, response, refusal, quote, code, details }) ??
    failureByStatus({ operation, status: category === 'conflict' ? 409 : status, quote, details })
  )
}

/**
 * Recognized by Qualys' own words: the status during a maintenance window is not documented
 * (qualys-platform.md 4.4).
 */
function isMaintenance({ message = '', category }: Refusal, status: number): boolean {
  return (category === 'unknown' || status >= 500) && /\bmaintenance\b/i.test(message)
}
