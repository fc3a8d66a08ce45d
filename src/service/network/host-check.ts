import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { quotation } from '../../shared/safe-text.ts'
import { isLoopback, loopbackHosts } from './loopback.ts'
import type { Refusal } from './replies.ts'

/** What the service is called. */
export interface HostNames {
  /** What it listens on: a name or an address without brackets. */
  readonly host: string
  readonly port: number
  /** An origin. */
  readonly publicUrl?: string | undefined
  readonly httpHosts?: readonly string[] | undefined
  readonly httpOrigins?: readonly string[] | undefined
  /** True if it speaks TLS itself. */
  readonly tls: boolean
}

type Request = Pick<IncomingMessage, 'headers' | 'headersDistinct' | 'url'>

/** Says why a request is refused; undefined if it may go on. */
export type HostCheck = (req: Request) => Refusal | undefined

const wildcards = ['0.0.0.0', '::']

const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

/** The host of the address that it listens on, as the Host header has it. */
const listenedHost = (host: string): string => new URL(`http://${isIPv6(host) ? `[${host}]` : host}`).hostname

/** The host, and the port if there is one, of a Host header; undefined if it is none. */
function parseHost(header: string): { readonly name: string; readonly port?: number } | undefined {
  const [, name, port] = /^(\[[\da-f:.]+\]|[^\s:/?#@,[\]]+)(?::(\d{1,5}))?$/i.exec(header) ?? []
  if (name === undefined) return undefined
  return { name: name.toLowerCase(), ...(port !== undefined && { port: Number(port) }) }
}

/** Which ports each host may be named with; undefined for any. */
function allowedHosts({
  host,
  port,
  publicUrl,
  httpHosts = [],
}: HostNames): Map<string, Set<number> | undefined> {
  const url = publicUrl === undefined ? undefined : new URL(publicUrl)
  const ports = new Set(url ? [port, portOf(url)] : [port])
  const own = [
    ...(isLoopback(host) ? loopbackHosts : []),
    ...(wildcards.includes(host) ? [] : [listenedHost(host)]),
    ...(url ? [url.hostname] : []),
  ]
  // The operator wrote these without a port: a proxy may have any.
  const named = httpHosts.map((name) => [name, undefined] as const)
  return new Map([...own.map((name) => [name, ports] as const), ...named])
}

function allowedOrigins({ host, port, publicUrl, httpOrigins = [], tls }: HostNames): Set<string> {
  const scheme = tls ? 'https' : 'http'
  const local = isLoopback(host)
    ? loopbackHosts.map((name) => new URL(`${scheme}://${name}:${port}`).origin)
    : []
  return new Set([...local, ...(publicUrl === undefined ? [] : [publicUrl]), ...httpOrigins])
}

const forbidden = (sentence: string): Refusal => ({ status: 403, sentence })
const malformed = (sentence: string): Refusal => ({ status: 400, sentence })

/**
 * Checks which host a request names and which page sends it: a page of another site can have a name of its own lead to
 * this machine (DNS rebinding), and can send requests to any name. Programs send no Origin.
 */
export function hostCheck(names: HostNames): HostCheck {
  const hosts = allowedHosts(names)
  const origins = allowedOrigins(names)

  const hostFault = ({ headersDistinct, url = '' }: Request): Refusal | undefined => {
    // A whole address would name another host than the header (RFC 9112, 3.2.2).
    if (!/^\/(?!\/)/.test(url)) return malformed('The request must name a path, such as /mcp.')
    const [header, ...others] = headersDistinct.host ?? []
    const asked = header === undefined || others.length > 0 ? undefined : parseHost(header)
    if (!asked) return malformed('The request must have one Host header with a host name.')
    if (!hosts.has(asked.name))
      return forbidden(
        `The Host header names ${quotation(asked.name)}, which is no name of this service: use one of its own, or add this one to QUALYS_HTTP_HOSTS.`,
      )
    const ports = hosts.get(asked.name)
    if (asked.port === undefined || !ports || ports.has(asked.port)) return undefined
    return forbidden(
      `The Host header names port ${asked.port}, but this service has port ${[...ports].join(' or ')}: use the same number wherever the port is forwarded.`,
    )
  }

  const originFault = ({ headers }: Request): Refusal | undefined => {
    const { origin, 'sec-fetch-site': site } = headers
    if (origin === undefined)
      return site === 'cross-site' ? forbidden('Pages of other sites may not call this service.') : undefined
    if (origin === 'null') return forbidden('Pages without an origin may not call this service.')
    return origins.has(origin)
      ? undefined
      : forbidden(
          `Pages of ${quotation(origin)} may not call this service: add the origin to QUALYS_HTTP_ORIGINS if they should.`,
        )
  }

  return (req) => hostFault(req) ?? originFault(req)
}
