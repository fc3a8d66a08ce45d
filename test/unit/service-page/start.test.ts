import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { unapprovable } from '../../../src/service/network/page-start.ts'
import { refuseUnsafeStart } from '../../../src/service/network/start-checks.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// What the page needs of the settings, and which settings stop a start.

type Variables = Readonly<Record<string, string>>

const callers = { QUALYS_CALLERS_FILE: '/etc/qualys-mcp/callers.json' }
const issuer = {
  QUALYS_OIDC_ISSUER: 'https://issuer.example.com',
  QUALYS_OIDC_AUDIENCE: 'qualys-mcp',
  QUALYS_OIDC_ROLES: '{"groups:approvers":"approver"}',
}
const address = { QUALYS_PUBLIC_URL: 'https://mcp.example.com' }
const client = { QUALYS_OIDC_CLIENT_ID: 'approval-page' }
const secret = { QUALYS_OIDC_CLIENT_SECRET: 'secret-0123456789' }
const fourEyes = { QUALYS_FOUR_EYES: 'execute' }
const passkeys = { QUALYS_PASSKEY_FOR: 'execute' }
const pageAlone = { QUALYS_APPROVE_BY: 'page' }
const readOnly = { QUALYS_MODE: 'read-only' }
const unattended = { QUALYS_MODE: 'unattended' }
const sandbox = { QUALYS_SANDBOX: '1' }

function faultOf(variables: Variables): string | undefined {
  const { settings } = readSettings({}, variables)
  try {
    refuseUnsafeStart({ settings, isSandbox: settings.sandbox, host: settings.httpHost })
    return undefined
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message
  }
}

const warningOf = (variables: Variables): string | undefined => {
  const { settings } = readSettings({}, variables)
  return unapprovable(settings, settings.sandbox)
}

describe('starts', () => {
  test.each<[string, Variables]>([
    ['with a page for callers of the file', { ...callers, ...address, ...fourEyes, ...passkeys }],
    ['with a page for people of the issuer', { ...issuer, ...address, ...client, ...fourEyes }],
    ['with a client that has a secret', { ...issuer, ...address, ...client, ...secret }],
    ['with both logins', { ...callers, ...issuer, ...address, ...client, ...pageAlone }],
    ['with a page in the sandbox without callers', { ...sandbox, ...address, ...pageAlone }],
    ['without a page, for reading', { ...callers, ...readOnly, ...fourEyes, ...passkeys, ...pageAlone }],
    ['without a page, where nobody is asked', { ...callers, ...unattended, ...pageAlone }],
    ['without a page, where other ways count', { ...callers, QUALYS_APPROVE_BY: 'terminal,page' }],
    ['with an issuer and an address without a login for people', { ...issuer, ...address }],
  ])('%s', (_name, variables) => {
    expect(faultOf(variables)).toBeUndefined()
  })
})

describe('does not start', () => {
  test.each<[string, Variables, readonly string[]]>([
    [
      'with four eyes where nobody is asked',
      { ...callers, ...address, ...fourEyes, ...unattended },
      ['QUALYS_FOUR_EYES', 'QUALYS_MODE=confirm'],
    ],
    [
      'with four eyes without an address',
      { ...callers, ...fourEyes },
      ['QUALYS_FOUR_EYES', 'set QUALYS_PUBLIC_URL'],
    ],
    [
      'with passkeys without an address',
      { ...callers, ...passkeys },
      ['QUALYS_PASSKEY_FOR', 'set QUALYS_PUBLIC_URL'],
    ],
    [
      'with passkeys without an address, in any mode',
      { ...callers, ...passkeys, ...unattended },
      ['QUALYS_PASSKEY_FOR', 'set QUALYS_PUBLIC_URL'],
    ],
    [
      'with the page as the only way without an address',
      { ...callers, ...pageAlone },
      ['QUALYS_APPROVE_BY=page', 'set QUALYS_PUBLIC_URL'],
    ],
    [
      'with four eyes that nobody could log in for',
      { ...issuer, ...address, ...fourEyes },
      ['QUALYS_FOUR_EYES', 'set QUALYS_OIDC_CLIENT_ID'],
    ],
    [
      'with a client without an issuer',
      { ...callers, ...address, ...client },
      ['QUALYS_OIDC_CLIENT_ID', 'set QUALYS_OIDC_ISSUER'],
    ],
    [
      'with a client without an address',
      { ...issuer, ...client },
      ['QUALYS_OIDC_CLIENT_ID', 'set QUALYS_PUBLIC_URL'],
    ],
    [
      'with a secret without a client',
      { ...issuer, ...address, ...secret },
      ['QUALYS_OIDC_CLIENT_SECRET', 'set QUALYS_OIDC_CLIENT_ID'],
    ],
  ])('%s', (_name, variables, parts) => {
    const fault = faultOf(variables)
    for (const part of parts) expect(fault).toContain(part)
    expect(fault).toMatch(/^[^.]+(?:\.(?! [A-Z])[^.]+)*\.$/)
    expect(fault).not.toContain('secret-0')
  })

  test.each([
    'https://10.1.2.3',
    'https://[2001:db8::1]:8443',
    'https://127.0.0.1',
    'http://127.0.0.1:8765',
    'https://0x7f.1',
    'http://mcp.example.com',
    'https://mcp.example.com/approve',
  ])('with the page at %s: passkeys and cookies need a name, and TLS', (url) => {
    expect(() => readSettings({}, { ...callers, QUALYS_PUBLIC_URL: url })).toThrow(
      /QUALYS_PUBLIC_URL must be/,
    )
  })
})

describe('warns that no effect can be approved', () => {
  test.each<[string, Variables, string | undefined]>([
    ['without an address', callers, 'QUALYS_PUBLIC_URL'],
    ['without a login', { ...issuer, ...address }, 'QUALYS_OIDC_CLIENT_ID'],
    ['not for reading', { ...callers, ...readOnly }, undefined],
    ['not where nobody is asked', { ...callers, ...unattended }, undefined],
    ['not where a form or a terminal counts', { ...callers, QUALYS_APPROVE_BY: 'client' }, undefined],
    ['not with a page', { ...callers, ...address }, undefined],
  ])('%s', (_name, variables, part) => {
    const warning = warningOf(variables)
    if (part === undefined) expect(warning).toBeUndefined()
    else expect(warning).toContain(part)
  })
})
