import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Settings } from '../settings.ts'
import { SetupError } from './errors.ts'

/**
 * undici takes a connection that breaks while it is being made for one to make again at once, for ever: a proxy
 * that drops CONNECT would be asked thousands of times a second. Under another code the failure is one.
 */
class ProxyPool extends Pool {
  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>
  override connect(...args: unknown[]): never
  override connect(options: unknown): Promise<Dispatcher.ConnectData> {
    return super.connect(options as Dispatcher.ConnectOptions).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET')) throw error
      throw Object.assign(new Error('the proxy dropped the connection'), { code: 'UND_ERR_PROXY_DROPPED' })
    })
  }
}

/** The proxy for https, where one is set. */
export function proxyOf({ httpsProxy, httpProxy }: Settings): URL | undefined {
  const proxy = httpsProxy ?? httpProxy
  return proxy && new URL(proxy.reveal())
}

/** Makes connections as the settings say: through a proxy or not, with the CAs to trust, each step bounded in time. */
export async function makeAgent(settings: Settings): Promise<Dispatcher> {
  const connect = {
    timeout: settings.connectTimeoutSeconds * 1000,
    ...(settings.caFile !== undefined && { ca: await extraCa(settings.caFile) }),
    // Said here, since flags and variables of Node could say otherwise.
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  } as const
  const options = {
    headersTimeout: settings.headersTimeoutSeconds * 1000,
    bodyTimeout: settings.bodyTimeoutSeconds * 1000,
    connect,
  }
  const proxy = proxyOf(settings)
  if (!proxy) return new Agent(options)
  return new EnvHttpProxyAgent({
    ...options,
    clientFactory: (origin, options) => new ProxyPool(origin, options),
    httpsProxy: proxy.href,
    // Given, or undici would take both from the environment; http is for this machine only.
    httpProxy: '',
    noProxy: settings.noProxy ?? '',
    requestTls: connect,
    proxyTls: connect,
  })
}

async function extraCa(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new SetupError(
      'The file that QUALYS_CA_FILE names cannot be read.',
      'Ask the operator to check the path.',
    )
  })
  if (text.includes('-----BEGIN CERTIFICATE-----')) return [...rootCertificates, text]
  throw new SetupError(
    'The file that QUALYS_CA_FILE names holds no certificate.',
    'Ask the operator to write the CA into it as PEM: -----BEGIN CERTIFICATE----- and so on.',
  )
}
