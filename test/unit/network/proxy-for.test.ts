import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { proxyFor } from '../../../src/session/http/agent.ts'
import { settingsFrom } from '../../support/environment.ts'

// The route to a host: through which proxy, or direct.

const far = 'gateway.qualys.example'
const proxy = 'http://127.0.0.1:3128'

const via = (url: string, settings: Environment): string | undefined => {
  const found = proxyFor(new URL(url), settingsFrom(settings))
  return found && `${found.setting} ${found.url.href}`
}

test.each<readonly [string, Environment, string | undefined]>([
  ['no proxy', {}, undefined],
  ['HTTPS_PROXY', { HTTPS_PROXY: proxy }, `HTTPS_PROXY ${proxy}/`],
  ['https_proxy', { https_proxy: proxy }, `HTTPS_PROXY ${proxy}/`],
  ['HTTPS_PROXY without a scheme', { HTTPS_PROXY: ' 127.0.0.1:3128 ' }, `HTTPS_PROXY ${proxy}/`],
  ['HTTP_PROXY, where HTTPS_PROXY is not set', { HTTP_PROXY: proxy }, `HTTP_PROXY ${proxy}/`],
  ['http_proxy, where HTTPS_PROXY is not set', { http_proxy: proxy }, `HTTP_PROXY ${proxy}/`],
  [
    'HTTPS_PROXY, where HTTP_PROXY is set too',
    { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://127.0.0.1:1' },
    `HTTPS_PROXY ${proxy}/`,
  ],
])('%s', (_name, settings, expected) => {
  expect(via(`https://${far}`, settings)).toBe(expected)
})

test('plain http, which is for this machine only, never goes through the proxy', () => {
  expect(via('http://127.0.0.1:8080', { HTTPS_PROXY: proxy, HTTP_PROXY: proxy })).toBeUndefined()
})

test('https to this machine goes through the proxy as well', () => {
  expect(via('https://localhost', { HTTPS_PROXY: proxy })).toBeDefined()
})

describe('NO_PROXY', () => {
  test.each([
    ['the name', far],
    ['a list with blanks', `one.example, ${far} two.example`],
    ['a list with commas alone', `one.example,${far}`],
    ['a domain behind an asterisk', '*.qualys.example'],
    ['a domain behind a dot', '.qualys.example'],
    ['a domain', 'qualys.example'],
    ['another case', 'GATEWAY.Qualys.Example'],
    ['the port as well', `${far}:8443`],
    ['a domain with the port', '*.qualys.example:8443'],
    ['everything', '*'],
    ['everything at that port', '*:8443'],
    ['everything, in a list', 'localhost, *'],
  ])('connects directly: %s', (_name, noProxy) => {
    expect(via(`https://${far}:8443`, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBeUndefined()
    expect(via(`https://${far}:8443`, { HTTP_PROXY: proxy, no_proxy: noProxy })).toBeUndefined()
  })

  test('connects directly: the port of https, which an address omits', () => {
    expect(via(`https://${far}`, { HTTPS_PROXY: proxy, NO_PROXY: `${far}:443` })).toBeUndefined()
    expect(via(`https://${far}:8443`, { HTTPS_PROXY: proxy, NO_PROXY: `${far}:443` })).toBeDefined()
  })

  test.each([
    ['another name', 'api.qualys.example'],
    ['the end of a name, not of a domain', 'ualys.example'],
    ['the end of a name behind an asterisk', '*ualys.example'],
    ['another port', `${far}:1`],
    ['a subdomain of the name', `a.${far}`],
    ['nothing but commas', ' , ,'],
    ['a port alone', ':8443'],
  ])('goes through the proxy: %s', (_name, noProxy) => {
    expect(via(`https://${far}:8443`, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBeDefined()
  })
})
