import { ownCommand } from '../../shared/command/own-command.ts'
import {
  BusyError,
  defaultRetrySeconds,
  type QualysError,
  SetupError,
  VendorError,
} from '../../shared/errors.ts'
import { quotation } from '../../shared/safe-text.ts'
import { intermediaryError, isWebPage, webPageMessage } from '../failures/intermediaries.ts'
import { loginAdvice } from '../failures/login-advice.ts'
import type { Refusal } from '../failures/refusal.ts'
import type { Account } from './account.ts'

/** The likely reason of a refused login, and what an operator can do. */
type Reason = readonly [seems: string, next: string]

const renewPassword =
  'Ask the operator to log in to the Qualys UI as this user and set a new password, then to change QUALYS_PASSWORD'

/**
 * Exceptions that the login service names. Qualys documents only the first (pcrs_error_codes.htm); the others
 * are those of the software that it seems to be (qualys-platform.md 1.3), so the message quotes Qualys too.
 */
const reasons: Readonly<Record<string, Reason>> = {
  AccountLockedException: [
    'the account seems to be locked',
    'Ask the operator to have a Manager unlock the user in the Qualys UI, and to check the password before the next try',
  ],
  CredentialExpiredException: ['the password seems to have expired', renewPassword],
  AccountPasswordMustChangeException: ['the password seems to have to be changed first', renewPassword],
  AccountDisabledException: [
    'the user seems to be deactivated, or without API access',
    'Ask the operator to have a Manager activate the user, with API access, in the Qualys UI',
  ],
  InvalidLoginLocationException: [
    "this machine's address seems not to be allowed",
    "Ask the operator to add the address from which this machine is seen to the subscription's IP allow-list",
  ],
}

const pauseNote = 'the login is not repeated for 30 s, since accounts lock.'

function reasonIn(message: string): Reason | undefined {
  return Object.entries(reasons).find(([word]) => message.includes(word))?.[1]
}

function refusedLoginError(account: Account, status: number, quote: string, message: string): SetupError {
  const [seems, next] = reasonIn(message) ?? []
  const settingNames =
    account.credentials.kind === 'client'
      ? 'QUALYS_CLIENT_ID, QUALYS_CLIENT_SECRET and QUALYS_CLIENT_LEVEL'
      : 'user name and password'
  return new SetupError(
    `Qualys refuses the login for CAR at platform ${account.platform} (${status})${quote}${seems === undefined ? '' : `: ${seems}`}.`,
    next === undefined ? loginAdvice(settingNames, pauseNote) : `${next}; ${pauseNote}`,
    { status },
  )
}

/** The error for a failed login, by who can fix it. `text`: the body of the answer. */
export function loginErrorOf(
  account: Account,
  status: number,
  text: string,
  { message, category }: Refusal,
): QualysError {
  const details = { status }
  const fromIntermediary = intermediaryError(status, text)
  if (fromIntermediary) return fromIntermediary
  // The body of a success is not redacted, so only a known word is quoted.
  const quoted = status < 300 ? message?.match(/\b[A-Z]\w{2,60}Exception\b/)?.[0] : message
  const quote = quoted === undefined ? '' : ` and says ${quotation(quoted)}`
  if (category === 'busy')
    return new BusyError(
      `Qualys limits the logins of this account (${status})${quote}.`,
      `Call again in ${defaultRetrySeconds} s.`,
      {
        ...details,
        retryAfterSeconds: defaultRetrySeconds,
      },
    )
  if ([404, 405, 410, 501].includes(status)) {
    const page = isWebPage(text) ? ', but a web page' : ''
    return new SetupError(
      `There is no login at ${account.gatewayUrl} (${status})${page}.`,
      'Ask the operator to check the platform: QUALYS_PLATFORM, or the two URLs, of which the gateway is the one to log in at.',
      details,
    )
  }
  if (status === 408 || status >= 500) {
    const page = isWebPage(text) ? ', with a web page' : ''
    return new VendorError(
      `The Qualys login failed with ${status}${page}${quote}.`,
      'Try again in some minutes; it may be maintenance, see the Qualys status page.',
      details,
    )
  }
  if (status === 406 || status === 415)
    return new SetupError(
      `The login at ${account.gatewayUrl} does not take the documented request (${status})${quote}.`,
      'Ask the operator to check that a proxy leaves the request as it is, and to report it.',
      details,
    )
  return refusedLoginError(account, status, quote, message ?? '')
}

/** The sentences for a success without a token. */
export function noTokenMessage(text: string): readonly [what: string, next: string] {
  return [
    isWebPage(text) ? webPageMessage : 'The login succeeded, but what came back is no token.',
    `Ask the operator to check the platform address (a proxy or a web page may answer there) with \`${ownCommand('doctor')}\`.`,
  ]
}
