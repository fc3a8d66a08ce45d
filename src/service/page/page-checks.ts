import type { IncomingMessage } from 'node:http'
import { quotation } from '../../shared/safe-text.ts'
import type { PageRequest } from '../../tools/effects/approval/page/contract.ts'
import { requestFault } from '../../tools/effects/approval/page/safety/checks.ts'
import type { RefusalReason } from '../operation/metric-labels.ts'

// What is checked of each request to the page before its body is read.

/** Why a request is refused. */
interface PageRefusal {
  readonly reason: RefusalReason
  readonly status: number
  readonly sentence: string
}

const reasons: Readonly<Record<number, RefusalReason>> = { 405: 'method', 413: 'size', 415: 'media type' }

/** The Host headers of an origin: browsers leave its usual port out, programs may name it. */
function hostsOf(origin: string): readonly string[] {
  const { host, hostname, port, protocol } = new URL(origin)
  return port === '' ? [host, `${hostname}:${protocol === 'https:' ? 443 : 80}`] : [host]
}

/**
 * Checks requests to the page of an origin. `/mcp` has more names than this; cookies and passkeys belong to one, and a
 * page at another would only look like this one.
 */
export function pageChecks(
  origin: string,
): (req: Pick<IncomingMessage, 'headersDistinct'>, request: PageRequest) => PageRefusal | undefined {
  const hosts = hostsOf(origin)
  return ({ headersDistinct }, request) => {
    const [host = '', ...others] = headersDistinct.host ?? []
    if (others.length > 0 || !hosts.includes(host.toLowerCase()))
      return {
        reason: 'host',
        status: 403,
        sentence: `The page is at ${origin}, and this request names ${quotation(host)}: open it by its own address; a proxy must pass on the Host header.`,
      }
    const fault = requestFault(request, origin)
    return fault && { ...fault, reason: reasons[fault.status] ?? 'origin' }
  }
}
