import { expect, test as plain } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { openFolder, openTlsGateway, readOnce, remoteHost } from '../../support/network/caller.ts'
import { issueCertificate } from '../../support/session/certificate.ts'
import { openProxy, type ProxyServer } from './proxy-server.ts'

/** A gateway behind TLS, and real CONNECT proxies in front of it: a plain one, and one behind TLS. */
interface Network {
  readonly target: { readonly port: number }
  readonly proxy: ProxyServer
  readonly tlsProxy: ProxyServer
  readonly caFile: string
}

interface Fixtures {
  readonly network: Network
  readonly target: Network['target']
  readonly proxy: ProxyServer
  readonly tlsProxy: ProxyServer
  /** The proxy's address. */
  readonly open: string
  /** The same with credentials. */
  readonly withPassword: string
  /** One read through it. */
  readonly through: (extra: Environment, url?: string) => Promise<unknown>
}

const unused = (proxy: ProxyServer): ProxyServer => {
  proxy.connects.length = 0
  proxy.plain.length = 0
  proxy.instead = undefined
  return proxy
}

export const test = plain.extend<Fixtures>({
  network: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    async ({}, use) => {
      const folder = openFolder()
      const authority = issueCertificate({ subject: 'CA of the network' })
      const pairFor = (...names: string[]) => issueCertificate({ subject: 'a host', names, by: authority })
      const gateway = await openTlsGateway(pairFor(remoteHost, 'other.example', 'localhost'))
      const proxy = await openProxy(gateway.port)
      const tlsProxy = await openProxy(gateway.port, pairFor('localhost'))
      await use({ target: gateway, proxy, tlsProxy, caFile: folder.write('ca.pem', authority.cert) })
      await Promise.all([gateway, proxy, tlsProxy].map(({ close }) => close()))
      await folder.remove()
    },
    { scope: 'file' },
  ],
  target: ({ network }, use) => use(network.target),
  proxy: ({ network }, use) => use(unused(network.proxy)),
  tlsProxy: ({ network }, use) => use(unused(network.tlsProxy)),
  open: ({ proxy }, use) => use(`http://127.0.0.1:${proxy.port}`),
  withPassword: ({ proxy }, use) => use(`http://door%40corp:p%2Bs%3As%20%2F@127.0.0.1:${proxy.port}`),
  through: ({ network }, use) =>
    use((extra, url = `https://${remoteHost}`) =>
      readOnce(url, { QUALYS_CA_FILE: network.caFile, ...extra }),
    ),
})

/** The proxy's password as the proxy receives it. */
export const basic = `Basic ${Buffer.from('door@corp:p+s:s /').toString('base64')}`
/** The answer to a read. */
export const rows = expect.objectContaining({ rows: [] })
