import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import type { Spec } from '../../../src/config/setting.ts'
import { flagOf, readSettings } from '../../../src/config/settings.ts'
import { specs } from '../../../src/config/specs.ts'
import type { Secret } from '../../../src/shared/secrets.ts'

// A value is read as a client passes it: nobody has expanded, filled in or trimmed it.

const folder = mkdtempSync(join(tmpdir(), 'qualys-plain-values-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (text: string): string => {
  const path = join(folder, 'secret')
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

/** `${…}`, as a client passes a variable that it did not fill in. */
const unfilled = (name: string): string => `\${${name}}`

const all: readonly Spec<z.ZodType>[] = Object.values(specs)
const secretEnvs = ['QUALYS_PASSWORD', 'QUALYS_CLIENT_SECRET', 'QUALYS_SECRET_DB']
const fileEnvs = [...secretEnvs, 'HTTPS_PROXY', 'HTTP_PROXY'].map((env) => `${env}_FILE`)
const filledIn = /^\S+ holds a placeholder that the client did not fill in: [^\n]+\.$/

describe('a placeholder stops the start, and the sentence names the variable', () => {
  test.each([...all.map(({ env }) => env), ...fileEnvs, 'QUALYS_SECRET_DB'])('%s', (env) => {
    for (const name of ['user_config.password', 'input:qualys-password', env]) {
      const read = () => readSettings({}, { [env]: unfilled(name) })
      expect(read).toThrow(filledIn)
      expect(read).toThrow(env)
    }
  })

  test.each(all.flatMap((spec) => flagOf(spec) ?? []))('%s', (flag) => {
    const { settings } = readCommandLine([`${flag}=${unfilled('X')}`])
    expect(() => readSettings(settings, {})).toThrow(filledIn)
    expect(() => readSettings(settings, {})).toThrow(flag)
  })

  test.each([
    ` ${unfilled('X')} \n`,
    unfilled('env:QUALYS_PASSWORD'),
    unfilled(`QUALYS_PASSWORD:-${unfilled('OTHER')}`),
    unfilled('{ secrets.QUALYS_PASSWORD }'),
    unfilled('A') + unfilled('B'),
    `"${unfilled('X')}"`,
    '$(QUALYS_PASSWORD)',
    '{env:QUALYS_PASSWORD}',
    '{file:~/password}',
    '$env:QUALYS_PASSWORD',
    '={{ $env.PASSWORD }}',
    'op://Private/Qualys/password',
    'undefined',
    'null',
    '{{qualys_password}}',
    '<your password>',
    '%QUALYS_PASSWORD%',
    '$QUALYS_PASSWORD',
  ])('every form, for secrets and for names: %j', (form) => {
    for (const env of ['QUALYS_PASSWORD', 'QUALYS_USERNAME'])
      expect(() => readSettings({}, { [env]: form })).toThrow(`${env} holds a placeholder`)
    expect(() => readSettings({}, { QUALYS_PASSWORD_FILE: file(`${form}\n`) })).toThrow(
      'The file that QUALYS_PASSWORD_FILE names holds a placeholder that nobody filled in',
    )
  })

  test.each(['$NAME', '$ecret1234', '%COMPUTERNAME%', '%username%'])(
    '%s could be a password, but no name',
    (form) => {
      expect(readSettings({}, { QUALYS_PASSWORD: form }).settings.password?.reveal()).toBe(form)
      expect(() => readSettings({}, { QUALYS_USERNAME: form })).toThrow('QUALYS_USERNAME holds a placeholder')
    },
  )

  test.each([
    `a${unfilled('b')}`,
    `${unfilled('b')}c`,
    '${',
    '{x}',
    '<3abc>',
    '100%',
    '$QUALYS-1',
    'null1',
    '"x',
    '{envy}',
  ])('%j is a value', (value) => {
    expect(readSettings({}, { QUALYS_PASSWORD: value }).settings.password?.reveal()).toBe(value)
    expect(readSettings({}, { QUALYS_USERNAME: value }).settings.username).toBe(value)
  })

  test('a proxy that is not used may hold one', () => {
    const { settings } = readSettings({}, { HTTPS_PROXY: unfilled('PROXY'), QUALYS_SANDBOX: '1' })
    expect(settings).not.toHaveProperty('httpsProxy')
  })
})

describe('line ends and blanks', () => {
  const secretOf = (env: string, raw: string): [string | undefined, readonly string[]] => {
    const { settings, normalized } = readSettings({}, { [env]: raw })
    const named: Record<string, Secret | undefined> = {
      QUALYS_PASSWORD: settings.password,
      QUALYS_CLIENT_SECRET: settings.clientSecret,
      QUALYS_SECRET_DB: settings.secrets.get('QUALYS_SECRET_DB'),
    }
    return [named[env]?.reveal(), normalized]
  }

  test.each(secretEnvs)('%s loses the line end behind it, and nothing else', (env) => {
    for (const end of ['\n', '\r', '\r\n', '\n\n'])
      expect(secretOf(env, ` Long enough1 ${end}`)).toEqual([
        ' Long enough1 ',
        [`${env}: a line end at its end was left out`],
      ])
    expect(secretOf(env, '"Longenough1"')).toEqual(['"Longenough1"', []])
    expect(secretOf(env, '\ufeffLongenough1')).toEqual([
      'Longenough1',
      [`${env}: a byte order mark before it was left out`],
    ])
  })

  test('a secret of several lines loses the last line end alone', () => {
    expect(secretOf('QUALYS_SECRET_DB', 'first line\n\nlast line\n\n')[0]).toBe('first line\n\nlast line\n')
  })

  test.each(secretEnvs.slice(0, 2))('%s of several lines is refused, as its file is', (env) => {
    for (const raw of ['\nLongenough1', 'Longenough1\nLongenough2\n'])
      expect(() => readSettings({}, { [env]: raw })).toThrow(
        `${env} holds more than one line: give it the secret, and nothing else.`,
      )
  })

  test.each(secretEnvs)('%s of blanks alone counts as not set', (env) => {
    for (const raw of ['', ' ', '\n', ' \r\n\t']) expect(secretOf(env, raw)).toEqual([undefined, []])
  })

  const values: Readonly<Record<string, string>> = {
    QUALYS_PLATFORM: 'US2',
    QUALYS_GATEWAY_URL: 'https://gateway.example.com',
    QUALYS_USERNAME: 'acme_ab1',
    QUALYS_TOKEN_FILE: join(folder, 'token'),
    QUALYS_SANDBOX: '1',
    QUALYS_MODE: 'read-only',
    QUALYS_CONFIRM: 'execute',
    QUALYS_MAX_BULK: '7',
    QUALYS_ALLOWED_SCRIPTS: '19218',
    QUALYS_BLOCKED_TAGS: 'Lab',
    QUALYS_ROUTES: '{}',
    QUALYS_TOOLSETS: 'car',
    HTTPS_PROXY: 'http://proxy:3128',
    NO_PROXY: 'localhost',
  }
  test.each(Object.entries(values))('around %s go', (env, value) => {
    const plain = readSettings({}, { [env]: value }).settings
    const name = (Object.keys(specs) as (keyof typeof specs)[]).find((key) => specs[key].env === env)
    for (const raw of [` ${value}\t`, `${value}\r\n`, `\ufeff${value}\u200b`]) {
      const { settings, normalized } = readSettings({}, { [env]: raw })
      expect(String(settings[name ?? 'mode'])).toBe(String(plain[name ?? 'mode']))
      expect(normalized).toEqual([expect.stringMatching(`^${env}: (a line end|blanks) .* left out$`)])
    }
  })

  test('blanks alone count as not set, and a flag needs its value', () => {
    const { settings, normalized } = readSettings(
      {},
      { QUALYS_MODE: ' ', QUALYS_USERNAME: '\n', NO_PROXY: '""' },
    )
    expect([settings.mode, settings.username, settings.noProxy, normalized]).toEqual([
      'confirm',
      undefined,
      undefined,
      [],
    ])
    expect(() => readSettings({ mode: ' ' }, {})).toThrow('--mode needs a value')
  })

  test('a limit of blanks alone would guard nothing', () => {
    for (const value of [' ', '\r\n', "''"])
      expect(() => readSettings({}, { QUALYS_ALLOWED_TAGS: value })).toThrow(/is set but empty/)
  })
})

describe('quotes that an env file kept', () => {
  test.each(['"US2"', "'US2'", ' "US2"\n', '" US2 "'])('around %j go', (raw) => {
    const { settings, normalized } = readSettings({}, { QUALYS_PLATFORM: raw })
    expect(settings.platform?.code).toBe('US2')
    expect(normalized).toContain('QUALYS_PLATFORM: the quotes around it were left out')
  })

  test('around a list of tags are refused, since they may belong to one name', () => {
    expect(() => readSettings({}, { QUALYS_BLOCKED_TAGS: '"Lab,Tier 0"' })).toThrow(/without quotes/)
  })
})

describe('words in another case', () => {
  test.each([
    ['QUALYS_MODE', 'Read-Only', 'mode', 'read-only'],
    ['QUALYS_LOG_LEVEL', 'DEBUG', 'logLevel', 'debug'],
    ['QUALYS_UNVERIFIED', 'All', 'unverified', 'all'],
    ['QUALYS_CLIENT_LEVEL', 'Subscription', 'clientLevel', 'subscription'],
    ['QUALYS_REPLY', 'JSON', 'reply', 'json'],
    ['QUALYS_SAQ_PAGING', 'ID', 'pageBy', 'id'],
    ['QUALYS_CONFIRM', 'Execute, DELETE', 'confirm', ['delete', 'execute']],
    ['QUALYS_TOOLSETS', 'CAR.runs SAQ', 'toolsets', ['car.runs', 'saq']],
    ['QUALYS_TOOLS', 'CAR_Search_Jobs', 'tools', ['car_search_jobs']],
    ['QUALYS_EXCLUDE_TOOLS', 'Qualys_Export', 'excludeTools', ['qualys_export']],
    ['QUALYS_SANDBOX', 'TRUE', 'sandbox', true],
  ] as const)('%s=%s', (env, raw, name, value) => {
    expect(readSettings({}, { [env]: raw }).settings[name]).toEqual(value)
  })

  test('are named, by variable or by flag', () => {
    expect(readSettings({ mode: 'Read-Only' }, { QUALYS_LOG_LEVEL: 'DEBUG' }).normalized).toEqual([
      '--mode: is read as read-only',
      'QUALYS_LOG_LEVEL: is read as debug',
    ])
  })
})
