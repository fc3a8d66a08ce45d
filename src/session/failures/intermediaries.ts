import type { Operation } from '../../operations/operation.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { DriftError, type ErrorDetails, type QualysError, SetupError } from '../../shared/errors.ts'

/** The error for an answer that does not come from the Qualys API. */
export function notQualysError(what: string): DriftError {
  return new DriftError(
    what,
    `Ask the operator to check the platform address and the proxy with \`${ownCommand('doctor')}\`.`,
  )
}

/** The sentence for HTML in place of an API answer. */
export const webPageMessage =
  'The answer is a web page, not the Qualys API: a proxy, a login page or maintenance stands in between.'

/** What may precede the first element. */
const prolog = /^(?:\s|<\?[^>]*>|<!--[^>]*-->)*/

/** Recognizes HTML by its content, not by its media type: proxies and Qualys both send wrong types. */
export function isWebPage(text: string): boolean {
  const start = text.slice(0, 2_000).replace(prolog, '')
  return /^<(?:!doctype html|html|head|title|body|center|h1)\b/i.test(start)
}

/** The error for an empty success. */
export function emptyRecordError({ name }: Operation): DriftError {
  return new DriftError(
    `Qualys answered ${name} with nothing.`,
    'Look the id up with the search tool; if it is there, report it.',
  )
}

/** The error for a success that is not in the product's format. */
export function unreadableBodyError(text: string, otherwise: string): DriftError {
  if (text.replace(/^\ufeff/, '').trim() === '') return notQualysError('The answer is empty.')
  return notQualysError(isWebPage(text) ? webPageMessage : otherwise)
}

/** Statuses that only intermediaries send, not Qualys itself. */
const intermediaryStatuses = (): Readonly<Record<number, readonly [what: string, next: string]>> => ({
  407: [
    'A proxy in between asks for user name and password (407).',
    'Ask the operator to put them into HTTPS_PROXY, as http://user:password@host:port.',
  ],
  421: [
    'What answers at this address does not answer for Qualys (421).',
    `Ask the operator to check the platform, or the two URLs, and the proxy with \`${ownCommand('doctor')}\`.`,
  ],
  451: [
    'The way to Qualys is blocked for legal reasons (451).',
    'Ask the operator which proxy or firewall blocks it, and whether Qualys is allowed in this country or network.',
  ],
  511: [
    'The network wants somebody to log in before it lets anything through (511).',
    'Ask the operator to log in to the network, or to set HTTPS_PROXY.',
  ],
})

/** The error for a refusal by an intermediary; undefined if it may come from Qualys. */
export function intermediaryError(
  status: number,
  text: string,
  details: ErrorDetails = { status },
): QualysError | undefined {
  const known = intermediaryStatuses()[status]
  if (known) return new SetupError(...known, details)
  // The API refuses in its own format. A web server's page about a path, a size or a failure is judged by its
  // status.
  if (![400, 403].includes(status) || !isWebPage(text)) return undefined
  return new SetupError(
    `Not the Qualys API, but a web server, proxy or firewall in front of it refuses the call (${status}, with a web page).`,
    `Ask the operator to check the platform address, the proxy and the IP allow-list with \`${ownCommand('doctor')}\`.`,
    details,
  )
}
