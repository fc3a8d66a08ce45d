import { quoted } from '../../fields.ts'

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
  ...['intranet', 'private', 'corp', 'home', 'lan', 'mail', 'domain', 'workgroup', 'consul', 'svc'],
  ...['localtest.me', 'lvh.me', 'nip.io', 'sslip.io', 'xip.io'],
]

const isPrivate = (host: string): boolean =>
  privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))

/** Recognizes the kind by the host, or by the path: GitLab separates project and file with `/-/`. */
function kindOf({ hostname, pathname }: URL): RepositoryAddress['kind'] {
  if (hostname.includes('gitlab') || pathname.includes('/-/')) return 'GitLab'
  if (hostname.includes('github') || pathname.includes('/blob/')) return 'GitHub'
  return undefined
}

/** Why a host is refused; `parsed` is the host that a browser would look up, if there is one. */
function hostProblem(host: string, parsed: string | undefined): string | undefined {
  if (parsed === undefined || host !== parsed || !/^[a-z\d.-]+$/.test(host)) {
    const meant = parsed === undefined || parsed === host ? '' : `; it would be read as ${quoted(parsed)}`
    return `must spell its host in ASCII letters, digits, hyphens and dots, as it is looked up${meant}`
  }
  return hostName.test(host) && !isPrivate(host)
    ? undefined
    : `must name a public host, such as github.com: ${quoted(host)} is none`
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
  const problem = hostProblem(host, parsed)
  if (problem !== undefined) return { problem }
  // release_2_7_api.htm: every address copied from GitLab has this query, and it must be dropped.
  const url = `https://${host}${rest.replace(/\?ref_type=heads$/, '')}`
  if (!URL.canParse(url)) return { problem: notAnAddress }
  const { href, pathname, search, hash } = new URL(url)
  if (search + hash !== '' || pathname.length < 2 || /[\s\\?#]/.test(url)) return { problem: notAnAddress }
  if (href !== url)
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
