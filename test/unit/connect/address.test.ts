import { expect, test } from 'vitest'
import { serviceAddress } from '../../../src/service/connect/address.ts'
import { isSafeAddress } from '../../../src/service/outbound/safe-address.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

test.each([
  ['https://qualys-mcp.example.com', 'https://qualys-mcp.example.com/mcp'],
  ['https://qualys-mcp.example.com/', 'https://qualys-mcp.example.com/mcp'],
  ['https://example.com:8443/qualys/mcp', 'https://example.com:8443/qualys/mcp'],
  ['http://localhost:8765/mcp', 'http://localhost:8765/mcp'],
  ['http://127.0.0.1:8765', 'http://127.0.0.1:8765/mcp'],
  ['http://[::1]:8765', 'http://[::1]:8765/mcp'],
])('%s is %s', (given, meant) => {
  expect(serviceAddress(given).href).toBe(meant)
})

test.each([
  ['http://qualys-mcp.example.com/mcp', /would get the token without TLS/],
  ['http://localhost.example.com/mcp', /would get the token without TLS/],
  ['http://127.0.0.1.example.com/mcp', /would get the token without TLS/],
  ['qualys-mcp.example.com', /must begin with https:/],
  ['ftp://example.com/mcp', /must begin with https:/],
  ['', /must begin with https:/],
])('%s is refused', (given, sentence) => {
  expect(() => serviceAddress(given)).toThrow(SettingsError)
  expect(() => serviceAddress(given)).toThrow(sentence)
})

test.each([
  'https://user:canary-word@example.com/mcp',
  'https://canary-token@example.com/mcp',
  'https://example.com/mcp?token=canary-token',
  'https://example.com/mcp#canary-token',
])('an address with a secret is refused and not repeated', (given) => {
  expect(() => serviceAddress(given)).toThrow(/--token-file/)
  try {
    serviceAddress(given)
  } catch (error) {
    expect(String(error)).not.toContain('canary')
  }
})

test('a token may go to https, and to this machine', () => {
  expect(['https://example.com', 'http://localhost:1', 'http://[::1]:1'].every(isSafeAddress)).toBe(true)
  expect(['http://example.com', 'ftp://localhost', 'x', 3, undefined].some(isSafeAddress)).toBe(false)
})
