import { describe, expect, onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { readOnce, remoteHost, stubDns } from '../../support/network/caller.ts'
import { noRows, openGateway } from '../../support/session/gateway.ts'
import { basic, rows, test } from './network.ts'

// Connections through a proxy, and around it.

describe('through the proxy', () => {
  test.for<readonly [string, (open: string, withPassword: string) => Environment, string | undefined]>([
    ['HTTPS_PROXY', (open) => ({ HTTPS_PROXY: open }), undefined],
    ['https_proxy', (open) => ({ https_proxy: open }), undefined],
    ['HTTPS_PROXY with credentials', (_, withPassword) => ({ HTTPS_PROXY: withPassword }), basic],
    [
      'HTTPS_PROXY with a user name alone',
      (open) => ({ HTTPS_PROXY: open.replace('//', '//token-1%2B2@') }),
      `Basic ${Buffer.from('token-1+2:').toString('base64')}`,
    ],
    ['HTTP_PROXY, where HTTPS_PROXY is not set', (_, withPassword) => ({ HTTP_PROXY: withPassword }), basic],
  ])('%s', async ([_name, settings, authorization], { proxy, open, withPassword, through }) => {
    await expect(through(settings(open, withPassword))).resolves.toEqual(rows)
    expect(proxy.connects.length).toBeGreaterThan(0)
    for (const connect of proxy.connects) expect(connect).toEqual({ to: `${remoteHost}:443`, authorization })
    expect(proxy.plain).toEqual([])
  })

  test('a proxy behind TLS whose certificate is signed by the CA file', async ({
    tlsProxy,
    withPassword,
    through,
  }) => {
    const settings = {
      HTTPS_PROXY: withPassword.replace(/http:(.*@).*/, `https:$1localhost:${tlsProxy.port}`),
    }
    await expect(through(settings)).resolves.toEqual(rows)
    expect(tlsProxy.connects.length).toBeGreaterThan(0)
    for (const connect of tlsProxy.connects)
      expect(connect).toEqual({ to: `${remoteHost}:443`, authorization: basic })
  })

  test('a port other than 443 is passed on', async ({ proxy, open, through }) => {
    await expect(through({ HTTPS_PROXY: open }, `https://${remoteHost}:8443`)).resolves.toEqual(rows)
    expect(proxy.connects[0]?.to).toBe(`${remoteHost}:8443`)
  })

  test('https to this machine goes through the proxy as well', async ({ proxy, open, through }) => {
    await expect(through({ HTTPS_PROXY: open }, 'https://localhost:8443')).resolves.toEqual(rows)
    expect(proxy.connects[0]?.to).toBe('localhost:8443')
  })

  test('plain http, which is for this machine only, never goes through the proxy', async ({
    proxy,
    open,
  }) => {
    const gateway = await openGateway((_request, response) => response.end(noRows))
    onTestFinished(gateway.close)
    const proxies = { HTTP_PROXY: open, HTTPS_PROXY: open }
    await expect(readOnce(gateway.gatewayUrl, proxies)).resolves.toEqual(rows)
    expect([...proxy.connects, ...proxy.plain]).toEqual([])
  })
})

// Which hosts it names is covered by the unit tests.
describe('NO_PROXY', () => {
  test.for([
    ['the name', () => remoteHost],
    ['the port as well', (port: number) => `${remoteHost}:${port}`],
  ] as const)('connects directly: %s', async ([_name, noProxy], { target, proxy, open, through }) => {
    stubDns({ [remoteHost]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: open, NO_PROXY: noProxy(target.port) }
    await expect(through(settings, `https://${remoteHost}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects).toEqual([])
  })

  test('in lower case, and it overrides HTTP_PROXY as well', async ({ target, proxy, open, through }) => {
    stubDns({ [remoteHost]: ['127.0.0.1'] })
    const settings = { HTTP_PROXY: open, no_proxy: remoteHost }
    await expect(through(settings, `https://${remoteHost}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects).toEqual([])
  })

  test('goes through the proxy: another port', async ({ target, proxy, open, through }) => {
    stubDns({ [remoteHost]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: open, NO_PROXY: `${remoteHost}:1` }
    await expect(through(settings, `https://${remoteHost}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects.length).toBeGreaterThan(0)
  })
})
