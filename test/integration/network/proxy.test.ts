import { describe, expect, onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { ask, far, naming } from '../../support/network/caller.ts'
import { noRows, openGateway } from '../../support/session/gateway.ts'
import { basic, rows, test } from './network.ts'

// The way through a proxy, and past it.

describe('the way through', () => {
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
    for (const connect of proxy.connects) expect(connect).toEqual({ to: `${far}:443`, authorization })
    expect(proxy.plain).toEqual([])
  })

  test('a proxy behind TLS, whose certificate the CA file vouches for', async ({
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
      expect(connect).toEqual({ to: `${far}:443`, authorization: basic })
  })

  test('a port that is not 443 is asked for', async ({ proxy, open, through }) => {
    await expect(through({ HTTPS_PROXY: open }, `https://${far}:8443`)).resolves.toEqual(rows)
    expect(proxy.connects[0]?.to).toBe(`${far}:8443`)
  })

  test('this machine is no exception where it is asked by https', async ({ proxy, open, through }) => {
    await expect(through({ HTTPS_PROXY: open }, 'https://localhost:8443')).resolves.toEqual(rows)
    expect(proxy.connects[0]?.to).toBe('localhost:8443')
  })

  test('plain http, which is for this machine only, never goes through', async ({ proxy, open }) => {
    const gateway = await openGateway((_request, response) => response.end(noRows))
    onTestFinished(gateway.close)
    const proxies = { HTTP_PROXY: open, HTTPS_PROXY: open }
    await expect(ask(gateway.gatewayUrl, proxies)).resolves.toEqual(rows)
    expect([...proxy.connects, ...proxy.plain]).toEqual([])
  })
})

// Which hosts it names is told apart in the unit tests.
describe('NO_PROXY', () => {
  test.for([
    ['the name', () => far],
    ['the port as well', (port: number) => `${far}:${port}`],
  ] as const)('goes straight: %s', async ([_name, noProxy], { target, proxy, open, through }) => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: open, NO_PROXY: noProxy(target.port) }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects).toEqual([])
  })

  test('in lower case, and over HTTP_PROXY as well', async ({ target, proxy, open, through }) => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTP_PROXY: open, no_proxy: far }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects).toEqual([])
  })

  test('goes through the proxy: another port', async ({ target, proxy, open, through }) => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: open, NO_PROXY: `${far}:1` }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(proxy.connects.length).toBeGreaterThan(0)
  })
})
