import type { Operation } from '../../operations/operation.ts'
import {
  BusyError,
  InputError,
  LoginError,
  type QualysError,
  SetupError,
  VendorError,
  vagueSeconds,
} from '../../shared/errors.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Reply } from '../http/client.ts'
import { failureByStatus, unavailable } from './by-status.ts'
import { refusedBetween } from './intermediaries.ts'
import { type Meaning, type Refusal, redactedRefusal } from './refusal.ts'

/** What an error says of a product. */
export interface ProductFacts {
  readonly name: string
  /** True if every request may carry user name and password; without them it carries a token. */
  readonly takesPassword: boolean
  /** What to do if a token is refused, even a new one. */
  readonly tokenAdvice: string
  /** What to do if a page by cursor is refused; absent for a product without such pages. */
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
  readonly byPassword: boolean
  /** True for a page that was asked for by cursor. */
  readonly byCursor: boolean
}

/** What a failure is judged by. */
interface Refused extends RequestFacts {
  readonly operation: Operation
  readonly reply: Reply
  readonly refusal: Refusal
  /** Qualys' own words, as `: "…"`; empty without any. */
  readonly said: string
  /** `404`, or the product's code if it has one. */
  readonly code: string
}

/** Who can fix a refusal: as the product says, otherwise as the status says. */
function meaningOf({ means }: Refusal, status: number): Meaning | undefined {
  if (means) return means
  const byStatus: Readonly<Record<number, Meaning>> = {
    400: 'input',
    422: 'input',
    401: 'login',
    // "Payment required": the licence has ended.
    402: 'permission',
    403: 'permission',
    404: 'absent',
    405: 'absent',
    410: 'absent',
    501: 'absent',
  }
  return byStatus[status]
}

/**
 * With 404, 405, 410 and 501 either the path or the object in it does not exist; who can fix it depends on
 * which.
 */
