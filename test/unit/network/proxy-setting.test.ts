import { expect, test } from 'vitest'
import { redactor, secretsIn } from '../../../src/shared/secrets.ts'
import { settingsFrom } from '../../support/environment.ts'

// The values of HTTPS_PROXY and HTTP_PROXY: other programs read them too, and are less strict.

const refusalOf = (value: string): string => {
  try {
    settingsFrom({ HTTPS_PROXY: value })
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return ''
}

test.each([
  ['http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
  ['https://proxy.example.com', 'https://proxy.example.com'],
  ['HTTP://PROXY.example.com:3128/', 'HTTP://PROXY.example.com:3128/'],
  ['proxy.example.com:3128', 'http://proxy.example.com:3128'],
  ['proxy', 'http://proxy'],
  ['  proxy.example.com:3128\n', 'http://proxy.example.com:3128'],
  ['corp%40x:p%2Fw@proxy.example.com:3128', 'http://corp%40x:p%2Fw@proxy.example.com:3128'],
  ['[::1]:3128', 'http://[::1]:3128'],
  ['10.0.0.1:3128', 'http://10.0.0.1:3128'],
])('%j is read as %s', (value, taken) => {
  expect(settingsFrom({ HTTPS_PROXY: value }).httpsProxy?.reveal()).toBe(taken)
  expect(settingsFrom({ HTTP_PROXY: value }).httpProxy?.reveal()).toBe(taken)
})

test.each([
  'ftp://proxy.example.com',
  'http://',
  ':3128',
  '3128',
  'http://wpad.example.com/proxy.pac',
  'http://proxy.example.com?x=1',
  'http://operator:50%off@proxy.example.com',
  'http://operator:p#ss@proxy.example.com',
  'proxy example.com',
])('%j is refused in one sentence that shows an address, and not what was given', (value) => {
  expect(refusalOf(value)).toMatch(
    /^HTTPS_PROXY must be an address such as http:\/\/proxy\.example\.com:3128, [^.]*percent-encoded\.$/,
  )
})

test.each([
  'socks5://proxy.example.com:1080',
  'socks5h://u:word-1234@proxy',
  'SOCKS4://proxy',
  'socks://proxy',
])('%j: only http and https proxies work', (value) => {
  expect(refusalOf(value)).toMatch(/^HTTPS_PROXY names a SOCKS proxy, but only http and https proxies work: /)
  expect(refusalOf(value)).not.toContain('word-1234')
})

test('an unused proxy stops no start, since other programs read the variable, too', () => {
  const socks = 'socks5://proxy.example.com:1080'
  const both = settingsFrom({ HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: socks })
  expect([both.httpsProxy?.reveal(), both.httpProxy]).toEqual(['http://proxy:3128', undefined])
  const pretended = settingsFrom({ QUALYS_SANDBOX: '1', HTTPS_PROXY: socks, HTTP_PROXY: socks })
  expect([pretended.httpsProxy, pretended.httpProxy]).toEqual([undefined, undefined])
  expect(() => settingsFrom({ HTTP_PROXY: socks })).toThrow(/^HTTP_PROXY names a SOCKS proxy/)
  expect(() => settingsFrom({ HTTPS_PROXY: socks, HTTP_PROXY: 'http://proxy' })).toThrow(/^HTTPS_PROXY names/)
})

test('the credentials of an address without a scheme are secret as well', () => {
  const settings = settingsFrom({ HTTPS_PROXY: 'operator:long%2Bpassword@proxy.example.com:3128' })
  const redact = redactor(secretsIn(settings)).redact
  for (const text of ['long+password', 'operator:long%2Bpassword@proxy.example.com:3128'])
    expect(redact(`refused: ${text}.`)).not.toMatch(/long.{1,3}password/)
})
