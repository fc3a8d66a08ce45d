import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { Network } from '../../config/service/parsers.ts'

// The standard `Forwarded` (RFC 7239) is not read: proxies that write X-Forwarded-For pass on a `Forwarded` of the client
// as it is.

/** True for an address of the proxy in front of the service. */
export type IsProxy = (address: string) => boolean

/** What is read of a request. */
interface Request {
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean }
}

/** The one spelling of an address; an IPv4 address within IPv6 is an IPv4 one. Undefined for other texts. */
function addressIn(text: string): string | undefined {
  // Without the zone of a link-local address, which is a name of this machine.
  const address = text.trim().replace(/%.*$/, '')
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(canonical) ?? []
  if (high === undefined || low === undefined) return canonical
  return [high, low]
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 255])
    .join('.')
}

/** An entry of X-Forwarded-For; some proxies add a port. */
const forwardedAddress = (entry: string): string | undefined =>
  addressIn(entry.trim().replace(/^\[(.*)\](?::\d+)?$/, '$1')) ?? addressIn(entry.replace(/:\d+\s*$/, ''))

/** Tells the addresses of the proxy from others; nothing is a proxy without networks. */
export function proxiesIn(networks: readonly Network[] = []): IsProxy {
  const list = new BlockList()
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family)
  return (text) => {
    const address = addressIn(text)
    return address !== undefined && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
}

/** The values of a header that proxies append to, in the order of its lines. */
const valuesOf = (header: string | readonly string[] | undefined): readonly string[] =>
  header === undefined ? [] : String(header).split(',')

/**
 * The address of the client: of the connection or, where that comes from the proxy, the last one in X-Forwarded-For that
 * is none of the proxy. What stands left of it is the client's own word.
 */
export function clientAddress({ headers, socket }: Request, isProxy: IsProxy): string {
  let address = addressIn(socket.remoteAddress ?? '') ?? 'unknown'
  for (const entry of valuesOf(headers['x-forwarded-for']).toReversed()) {
    if (!isProxy(address)) return address
    const next = forwardedAddress(entry)
    // What cannot be read was forwarded by this one.
    if (next === undefined) return address
    address = next
  }
  return address
}

/** True if the client uses https: of a connection from the proxy, the last X-Forwarded-Proto says so. */
export function isHttps({ headers, socket }: Request, isProxy: IsProxy): boolean {
  const told = isProxy(socket.remoteAddress ?? '') ? valuesOf(headers['x-forwarded-proto']).at(-1) : undefined
  return told === undefined ? socket.encrypted === true : told.trim().toLowerCase() === 'https'
}
