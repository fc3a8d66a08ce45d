import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { refuseUnsafeStart } from '../../../src/service/network/start-checks.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

const callers = { QUALYS_CALLERS_FILE: '/etc/qualys-mcp/callers.json' }
const issuer = {
  QUALYS_OIDC_ISSUER: 'https://issuer.example.com',
  QUALYS_OIDC_AUDIENCE: 'qualys-mcp',
  QUALYS_OIDC_ROLES: '{"groups:operators":"operator"}',
}
const tls = { QUALYS_TLS_CERT_FILE: '/etc/tls/cert.pem', QUALYS_TLS_KEY_FILE: '/etc/tls/key.pem' }
const proxy = { QUALYS_BEHIND_PROXY: '10.1.2.3' }
const wide = { QUALYS_HTTP_HOST: '0.0.0.0' }
const sandbox = { QUALYS_SANDBOX: '1' }
const unattended = { QUALYS_MODE: 'unattended' }
const without = (all: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))

/** The sentence that stops a start; undefined if it starts. */
function faultOf(environment: Readonly<Record<string, string>>): string | undefined {
  const { settings } = readSettings({}, environment)
  try {
    refuseUnsafeStart({ settings, isSandbox: settings.sandbox, host: settings.httpHost })
    return undefined
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message
  }
}

describe('starts', () => {
  test.each([
    ['with a callers file on loopback', callers],
    ['with an issuer on loopback', issuer],
    ['with both', { ...callers, ...issuer }],
    ['with the sandbox alone on loopback', sandbox],
    ['with the sandbox on an address of loopback', { ...sandbox, QUALYS_HTTP_HOST: '127.0.0.1' }],
    ['on all addresses with TLS', { ...callers, ...wide, ...tls }],
    ['on all addresses behind a proxy', { ...issuer, ...wide, ...proxy }],
    ['on loopback behind a proxy', { ...callers, ...proxy }],
    ['with TLS on loopback', { ...callers, ...tls }],
    ['with nobody asked', { ...callers, ...unattended }],
    ['as one of several', { ...callers, QUALYS_REPLICAS: '3' }],
    ['with the sandbox on all addresses, with callers and TLS', { ...sandbox, ...callers, ...wide, ...tls }],
    [
      'with a public URL of https',
      { ...callers, ...wide, ...tls, QUALYS_PUBLIC_URL: 'https://mcp.example.com' },
    ],
    ['with a public URL of http on loopback', { ...callers, QUALYS_PUBLIC_URL: 'http://localhost:8765' }],
  ])('%s', (_name, environment) => {
    expect(faultOf(environment)).toBeUndefined()
  })
})

describe('does not start', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['without callers', {}, ['no callers', 'QUALYS_CALLERS_FILE', 'QUALYS_OIDC_ISSUER']],
    ['without callers with TLS', { ...tls, ...wide }, ['no callers', 'QUALYS_CALLERS_FILE']],
    ['unattended without callers', unattended, ['QUALYS_CALLERS_FILE']],
    [
      'with the sandbox on all addresses without callers',
      { ...sandbox, ...wide },
      ['sandbox', 'QUALYS_HTTP_HOST=localhost', 'QUALYS_CALLERS_FILE'],
    ],
    ['with the sandbox on all addresses with TLS', { ...sandbox, ...wide, ...tls }, ['QUALYS_CALLERS_FILE']],
    [
      'behind a proxy without callers, even the sandbox',
      { ...sandbox, ...proxy },
      ['QUALYS_BEHIND_PROXY', 'QUALYS_CALLERS_FILE'],
    ],
    [
      'on all addresses without TLS',
      { ...callers, ...wide },
      ['0.0.0.0', 'QUALYS_TLS_CERT_FILE', 'QUALYS_TLS_KEY_FILE', 'QUALYS_BEHIND_PROXY'],
    ],
    [
      'on all addresses with the sandbox and callers without TLS',
      { ...sandbox, ...callers, ...wide },
      ['QUALYS_TLS_CERT_FILE'],
    ],
    ['on a host name without TLS', { ...callers, QUALYS_HTTP_HOST: 'mcp.internal' }, ['mcp.internal']],
    ['on ::', { ...callers, QUALYS_HTTP_HOST: '::' }, ['QUALYS_TLS_CERT_FILE']],
    [
      'with a certificate alone',
      { ...callers, ...without(tls, 'QUALYS_TLS_KEY_FILE') },
      ['set QUALYS_TLS_KEY_FILE'],
    ],
    [
      'with a key alone',
      { ...callers, ...without(tls, 'QUALYS_TLS_CERT_FILE') },
      ['set QUALYS_TLS_CERT_FILE'],
    ],
    [
      'with an issuer for any audience',
      without(issuer, 'QUALYS_OIDC_AUDIENCE'),
      ['set QUALYS_OIDC_AUDIENCE'],
    ],
    ['with an issuer that gives nothing', without(issuer, 'QUALYS_OIDC_ROLES'), ['set QUALYS_OIDC_ROLES']],
    [
      'with an audience of no issuer',
      { ...callers, QUALYS_OIDC_AUDIENCE: 'qualys-mcp' },
      ['QUALYS_OIDC_AUDIENCE', 'set QUALYS_OIDC_ISSUER'],
    ],
    [
      'with roles of no issuer',
      { ...callers, QUALYS_OIDC_ROLES: issuer.QUALYS_OIDC_ROLES },
      ['QUALYS_OIDC_ROLES', 'set QUALYS_OIDC_ISSUER'],
    ],
    [
      'with a public URL of this machine on all addresses',
      { ...callers, ...wide, ...tls, QUALYS_PUBLIC_URL: 'http://localhost:8765' },
      ['QUALYS_PUBLIC_URL', 'https://', 'QUALYS_HTTP_HOST=localhost'],
    ],
  ])('%s', (_name, environment, parts) => {
    const fault = faultOf(environment)
    for (const part of parts) expect(fault).toContain(part)
    // One sentence.
    expect(fault).toMatch(/^[^.]+(?:\.(?! [A-Z])[^.]+)*\.$/)
  })
})
