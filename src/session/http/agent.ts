import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as tls from 'node:tls'
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici'
import type { Settings } from '../../config/settings.ts'
import { SetupError } from '../../shared/errors.ts'
import { decodeText } from '../../shared/text-decoding.ts'

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code })

/**
 * Connections to a proxy, with two faults of undici worked around. If the connection breaks during CONNECT,
 * undici retries at once and for ever (thousands of requests a second to a proxy that drops CONNECT): another
 * error code makes it a failure. And undici waits for the proxy's answer without a time limit.
 */
class ProxyPool extends Pool {
  readonly #connectMs: number

  constructor(origin: URL, options: object, connectMs: number) {
    super(origin, options)
    this.#connectMs = connectMs
  }

  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>
  override connect(...args: unknown[]): never
  override connect(options: unknown): Promise<Dispatcher.ConnectData> {
    const timeout = AbortSignal.timeout(this.#connectMs)
    return super
      .connect({ ...(options as Dispatcher.ConnectOptions), signal: timeout })
      .catch((error: unknown) => {
        if (timeout.aborted) throw withCode('the proxy did not answer', 'UND_ERR_PROXY_SILENT')
        if (!(error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET')) throw error
        throw withCode('the proxy dropped the connection', 'UND_ERR_PROXY_DROPPED')
      })
  }
}

/** True if NO_PROXY names the host: `*`, its name or a parent domain, with or without a port. */
function isDirect({ hostname, port }: URL, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, '')) ?? []
      if (name === '' || (onlyPort !== undefined && onlyPort !== (port || '443'))) return false
      return name === '*' || hostname === name || hostname.endsWith(`.${name}`)
    })
}

/** A proxy, and the setting that it comes from. */
export interface ProxySetting {
  readonly url: URL
  readonly setting: 'HTTPS_PROXY' | 'HTTP_PROXY'
}

/**
 * The proxy for a host; undefined for a direct connection. Plain http is always direct: it is for this
 * machine only.
 */
export function proxyFor(
  url: URL,
  { httpsProxy, httpProxy, noProxy = '' }: Settings,
): ProxySetting | undefined {
  const proxy = httpsProxy ?? httpProxy
  if (url.protocol !== 'https:' || !proxy || isDirect(url, noProxy)) return undefined
  return { url: new URL(proxy.reveal()), setting: httpsProxy ? 'HTTPS_PROXY' : 'HTTP_PROXY' }
}

/** The proxy's authorization; undici ignores a user name without a password. */
function basicFor({ username, password }: URL): { token?: string } {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { token: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/**
 * Makes the connections to one host, direct or through a proxy, with the trusted CAs and a time limit for
 * each step.
 */
export async function makeAgent(settings: Settings, proxy: URL | undefined): Promise<Dispatcher> {
  const connectMs = settings.connectTimeoutSeconds * 1000
  const connect = {
    timeout: connectMs,
    ...(settings.caFile !== undefined && { ca: await trustedCertificates(settings) }),
    // Set explicitly, since flags and environment variables of Node could change both.
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  } as const
  const options = {
    headersTimeout: settings.headersTimeoutSeconds * 1000,
    bodyTimeout: settings.bodyTimeoutSeconds * 1000,
    connect,
  }
  if (!proxy) return new Agent(options)
  return new ProxyAgent({
    ...options,
    ...basicFor(proxy),
    uri: `${proxy.protocol}//${proxy.host}`,
    clientFactory: (origin, options) => new ProxyPool(origin, options, connectMs),
    requestTls: connect,
    proxyTls: connect,
  })
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]*(?:-----END CERTIFICATE-----)?/g

/** What Node 22.15 and later say that they trust. */
const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => string[] }

/**
 * The CAs that Node trusts if it is told of no others: the built-in ones and those of NODE_EXTRA_CA_CERTS. Node
 * ignores that file, with a warning, where it cannot be read or a certificate in it is damaged.
 */
async function nodeCertificates(path: string | undefined): Promise<readonly string[]> {
  if (getCACertificates) return getCACertificates('default')
  const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '')
  const certificates = text.match(pemCertificate) ?? []
  return [...tls.rootCertificates, ...certificates.filter(isCertificate)]
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined
  } catch {
    return false
  }
}

/**
 * The CAs that Node trusts, and those of QUALYS_CA_FILE. TLS silently ignores certificates that it cannot parse,
 * so they are checked here.
 */
async function trustedCertificates({ caFile = '', nodeCaFile }: Settings): Promise<string[]> {
  const caFileError = (what: string): SetupError =>
    new SetupError(
      `The file that QUALYS_CA_FILE names ${what}.`,
      'Ask the operator to name a file with each CA as PEM: -----BEGIN CERTIFICATE----- and so on.',
    )
  const text = await readFile(caFile).then(decodeText, () => {
    throw caFileError('cannot be read')
  })
  const certificates = text.match(pemCertificate) ?? []
  if (certificates.length === 0) throw caFileError('holds no certificate')
  if (!certificates.every(isCertificate)) throw caFileError('holds a certificate that cannot be read')
  return [...(await nodeCertificates(nodeCaFile)), ...certificates]
}
