import { describe, expect, test } from 'vitest'
import { networks } from '../../../src/config/service/parsers.ts'
import { clientAddress, isHttps, proxiesIn } from '../../../src/service/network/forwarded.ts'

const isProxy = proxiesIn(networks.parse('10.1.0.0/16, fd00::/8, 192.0.2.7'))

const addressOf = (remoteAddress: string | undefined, forwardedFor?: string): string =>
  clientAddress(
    {
      headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
      socket: { remoteAddress },
    },
    isProxy,
  )

describe('the address of a client', () => {
  test.each([
    ['is that of the connection without a header', '10.1.2.3', undefined, '10.1.2.3'],
    ['is forwarded by the proxy', '10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['is that of the connection if it is not from the proxy', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is not what the client itself wrote', '10.1.2.3', '127.0.0.1, 203.0.113.5', '203.0.113.5'],
    ['stands before all proxies', '10.1.2.3', '1.1.1.1, 203.0.113.5, 10.1.9.9, 192.0.2.7', '203.0.113.5'],
    ['is that of the first proxy if all are proxies', '10.1.2.3', '10.1.4.4, 10.1.5.5', '10.1.4.4'],
    ['is an IPv4 address within an IPv6 one', '::ffff:10.1.2.3', '::ffff:203.0.113.5', '203.0.113.5'],
    [
      'is an IPv4 address within an IPv6 one in hexadecimal',
      '::ffff:a01:203',
      '::ffff:cb00:7105',
      '203.0.113.5',
    ],
    ['has one spelling', 'fd00::1', '2001:DB8:0:0::0001', '2001:db8::1'],
    ['has no port', '10.1.2.3', '203.0.113.5:41234', '203.0.113.5'],
    ['has no brackets', '10.1.2.3', '[2001:db8::1]:41234', '2001:db8::1'],
    ['is the proxy where the header holds no address', '10.1.2.3', '203.0.113.5, unknown', '10.1.2.3'],
    ['is the proxy where the header is empty', '10.1.2.3', '', '10.1.2.3'],
    ['is unknown once the connection is gone', undefined, '203.0.113.5', 'unknown'],
  ])('%s', (_name, remote, header, expected) => {
    expect(addressOf(remote, header)).toBe(expected)
  })

  test('is never read from the header without a proxy', () => {
    const request = { headers: { 'x-forwarded-for': '203.0.113.5' }, socket: { remoteAddress: '127.0.0.1' } }
    expect(clientAddress(request, proxiesIn(undefined))).toBe('127.0.0.1')
  })

  test('is not read from Forwarded', () => {
    const request = { headers: { forwarded: 'for=203.0.113.5' }, socket: { remoteAddress: '10.1.2.3' } }
    expect(clientAddress(request, isProxy)).toBe('10.1.2.3')
  })
})

test('a link-local address is compared without its zone', () => {
  const isLocalProxy = proxiesIn(networks.parse('fe80::/10'))
  expect(isLocalProxy('fe80::1%eth0')).toBe(true)
  expect(isLocalProxy('2001:db8::1')).toBe(false)
})

describe('https', () => {
  const secure = (remoteAddress: string, encrypted: boolean, proto?: string): boolean =>
    isHttps(
      {
        headers: proto === undefined ? {} : { 'x-forwarded-proto': proto },
        socket: { remoteAddress, encrypted },
      },
      isProxy,
    )

  test('is what the proxy says', () => {
    expect(secure('10.1.2.3', false, 'https')).toBe(true)
    expect(secure('10.1.2.3', true, 'http')).toBe(false)
    expect(secure('10.1.2.3', false, 'https, http')).toBe(false)
    expect(secure('10.1.2.3', false, 'http, HTTPS')).toBe(true)
  })

  test('is the connection where nothing is said, or somebody else says it', () => {
    expect(secure('10.1.2.3', true)).toBe(true)
    expect(secure('10.1.2.3', false)).toBe(false)
    expect(secure('203.0.113.9', false, 'https')).toBe(false)
    expect(secure('203.0.113.9', true, 'http')).toBe(true)
  })
})
