import { subscribe } from 'node:diagnostics_channel'
import { ownCommand } from '../../shared/command/own-command.ts'
import {
  ConnectError,
  type QualysError,
  SetupError,
  TimeoutError,
  UnreachableError,
  VendorError,
} from '../../shared/errors.ts'
import type { ProxySetting } from './agent.ts'

/** Connections that failed to open: error to the host that it was for. Their requests were never sent. */
const failedConnections = new WeakMap<object, string>()
subscribe('undici:client:connectError', (event) => {
  const { error, connectParams } = event as {
    readonly error: Error
    readonly connectParams: { readonly host: string }
  }
  // With a proxy there are two events: first for the connection to the proxy, then for the one through it.
  if (!failedConnections.has(error)) failedConnections.set(error, connectParams.host)
})

/** The time limit of each step and its setting: `10 s (QUALYS_…)`. */
export interface TimeoutLabels {
  readonly connect: string
  readonly headers: string
  readonly body: string
}

/** The first error code in the chain of causes. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error ? String(error.code) : ''
  return code || errorCode(error.cause)
}

const retryAdvice =
  'Try again; if it stays so, ask the operator to check the network and the Qualys status page.'

const clockAdvice = 'Ask the operator to check the date of this machine, and the certificate.'
const caFileAdvice =
  'Ask the operator to put the CA of the network into the file that QUALYS_CA_FILE names, if a proxy inspects TLS.'

const certificateFaults: Readonly<Record<string, readonly [what: string, next: string]>> = {
  CERT_HAS_EXPIRED: ['has expired', clockAdvice],
  CERT_NOT_YET_VALID: ['is not valid yet', clockAdvice],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'is for another name',
    'Ask the operator to check the address: the platform, the two URLs, or HTTPS_PROXY.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'signs itself, and is not trusted',
    'Ask the operator to check the address, and to put the certificate into the file that QUALYS_CA_FILE names if it is meant to be so.',
  ],
}

/** The error for a certificate or TLS failure; undefined for other codes. */
function tlsError(code: string, where: string): SetupError | undefined {
  if (code in certificateFaults || /CERT|ISSUER|SIGNATURE|CRL/.test(code)) {
    const [what, next] = certificateFaults[code] ?? ['is not trusted', caFileAdvice]
    return new SetupError(`The certificate of ${where} ${what} (${code}).`, next)
  }
  if (!/TLS|SSL|EPROTO/.test(code)) return undefined
  return new SetupError(
    `${where} speaks no TLS of version 1.2 or later (${code}).`,
    'Ask the operator to check the address and its port; an old proxy in between may be the cause.',
  )
}

function unreachableMessage(code: string, where: string, timeouts: TimeoutLabels): string | undefined {
  const causes: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up',
    ECONNREFUSED: 'it refuses the connection',
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no way to it',
    UND_ERR_CONNECT_TIMEOUT: `nothing answers there within ${timeouts.connect}`,
    ETIMEDOUT: 'nothing answers there',
  }
  const cause = causes[code]
  return cause && `${where} cannot be reached: ${cause} (${code}).`
}

const proxyAdvice = (setting: string): string =>
  `Ask the operator to check ${setting}: its address and credentials, and whether it lets this host through; NO_PROXY names hosts that need none.`

/** The error if the connection failed at the proxy; undefined if it failed beyond the proxy. */
function proxyError(
  error: Error,
  host: string,
  origin: string,
  { url: { host: proxy }, setting }: ProxySetting,
  timeouts: TimeoutLabels,
): QualysError | undefined {
  const advice = proxyAdvice(setting)
  const code = errorCode(error)
  const refused = /Proxy response \((\d+)\)/.exec(String(error))?.[1]
  if (refused !== undefined) {
    // A 5xx of the proxy may be temporary; a refusal is not.
    const Kind = refused.startsWith('5') ? ConnectError : SetupError
    return new Kind(`The proxy ${proxy} refuses the way to ${origin} (${refused}).`, advice)
  }
  if (code === 'UND_ERR_PROXY_SILENT')
    return new SetupError(
      `The proxy ${proxy} did not open the way to ${origin} within ${timeouts.connect}.`,
      advice,
    )
  const toProxy = host === proxy || code === 'UND_ERR_PRX_TLS'
  if (!toProxy) {
    const beyondProxy = unreachableMessage(code, origin, timeouts) ?? tlsError(code, origin)
    return beyondProxy
      ? undefined
      : new ConnectError(`The proxy ${proxy} opens no way to ${origin} (${code}).`, advice)
  }
  const proxyCode = code === 'UND_ERR_PRX_TLS' ? errorCode(error.cause) : code
  const message = unreachableMessage(proxyCode, `The proxy ${proxy}`, timeouts)
  if (message !== undefined) return new UnreachableError(message, advice)
  return (
    tlsError(proxyCode, `the proxy ${proxy}`) ??
    new ConnectError(`No connection to the proxy ${proxy} came about (${proxyCode}).`, advice)
  )
}

/** The error for a connection that failed to open. */
function connectionError(
  error: Error,
  host: string,
  origin: string,
  proxy: ProxySetting | undefined,
  timeouts: TimeoutLabels,
) {
  const code = errorCode(error)
  const byProxy = proxy === undefined ? undefined : proxyError(error, host, origin, proxy, timeouts)
  if (byProxy) return byProxy
  const message = unreachableMessage(code, origin, timeouts)
  if (message !== undefined)
    return new UnreachableError(
      message,
      `Ask the operator to check the platform, the network and HTTPS_PROXY with \`${ownCommand('doctor')}\`.`,
    )
  return (
    tlsError(code, origin) ??
    new ConnectError(`No connection to ${origin} came about (${code}).`, retryAdvice)
  )
}

/**
 * The error for a failure below HTTP, by who can fix it; undefined if it has no error code, which means a bug
 * in this program. The messages hold the operator's own addresses and no secret. `proxy`: the proxy in use,
 * if any.
 */
export function classifyNetworkError(
  error: unknown,
  origin: string,
  proxy: ProxySetting | undefined,
  timeouts: TimeoutLabels,
): QualysError | undefined {
  const code = errorCode(error)
  if (code === '' || !(error instanceof Error)) return undefined
  const host = failedConnections.get(error)
  if (host !== undefined) return connectionError(error, host, origin, proxy, timeouts)
  const timeoutMessages: Readonly<Record<string, string>> = {
    UND_ERR_HEADERS_TIMEOUT: `${origin} did not begin to answer within ${timeouts.headers}.`,
    UND_ERR_BODY_TIMEOUT: `${origin} fell silent for ${timeouts.body} in the middle of its answer (QUALYS_BODY_TIMEOUT_SECONDS).`,
  }
  const cause = timeoutMessages[code]
  if (cause !== undefined) return new TimeoutError(cause, retryAdvice)
  return new VendorError(
    `The connection to ${origin} broke before the answer was complete (${code}).`,
    retryAdvice,
  )
}
