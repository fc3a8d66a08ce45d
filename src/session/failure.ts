import type { Operation } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import { type Account, loginOf } from './account.ts'
import { BusyError, InputError, LoginError, type QualysError, SetupError, VendorError } from './errors.ts'
import { type Meaning, type Product, productOf, type Refusal } from './product.ts'
import type { Routes } from './request.ts'
import { oneLine, quotation } from './untrusted.ts'
import type { Reply } from './wire.ts'

/** Told to whoever may not just try again, where Qualys gives no hint. */
const vagueSeconds = 60

/** What a failure is told from. */
interface Refused {
  readonly operation: Operation
  readonly product: Product
  readonly reply: Reply
  readonly refusal: Refusal
  /** Qualys' own words, as `: "…"`. */
  readonly said: string
  /** `404`, and the product's code where it has one. */
  readonly code: string
  readonly routes: Routes
  readonly account: Account
  /** True of a page that a cursor asked for. */
  readonly byCursor: boolean
}

/** By whom a refusal can be mended: as the product says, or as the status does. */
function meaningOf({ means }: Refusal, status: number): Meaning | undefined {
  if (means) return means
  const byStatus: Readonly<Record<number, Meaning>> = {
    400: 'input',
    422: 'input',
    401: 'login',
    403: 'permission',
  }
  return byStatus[status]
}

/** 404, 405 and 410 say that the path, or what it names, is not there; which of the two decides who can mend it. */
function absent({ operation, product, reply, refusal, said, routes }: Refused): QualysError {
  const { status } = reply
  const { name, route, evidence } = operation
  const own = routes[name]
  if (refusal.means === 'absent' || (status === 404 && refusal.fromProduct && operation.returns !== 'rows')) {
    return new InputError(
      `Qualys knows no such id (${refusal.code ?? status}${said}).`,
      `Look the id up with the search tool; it may also lie outside the ${product.scope} this user may see.`,
      details(status, refusal),
    )
  }
  if (own === undefined && evidence === 'guessed') {
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
    `Qualys answered ${status} to ${own ?? route}: this version of the call may have been retired, or ${product.name} is not enabled at this address${ends && ` (known: ${ends})`}.`,
    `Ask the operator to check the platform, and the API version with qualys_status; QUALYS_ROUTES can set another path for ${name}.`,
    { status },
  )
}

const details = (status: number, { code }: Refusal) => ({
  status,
  ...(code !== undefined && { code: oneLine(code, 40) }),
})

/** The same without any secret: what comes with a success nobody has looked through before. */
function redactedIn({ message, code, ...rest }: Refusal, redact: Redact): Refusal {
  return {
    ...rest,
    ...(message !== undefined && { message: redact(message) }),
    ...(code !== undefined && { code: redact(code) }),
  }
}

function inputAdvice({ evidence, effect, input }: Operation): string {
  if ('filter' in input)
    return 'Check the filter: tokens, quotes and brackets; most tokens are not public, and match searches the rows without one.'
  if (effect === 'read') return 'Check the arguments.'
  return evidence === 'guessed'
    ? 'Part of this request is a guess, since its page is not public: change what the reason names, or do it in the Qualys UI.'
    : 'Change what the reason names; lift a guard only if a person asks for it.'
}

function refusedLogin({ product, account, reply, refusal, said, code }: Refused): LoginError {
  const facts = details(reply.status, refusal)
  if (!product.takesPassword || !loginOf(account))
    return new LoginError(
      `Qualys refuses the token, also a fresh one (${code}${said}).`,
      product.tokenAdvice,
      facts,
    )
  return new LoginError(
    `${product.name} refuses user name and password at ${product.host(account)} (${code}${said}).`,
    'Ask the operator to check user name and password, the platform (a wrong one looks like a wrong password), API access, an expired password, SSO-only accounts and the IP allow-list; it is not tried again for 30 s, since accounts lock.',
    facts,
  )
}

/** The failures that the product, or the status, tells apart. */
function meant(meaning: Meaning | undefined, refused: Refused): QualysError | undefined {
  const { operation, product, reply, refusal, said, code } = refused
  const facts = details(reply.status, refusal)
  switch (meaning) {
    case 'login':
      return refusedLogin(refused)
    case 'permission':
      // At the door, where a wrong password counts too: not to be repeated at once.
      return new (reply.status === 401 ? LoginError : SetupError)(
        `This user may not do that (${code}${said}).`,
        `Ask the operator whether ${product.name} is licensed, API access is on, and the user has a ${product.name} role with this permission.`,
        facts,
      )
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
        'Its code is not public: change what the reason names, or ask Qualys support.',
        facts,
      )
    case undefined:
      return undefined
  }
}

/** What a refusing answer means, by who can mend it. */
export function failureOf(
  operation: Operation,
  reply: Reply,
  raw: Refusal,
  { redact, ...context }: { routes: Routes; account: Account; byCursor: boolean; redact: Redact },
): QualysError {
  const { status } = reply
  const refusal = redactedIn(raw, redact)
  const said = refusal.message === undefined ? '' : `: ${quotation(refusal.message)}`
  const named = refusal.means && refusal.code
  const code = named === undefined ? String(status) : oneLine(named, 40)
  const product = productOf(operation)
  const refused = { operation, product, reply, refusal, said, code, ...context }
  const meaning = meaningOf(refusal, status)
  if (!meaning && (status === 404 || status === 405 || status === 410)) return absent(refused)
  const known = meant(meaning, refused)
  if (known) return known
  const facts = details(status, refusal)
  if (status === 409)
    return new InputError(`Qualys reports a conflict (409${said}).`, 'Look at the object first.', facts)
  if (status >= 500) {
    return new VendorError(
      `Qualys failed (${status}${said}).`,
      'Try again in some minutes; it may be maintenance, see the Qualys status page.',
      facts,
    )
  }
  return new VendorError(`Qualys answered with an unexpected status (${status}${said}).`, 'Report it.', facts)
}
