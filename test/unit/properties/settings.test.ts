import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Configuration, type Environment, readSettings } from '../../../src/config/settings.ts'
import { specs } from '../../../src/config/specs.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { anyText, checkProperty } from '../../support/properties/property.ts'

// Any environment is either a configuration or one sentence that says what to do; neither shows a secret.

const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const all: readonly { readonly env: string; readonly secret?: true; readonly also?: string }[] =
  Object.values(specs)
const plainNames = all.flatMap(({ env, secret, also }) => (secret ? [] : [env, ...(also ? [also] : [])]))
const secretNames = all.flatMap(({ env, secret, also }) => (secret ? [env, ...(also ? [also] : [])] : []))
const fileNames = all.flatMap(({ env, secret }) => (secret ? [`${env}_FILE`] : []))

/** Values that a user may write: valid, nearly valid, or anything. */
const plainValue = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '0',
      '1',
      'true',
      'yes',
      'on',
      '-1',
      '7',
      '0007',
      '1e3',
      '999999999',
      '2000',
      'text',
      'json',
      'user',
    ],
    ...[
      'US1',
      'us2',
      'EU9',
      'gateway.qg1.apps.qualys.com',
      'https://gateway.example.com',
      'http://127.0.0.1:8480',
    ],
    ...[
      'http://gateway.example.com',
      'https://u:p@gateway.example.com',
      'https://gateway.example.com/x',
      'confirm',
    ],
    ...[
      'read-only',
      'unattended',
      'create,execute',
      'all',
      'none',
      'car',
      'saq.users,car.runs',
      'car_search_jobs',
    ],
    ...[
      '19218',
      '19218,19218',
      `19218@${'a'.repeat(64)}`,
      'Servers, Lab',
      '{}',
      '{"car_search_scripts":"GET /x"}',
    ],
    ...['{"a":', 'null', '[]', '{"__proto__":"GET /x"}', 'debug', 'offset', 'localhost,.corp'],
  ),
  anyText(4),
)

let files = 0
/** A file with this content. */
function fileWith(content: string): string {
  const path = join(folder, String(++files))
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

/** A secret that occurs nowhere by chance. */
const canary = fc
  .tuple(anyText(3), fc.stringMatching(/^[0-9a-f]{12}$/))
  .map(([text, core]) => `${text}canary${core}`)
const secretValue = fc.oneof(
  { weight: 4, arbitrary: canary },
  { weight: 1, arbitrary: fc.constantFrom('', 'short') },
)
const proxyValue = canary.map(
  (text) => `http://corp:${encodeURIComponent(text.replace(/\p{Cs}/gu, ''))}@proxy:3128`,
)
const fileValue = fc.oneof(
  fc.tuple(secretValue, fc.constantFrom('', '\n', '\r\n')).map(([text, end]) => fileWith(text + end)),
  fc.constantFrom('', '/nonexistent/file', folder, 'a\u0000b'),
)

const entry = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...plainNames), plainValue) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...secretNames), fc.oneof(secretValue, proxyValue)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...fileNames), fileValue) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('QUALYS_SECRET_A', 'QUALYS_SECRET_A_FILE', 'QUALYS_SECRET_B_C', 'QUALYS_SECRET_'),
      secretValue,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom(
        'QUALYS_MOD',
        'QUALYS_READ_ONLY',
        'QUALYS_SOMETHING_ELSE',
        'QUALYS_',
        'PATH',
        '__proto__',
      ),
      fc.oneof(plainValue, canary),
    ),
  },
)
const environment: fc.Arbitrary<Environment> = fc
  .array(entry, { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries))

/** The outcome of a start. */
function started(env: Environment): Configuration | string {
  try {
    const configuration = readSettings({}, env)
    catalogueOf(configuration.settings)
    return configuration
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
}

const oneSentence = /^[^\r\n]*\S[^\r\n]*[.?]$/

test('is read, or refused in one sentence', () => {
  let [read, refused] = [0, 0]
  checkProperty(environment, 400, (env) => {
    const outcome = started(env)
    if (typeof outcome !== 'string') {
      read++
      return
    }
    refused++
    expect(outcome).toMatch(oneSentence)
    // The error about an unknown tool lists all tools.
    expect(outcome.length).toBeLessThan(3_000)
  })
  // Both outcomes occur, and neither is rare.
  expect(Math.min(read, refused) / (read + refused)).toBeGreaterThan(0.1)
})

test('never shows a secret', () => {
  checkProperty(environment, 400, (env) => {
    const outcome = started(env)
    const shown =
      typeof outcome === 'string'
        ? outcome
        : JSON.stringify({
            ...outcome,
            settings: { ...outcome.settings, secrets: [...outcome.settings.secrets] },
          })
    const given = Object.entries(env).flatMap(([name, value]) =>
      secretNames.includes(name) ? [value ?? ''] : [],
    )
    for (const value of given) {
      const core = /canary[0-9a-f]{12}/.exec(value)?.[0]
      if (core !== undefined) expect(shown).not.toContain(core)
    }
  })
})

test('each setting accepts any text, or the error names the setting', () => {
  for (const name of plainNames)
    checkProperty(plainValue, 60, (value) => {
      const outcome = started({ [name]: value })
      // Two of them are invalid alone, and the error about unknown tools quotes the input.
      if (typeof outcome === 'string')
        expect(outcome).toMatch(new RegExp(`${name.toUpperCase()}|tool|URL|sandbox`))
    })
})

test('a value that is read has its origin, and one that is left out is named', () => {
  checkProperty(environment, 300, (env) => {
    const outcome = started(env)
    if (typeof outcome === 'string') return
    const origins = new Set(Object.values(outcome.origins).map((origin) => origin.split(' ')[0]))
    for (const origin of origins) expect(['default', 'environment', 'file', 'not']).toContain(origin)
    // A value without a visible character is none.
    const isGiven = (name: string): boolean => /[^\s\p{Cf}]/u.test(env[name] ?? '')
    for (const name of plainNames.filter(isGiven))
      expect(JSON.stringify([outcome.origins, outcome.normalized]).toUpperCase()).toContain(
        name.toUpperCase(),
      )
  })
})

// src/tools/server/catalogue.ts, refuseUnknown: the name is quoted as it was given, with what a terminal would obey.
test('an unknown name is shown without commands to a terminal', () => {
  expect(started({ QUALYS_TOOLS: '\u001b[31mcar_search_job' })).not.toMatch(/\p{Cc}/u)
})
