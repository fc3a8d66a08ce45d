import { DriftError } from './errors.ts'

/** Why an answer that is none of the Qualys API's cannot be read. */
export function notTheApi(what: string): DriftError {
  return new DriftError(
    what,
    'Ask the operator to check the platform address and the proxy with `qualys-mcp doctor`.',
  )
}

/** Said of HTML where the API should answer. */
export const webPage =
  'The answer is a web page, not the Qualys API: a proxy, a login page or maintenance stands in between.'
