// The paths of the page in the service. `/open` is not among them: it takes the page key, which a service has none of.

/** Where a person logs in; the issuer sends them back to `loginDonePath`. */
export const loginPath = '/login'
export const issuerLoginPath = '/login/issuer'
export const loginDonePath = '/login/done'
export const logoutPath = '/logout'

/** What a person sees who came for nothing else. */
export const homePath = '/waiting'

const paths: ReadonlySet<string> = new Set([
  homePath,
  '/decisions',
  '/passkeys',
  '/page.css',
  '/page.js',
  loginPath,
  issuerLoginPath,
  loginDonePath,
  logoutPath,
])

const folders: readonly string[] = ['/approve/', '/passkeys/']

/** True for a path that the page answers. */
export const isPagePath = (path: string): boolean =>
  paths.has(path) || folders.some((folder) => path.startsWith(folder))

/** The pages to which a login may lead back. Whatever else was asked for, it leads to the list of what waits. */
const returnable = /^\/(?:approve\/[A-Za-z\d-]{1,32}|waiting|decisions|passkeys)$/

/** Where a login leads back to that begins with a request for this path. */
export const returnPathOf = (path: string): string => (returnable.test(path) ? path : homePath)