function absent({ operation, product, reply, refusal, said, ownRoute }: Refused): QualysError {
  const { status } = reply
  const { name, route, evidence } = operation
  if (refusal.means === 'absent' || (status === 404 && refusal.fromProduct && operation.returns !== 'rows')) {
    return new InputError(
      `Qualys knows no such id (${refusal.code === undefined ? status : oneLine(refusal.code, 40)}${said}).`,
      `Look the id up with the search tool; it may also lie outside the ${product.scope} this user may see.`,
      details(status, refusal),
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

const details = (status: number, { code }: Refusal) => ({
  status,
  ...(code !== undefined && { code: oneLine(code, 40) }),
})

function inputAdvice({ evidence, effect, input }: Operation): string {
  if ('filter' in input)
    return 'Check the filter: tokens, quotes and brackets; most tokens are not public, and match searches the rows without one.'
  if (effect === 'read') return 'Check the arguments.'
  return evidence === 'guessed'
    ? 'Part of this request is a guess, since its page is not public: change what the reason names, or do it in the Qualys UI.'
    : 'Change what the reason names; lift a guard only if a person asks for it.'
}

function refusedLogin({ product, host, byPassword, reply, refusal, said, code }: Refused): LoginError {
  const facts = details(reply.status, refusal)
  if (!byPassword)
    return new LoginError(
      `Qualys refuses the token, also a fresh one (${code}${said}).`,
      product.tokenAdvice,
      facts,
    )
  return new LoginError(
    `${product.name} refuses user name and password at ${host} (${code}${said}).`,
    'Ask the operator to check user name and password, the platform (a wrong one looks like a wrong password), API access, an expired password, SSO-only accounts and the IP allow-list; it is not tried again for 30 s, since accounts lock.',
    facts,
  )
}

/** A permission is missing; says who can grant it. */
function forbidden({ product, credentials, byPassword, reply, refusal, said, code }: Refused): SetupError {
  const { name } = product
  const byClient = credentials === 'client' && !byPassword
  const whether = byClient
    ? `${name} is licensed, and the client has its permissions (My Profile > Auth ID Client Management)`
    : `${name} is licensed, API access is on, and the user has a ${name} role with this permission`
  // Without a message the refusal may not come from Qualys.
  const also =
    said === '' && reply.text.trim() === '' ? '; a firewall or the IP allow-list may be the cause, too' : ''
  // A 401 may also mean a wrong password, so it must not be repeated at once.
  return new (reply.status === 401 ? LoginError : SetupError)(
    `This ${byClient ? 'client' : 'user'} may not do that (${code}${said}).`,
    `Ask the operator whether ${whether}${also}.`,
    details(reply.status, refusal),
  )
}

/** A valid token that is not accepted: some products know users and no clients (qualys-platform.md 1.3). */
function refusedClient({ product, credentials, reply, refusal, said, code }: Refused): SetupError {
  const ofClient = credentials === 'client'
  return new SetupError(
    `${product.name} does not take ${ofClient ? "the client's token" : 'this token'}, though it is a valid one (${code}${said}).`,
    ofClient
      ? `Ask the operator to give the client access to ${product.name} (My Profile > Auth ID Client Management), or to set QUALYS_USERNAME and QUALYS_PASSWORD instead of it.`
      : `Ask the operator whether the subscription and the user have ${product.name}, with API access.`,
    details(reply.status, refusal),
  )
}

/** The errors for what the product, or the status, distinguishes. */
function meant(meaning: Meaning | undefined, refused: Refused): QualysError | undefined {
  const { operation, product, reply, refusal, said, code } = refused
  const facts = details(reply.status, refusal)
  switch (meaning) {
    case 'login':
      return refusedLogin(refused)
    case 'client':
      return refusedClient(refused)
    case 'permission':
      return forbidden(refused)
    case 'input':
      return new InputError(
        `Qualys refuses the request (${code}${said}).`,
        refused.byCursor ? (product.cursorAdvice ?? '') : inputAdvice(operation),
        facts,
      )
    case 'absent':
      return absent(refused)
    case 'busy':
      return new BusyError(
        `Qualys limits the calls of this account (${code}${said}).`,
        `Call again in ${vagueSeconds} s.`,
        { ...facts, retryAfterSeconds: vagueSeconds },
      )
    case 'unknown':
      return new VendorError(
        `Qualys refused the call (${code}${said}).`,
        said === ''
          ? 'It gives no reason: ask Qualys support, with the time of the call.'
          : `${refusal.code === undefined ? 'It gives no code' : 'Its code is not public'}: change what the reason names, or ask Qualys support.`,
        facts,
      )
    case 'conflict':
    case undefined:
      return undefined
  }
}

/** The error for a refusal, by who can fix it. */
export function failureOf(
  operation: Operation,
  reply: Reply,
  raw: Refusal,
  facts: RequestFacts,
  redact: Redact,
): QualysError {
  const { status } = reply
  const refusal = redactedRefusal(raw, redact)
  const said = refusal.message === undefined ? '' : `: ${quotation(refusal.message)}`
  const inBetween = refusal.means ? undefined : refusedBetween(status, reply.text)
  if (inBetween) return inBetween
  const named = refusal.means && refusal.code
  const code = named === undefined ? (status < 300 ? 'inside a success' : String(status)) : oneLine(named, 40)
  const meaning = meaningOf(refusal, status)
  if (isMaintenance(refusal, status)) return unavailable({ status, said, details: details(status, refusal) })
  return (
    meant(meaning, { ...facts, operation, reply, refusal, said, code }) ??
    failureByStatus({
      operation,
      status: meaning === 'conflict' ? 409 : status,
      said,
      details: details(status, refusal),
    })
  )
}

/**
 * Recognized by Qualys' own words: the status during a maintenance window is not documented
 * (qualys-platform.md 4.4).
 */
function isMaintenance({ message = '', means }: Refusal, status: number): boolean {
  return (means === 'unknown' || status >= 500) && /\bmaintenance\b/i.test(message)
}
