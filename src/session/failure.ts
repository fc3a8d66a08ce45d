import type { Operation } from '../operations/operation.ts'
import { InputError, type QualysError, SetupError, VendorError } from './errors.ts'
import { productOf, type Refusal } from './product.ts'
import type { Routes } from './request.ts'
import { oneLine, quotation } from './untrusted.ts'
import type { Reply } from './wire.ts'

function quote({ message }: Refusal): string {
  return message === undefined ? '' : `: ${quotation(message)}`
}

/** 404, 405 and 410 say that the path, or what it names, is not there; which of the two decides who can mend it. */
function absent(operation: Operation, reply: Reply, refusal: Refusal, routes: Routes): QualysError {
  const { status } = reply
  const { name, route, evidence } = operation
  const own = routes[name]
  if (status === 404 && refusal.fromProduct && operation.returns !== 'rows') {
    return new InputError(
      `Qualys knows no such id (404${quote(refusal)}).`,
      'Look the id up with the search tool; it may also lie outside the tags this user may see.',
      { status },
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
    `Qualys answered ${status} to ${own ?? route}: this version of the call may have been retired, or ${productOf(operation).name} is not enabled at this address${ends && ` (known: ${ends})`}.`,
    `Ask the operator to check the platform, and the API version with qualys_status; QUALYS_ROUTES can set another path for ${name}.`,
    { status },
  )
}

/** What a refusing answer means, by who can mend it. */
export function failureOf(operation: Operation, reply: Reply, routes: Routes): QualysError {
  const { status } = reply
  const { name: product, refusal: refusalIn } = productOf(operation)
  const refusal = refusalIn(reply.text)
  const details = { status, ...(refusal.code !== undefined && { code: oneLine(refusal.code, 40) }) }
  const said = quote(refusal)
  if (status === 404 || status === 405 || status === 410) return absent(operation, reply, refusal, routes)
  if (status === 400 || status === 422) {
    return new InputError(
      `Qualys refuses the request (${status}${said}).`,
      'filter' in operation.input
        ? 'Check the filter: tokens, quotes and brackets; most tokens are not public, and match searches the rows without one.'
        : operation.effect === 'read'
          ? 'Check the arguments.'
          : 'Change what the reason names; lift a guard only if a person asks for it.',
      details,
    )
  }
  if (status === 401) {
    return new SetupError(
      `Qualys refuses the token, also a fresh one (401${said}).`,
      'Ask the operator to check the account with `qualys-mcp doctor`; a token file must hold a JWT that is still valid.',
      details,
    )
  }
  if (status === 403) {
    return new SetupError(
      `This user may not do that (403${said}).`,
      `Ask the operator whether ${product} is licensed, API access is on, and the user has a ${product} role with this permission.`,
      details,
    )
  }
  if (status === 409)
    return new InputError(`Qualys reports a conflict (409${said}).`, 'Look at the object first.', details)
  if (status >= 500) {
    return new VendorError(
      `Qualys failed (${status}${said}).`,
      'Try again in some minutes; it may be maintenance, see the Qualys status page.',
      details,
    )
  }
  return new VendorError(
    `Qualys answered with an unexpected status (${status}${said}).`,
    'Report it.',
    details,
  )
}
