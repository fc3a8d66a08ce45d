import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { isNamedSecret } from '../../../src/config/named-secrets.ts'
import type { Spec } from '../../../src/config/setting.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { specs } from '../../../src/config/specs.ts'
import { refuseUnsafeStart } from '../../../src/service/network/start-checks.ts'
import { readEnvironmentFile } from '../../support/deployment/environment-file.ts'
import { fileOf, servicePage } from '../../support/deployment/page.ts'

// Whatever packaging/ and docs/service.md set is a setting, and the settings that the page prints start a service.

const known = new Set(
  Object.values<Spec<z.ZodType>>(specs).flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])),
)

const texts = new Map([
  ['docs/service.md', servicePage],
  ...readdirSync('packaging').map((name): [string, string] => [
    `packaging/${name}`,
    readFileSync(`packaging/${name}`, 'utf8'),
  ]),
])

test.each([...texts])('every variable that %s names is a setting', (_name, text) => {
  const names = [...text.matchAll(/\b(?:QUALYS|qualys)_[A-Z\d]+(?:_[A-Z\d]+)*\b/g)].map(([name]) => name)
  const unknown = names.filter((name) => !known.has(name) && !isNamedSecret(name))
  expect(unknown).toEqual([])
})

describe.each(['nginx', 'tls'])('the settings of the set-up %s', (name) => {
  const variables = readEnvironmentFile(fileOf(name, 'settings.env'))

  test('are ones that start a service', () => {
    const { settings, unknown } = readSettings({}, variables)
    expect(unknown).toEqual([])
    expect(() => refuseUnsafeStart({ settings, isSandbox: false, host: settings.httpHost })).not.toThrow()
  })

  test('are all needed for it, where they are about who may call', () => {
    const needed = Object.keys(variables).filter((one) => {
      const { [one]: _, ...others } = variables
      const { settings } = readSettings({}, others)
      try {
        refuseUnsafeStart({ settings, isSandbox: false, host: settings.httpHost })
        return false
      } catch {
        return true
      }
    })
    expect(needed).toEqual(
      name === 'nginx'
        ? ['QUALYS_PUBLIC_URL', 'QUALYS_OIDC_ISSUER', 'QUALYS_OIDC_AUDIENCE', 'QUALYS_OIDC_ROLES']
        : ['QUALYS_TLS_CERT_FILE', 'QUALYS_TLS_KEY_FILE', 'QUALYS_CALLERS_FILE'],
    )
  })
})

test('a file of variables that systemd and Docker Compose read otherwise is refused', () => {
  for (const line of ['A=a b', 'A="b"', "A='b", 'A=$B', 'export A=b', "A='it''s'"])
    expect(() => readEnvironmentFile(line), line).toThrow()
  expect(readEnvironmentFile(`# note\nA=b\nB='{"c:d":"e"}'\n`)).toEqual({ A: 'b', B: '{"c:d":"e"}' })
})
