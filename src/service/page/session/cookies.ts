import type { IncomingHttpHeaders } from 'node:http'
import { isId } from './random-id.ts'

// The cookies of the page. `__Host-` makes browsers refuse them from other hosts and without Secure. Over plain http they
// are kept on localhost alone, by Chromium and Firefox; Safari keeps none there, so that nobody stays logged in with it.
// All ports of localhost share them: a service that others trust has an https:// address.

/** The cookie of a session, and that of a login which is not over yet. */
export const sessionCookie = '__Host-qualys'
export const loginCookie = '__Host-qualys-login'

/** The id in a cookie; undefined if there is none, or if two claim to be it. */
export function cookieIn({ cookie = '' }: IncomingHttpHeaders, name: string): string | undefined {
  const ids = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [id, ...others] = ids
  return id !== undefined && others.length === 0 && isId(id) ? id : undefined
}

// Lax: a link in a chat leads here from another site, and Strict would leave the cookie out.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** The header that sets a cookie for so many seconds. */
export const setCookie = (name: string, id: string, seconds: number): string =>
  `${name}=${id}; Max-Age=${seconds}; ${attributes}`

/** The header that removes a cookie. */
export const removeCookie = (name: string): string => `${name}=; Max-Age=0; ${attributes}`
