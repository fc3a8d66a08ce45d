import { quoted } from '../../sentences.ts'

/** The address of a file in a repository, checked. */
export interface RepositoryAddress {
  /** As it is sent: the host in lower case, without GitLab's `?ref_type=heads`. */
  readonly url: string
  /** A public host name in lower-case ASCII. */
  readonly host: string
  /** Undefined for an address that is neither. */
  readonly kind: 'GitHub' | 'GitLab' | undefined
}

/** Either the address, or why it is refused; the sentence continues the name of the input. */
export type ParsedAddress = { readonly address: RepositoryAddress } | { readonly problem: string }

const notAnAddress =
  'must be the https address of a file at GitHub or GitLab, without user name, password, port or query'

/** Labels of a host name, the last one with a letter first: no spelling of an IP address has that. */
const hostName = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/

/**
 * Ends of names that no public server has: reserved ones (RFC 2606, 6761, 6762, 7686, 8375, 9476; ICANN's private-use
 * name), those that private networks use, and domains whose names hold the address that they lead to.
 */
const privateSuffixes = [
  ...['localhost', 'local', 'localdomain', 'test', 'invalid', 'onion', 'alt', 'arpa', 'internal'],
  ...['intranet', 'intra', 'private', 'corp', 'home', 'lan', 'mail', 'domain', 'workgroup', 'consul', 'svc'],
  ...['fritz.box', 'localho.st', 'localtest.me', 'lacolhost.com', 'lvh.me', 'vcap.me'],
  ...['nip.io', 'sslip.io', 'traefik.me', 'xip.io'],
]

/** Four numbers in a row: services that look up such names answer with the address in them. */
const addressInName = /(?:^|[.-])(?:\d{1,3}[.-]){3}\d{1,3}(?:[.-]|$)/

/** True for a name in lower-case ASCII that a public host may have. */
export const isPublicHost = (host: string): boolean =>
  hostName.test(host) &&
  !addressInName.test(host) &&
  !privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))

/** Recognizes the kind by the host, or by the path: GitLab separates project and file with `/-/`. */
function kindOf({ hostname, pathname }: URL): RepositoryAddress['kind'] {
  if (hostname.includes('gitlab') || pathname.includes('/-/')) return 'GitLab'
  if (hostname.includes('github') || pathname.includes('/blob/')) return 'GitHub'
  return undefined
}

/** Escapes that readers of a path take for different things: none, of a control character, a slash or a backslash. */
const oddEscape = /%(?![\da-f]{2})|%(?:[01][\da-f]|7f|2f|5c)/i

/** Why a host is refused; `parsed` is the host that a browser would look up, if there is one. */
function hostProblem(written: string, parsed: string | undefined): string | undefined {
  // Capitals of ASCII alone: the Kelvin sign is a k in lower case, too.
  const lower = /^[A-Za-z\d.-]+$/.test(written) ? written.toLowerCase() : undefined
  const host = parsed ?? lower
  if (host !== undefined && !isPublicHost(host))
    return `must name a public host, such as github.com: ${quoted(host)} is none`
  if (parsed !== undefined && lower === parsed) return undefined
  const meant = parsed === undefined ? '' : `; it would be read as ${quoted(parsed)}`
  return `must spell its host in ASCII letters, digits, hyphens and dots, as it is looked up${meant}`
}

/**
 * Reads the address of a repository. This is the only place that does: what is checked, shown, compared with the
 * settings and sent is what it returns. As written, the address has to be what a browser makes of it, so that no
 * reader finds another host in it.
 */
export function parseRepositoryAddress(text: string): ParsedAddress {
  const [, authority = '', rest = ''] = /^https:\/\/([^/?#\\]*)(.*)$/is.exec(text) ?? []
  const host = authority.toLowerCase()
  if (authority === '' || /[@\s]|:\d*$/.test(authority)) return { problem: notAnAddress }
  const written = `https://${authority}/`
  const parsed = URL.canParse(written) ? new URL(written).hostname : undefined
  const problem = hostProblem(authority, parsed)
  if (problem !== undefined) return { problem }
  // release_2_7_api.htm: every address copied from GitLab has this query, and it must be dropped.
  const url = `https://${host}${rest.replace(/\?ref_type=heads$/, '')}`
  if (!URL.canParse(url)) return { problem: notAnAddress }
  const { href, pathname, search, hash } = new URL(url)
  if (search + hash !== '' || pathname.length < 2 || /[\s\\?#]/.test(url)) return { problem: notAnAddress }
  if (href !== url || oddEscape.test(pathname))
    return {
      problem:
        'must be written as browsers send it: other characters percent-encoded, no . or .. in its path',
    }
  return { address: { url, host, kind: kindOf(new URL(url)) } }
}

/** The address in arguments that the schema has checked; undefined if there is none. */
export function repositoryAddress(sourceUrl: string | undefined): RepositoryAddress | undefined {
  if (sourceUrl === undefined) return undefined
  const parsed = parseRepositoryAddress(sourceUrl)
  return 'address' in parsed ? parsed.address : undefined
}
