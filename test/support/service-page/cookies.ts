// The cookies of a browser, as far as the page needs them (RFC 6265bis): prefixes, Secure, Max-Age, SameSite.

interface Cookie {
  readonly value: string
  readonly attributes: ReadonlyMap<string, string>
}

const isTrustworthy = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || hostname === 'localhost'

/** One cookie of a header. Throws for one that a browser would not keep. */
function parseCookie(header: string, from: URL): readonly [string, Cookie] {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim())
  const [name = '', value = ''] = pair.split('=', 2)
  const attributes = new Map(
    rest.map((part): [string, string] => {
      const [key = '', given = ''] = part.split('=', 2)
      return [key.toLowerCase(), given]
    }),
  )
  if (attributes.has('secure') && !isTrustworthy(from))
    throw new Error(`${name} is Secure, and sent without TLS`)
  const isOfHost = attributes.has('secure') && attributes.get('path') === '/' && !attributes.has('domain')
  if (name.startsWith('__Host-') && !isOfHost) throw new Error(`${name} is no cookie of one host`)
  return [name, { value, attributes }]
}

/** The cookies of one profile of a browser. */
export class CookieJar {
  readonly #byHost = new Map<string, Map<string, Cookie>>()

  keep(from: URL, headers: readonly string[]): void {
    const cookies = this.#of(from)
    for (const header of headers) {
      const [name, cookie] = parseCookie(header, from)
      if (cookie.attributes.get('max-age') === '0') cookies.delete(name)
      else cookies.set(name, cookie)
    }
  }

  /** The header for a request; `isForeign`: a page of another site causes it, and it is no visit by GET. */
  header(to: URL, isForeign: boolean): string {
    return [...this.#of(to)]
      .filter(([, { attributes }]) => !isForeign || attributes.get('samesite')?.toLowerCase() === 'none')
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  value(at: URL, name: string): string | undefined {
    return this.#of(at).get(name)?.value
  }

  attributes(at: URL, name: string): ReadonlyMap<string, string> | undefined {
    return this.#of(at).get(name)?.attributes
  }

  /** Plants a cookie, as who controls the browser could. */
  plant(at: URL, name: string, value: string): void {
    this.#of(at).set(name, { value, attributes: new Map() })
  }

  #of({ hostname }: URL): Map<string, Cookie> {
    const known = this.#byHost.get(hostname) ?? new Map<string, Cookie>()
    this.#byHost.set(hostname, known)
    return known
  }
}
