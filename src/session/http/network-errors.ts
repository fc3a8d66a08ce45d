import { subscribe } from 'node:diagnostics_channel'
import { type QualysError, SetupError, SlowError, UnsentError, VendorError } from '../../shared/errors.ts'
import type { Via } from './agent.ts'

/** Connections that failed to open: error to the host that it was for. Their requests were never sent. */
const unmade = new WeakMap<object, string>()
subscribe('undici:client:connectError', (told) => {
  const { error, connectParams } = told as {
    readonly error: Error
    readonly connectParams: { readonly host: string }
  }
  // With a proxy there are two events: first for the connection to the proxy, then for the one through it.
  if (!unmade.has(error)) unmade.set(error, connectParams.host)
})

/** The time limit of each step and its setting: `10 s (QUALYS_…)`. */
export interface Waits {
  readonly connect: string
  readonly headers: string
  readonly body: string
}

/** The first error code in the chain of causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error ? String(error.code) : ''
  return code || codeOf(error.cause)
}

const again = 'Try again; if it stays so, ask the operator to check the network and the Qualys status page.'

const clock = 'Ask the operator to check the date of this machine, and the certificate.'
const caFile = 'Ask the operator to set QUALYS_CA_FILE to the CA of the network, if a proxy inspects TLS.'

const certificates: Readonly<Record<string, readonly [what: string, next: string]>> = {
  CERT_HAS_EXPIRED: ['has expired', clock],
  CERT_NOT_YET_VALID: ['is not valid yet', clock],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'is for another name',
    'Ask the operator to check the address: the platform, the two URLs, or HTTPS_PROXY.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'signs itself, and is not trusted',
    'Ask the operator to check the address, and to set QUALYS_CA_FILE to the certificate if it is meant to be so.',
  ],
}

/** The error for a certificate or TLS failure; undefined for other codes. */
function trouble(code: string, where: string): SetupError | undefined {
  if (code in certificates || /CERT|ISSUER|SIGNATURE|CRL/.test(code)) {
    const [what, next] = certificates[code] ?? ['is not trusted', caFile]
    return new SetupError(`The certificate of ${where} ${what} (${code}).`, next)
  }
  if (!/TLS|SSL|EPROTO/.test(code)) return undefined
  return new SetupError(
    `${where} speaks no TLS of version 1.2 or later (${code}).`,
    'Ask the operator to check the address and its port; an old proxy in between may be the cause.',
  )
}

function unreached(code: string, where: string, waits: Waits): string | undefined {
  const causes: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up',
    ECONNREFUSED: 'it refuses the connection',
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no way to it',
    UND_ERR_CONNECT_TIMEOUT: `nothing answers there within ${waits.connect}`,
    ETIMEDOUT: 'nothing answers there',
  }
  const cause = causes[code]
  return cause && `${where} cannot be reached: ${cause} (${code}).`
}

const checkProxy = (setting: string): string =>
  `Ask the operator to check ${setting}: its address and credentials, and whether it lets this host through; NO_PROXY names hosts that need none.`

/** The error if the connection failed at the proxy; undefined if it failed beyond the proxy. */
function proxyError(
  error: Error,
  host: string,
  origin: string,
  { url: { host: proxy }, setting }: Via,
  waits: Waits,
): QualysError | undefined {
  const advice = checkProxy(setting)
  const code = codeOf(error)
  const refused = /Proxy response \((\d+)\)/.exec(String(error))?.[1]
  if (refused !== undefined) {
    // A 5xx of the proxy may be temporary; a refusal is not.
    const Kind = refused.startsWith('5') ? UnsentError : SetupError
    return new Kind(`The proxy ${proxy} refuses the way to ${origin} (${refused}).`, advice)
  }
  if (code === 'UND_ERR_PROXY_SILENT')
    return new SetupError(
      `The proxy ${proxy} did not open the way to ${origin} within ${waits.connect}.`,
      advice,
    )
  const toProxy = host === proxy || code === 'UND_ERR_PRX_TLS'
  if (!toProxy) {
    const behind = unreached(code, origin, waits) ?? trouble(code, origin)
    return behind
      ? undefined
      : new UnsentError(`The proxy ${proxy} opens no way to ${origin} (${code}).`, advice)
  }
  const own = code === 'UND_ERR_PRX_TLS' ? codeOf(error.cause) : code
  const cannot = unreached(own, `The proxy ${proxy}`, waits)
  if (cannot !== undefined) return new SetupError(cannot, advice)
  return (
    trouble(own, `the proxy ${proxy}`) ??
    new UnsentError(`No connection to the proxy ${proxy} came about (${own}).`, advice)
  )
}

/** The error for a connection that failed to open. */
function unmadeError(error: Error, host: string, origin: string, proxy: Via | undefined, waits: Waits) {
  const code = codeOf(error)
  const byProxy = proxy === undefined ? undefined : proxyError(error, host, origin, proxy, waits)
  if (byProxy) return byProxy
  const cannot = unreached(code, origin, waits)
  if (cannot !== undefined)
    return new SetupError(
      cannot,
      'Ask the operator to check the platform, the network and HTTPS_PROXY with `qualys-mcp doctor`.',
    )
  return trouble(code, origin) ?? new UnsentError(`No connection to ${origin} came about (${code}).`, again)
}

/**
 * The error for a failure below HTTP, by who can fix it; undefined if it has no error code, which means a bug
 * in this program. The messages hold the operator's own addresses and no secret. `proxy`: the proxy in use,
 * if any.
 */
export function brokenError(
  error: unknown,
  origin: string,
  proxy: Via | undefined,
  waits: Waits,
): QualysError | undefined {
  const code = codeOf(error)
  if (code === '' || !(error instanceof Error)) return undefined
  const host = unmade.get(error)
  if (host !== undefined) return unmadeError(error, host, origin, proxy, waits)
  const slow: Readonly<Record<string, string>> = {
    UND_ERR_HEADERS_TIMEOUT: `${origin} did not begin to answer within ${waits.headers}.`,
    UND_ERR_BODY_TIMEOUT: `${origin} fell silent for ${waits.body} in the middle of its answer (QUALYS_BODY_TIMEOUT_SECONDS).`,
  }
  const cause = slow[code]
  if (cause !== undefined) return new SlowError(cause, again)
  return new VendorError(`The connection to ${origin} broke before the answer was complete (${code}).`, again)
}
