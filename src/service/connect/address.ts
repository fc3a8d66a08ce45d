import { SettingsError } from '../../shared/errors.ts'
import { isSafeAddress } from '../outbound/safe-address.ts'

const schemeAdvice = 'it must begin with https://, or with http:// on this machine (localhost)'

/**
 * The address of a service, as the operator names it; /mcp where no path is named. Throws a SettingsError, which does
 * not repeat an address that may hold a secret.
 */
export function serviceAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new SettingsError(
      `The address of the service cannot be used: ${schemeAdvice}, such as https://qualys-mcp.example.com/mcp.`,
    )
  if (url.username + url.password + url.search + url.hash !== '')
    throw new SettingsError(
      'The address of the service must have no user, password, query or fragment, since others can read a command line: give a token with --token-file.',
    )
  if (!isSafeAddress(text))
    throw new SettingsError(`${url.origin} would get the token without TLS: ${schemeAdvice}.`)
  if (url.pathname === '/') url.pathname = '/mcp'
  return url
}
