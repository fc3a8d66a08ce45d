import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { platforms } from '../../../src/config/platforms.ts'
import { flagOf, readSettings } from '../../../src/config/settings.ts'
import { specs } from '../../../src/config/specs.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { Secret } from '../../../src/shared/secrets.ts'

/** Settings as the program reads them from a command line and an environment. */
const read = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  readSettings(readCommandLine(argv).settings, env)

describe('where a value comes from', () => {
  test.each([
    {
      by: 'flag',
      argv: ['--mode', 'read-only'],
      env: 'unattended',
      value: 'read-only',
      origin: 'flag --mode',
    },
    {
      by: 'environment',
      argv: [],
      env: 'unattended',
      value: 'unattended',
      origin: 'environment QUALYS_MODE',
    },
    { by: 'default', argv: [], env: '', value: 'confirm', origin: 'default' },
  ])('$by', ({ argv, env, value, origin }) => {
    const { settings, origins } = read(argv, { QUALYS_MODE: env })
    expect({ value: settings.mode, origin: origins.mode }).toEqual({ value, origin })
  })

  test('an unset value is absent, and has no origin', () => {
    const { settings, origins } = read([])
    expect(settings).not.toHaveProperty('username')
    expect(origins.username).toBe('not set')
  })

  test.each([
    { argv: ['--sandbox'], env: {}, sandbox: true },
    { argv: ['--sandbox=0'], env: { QUALYS_SANDBOX: '1' }, sandbox: false },
    { argv: [], env: { QUALYS_SANDBOX: 'yes' }, sandbox: true },
    { argv: [], env: {}, sandbox: false },
  ])('a switch: $argv $env', ({ argv, env, sandbox }) => {
    expect(read(argv, env).settings.sandbox).toBe(sandbox)
  })

  test('every setting but the secret ones and those of other programs has a flag', () => {
    const without = Object.values(specs).filter((spec) => flagOf(spec) === undefined)
    expect(without.map(({ env }) => env)).toEqual([
      'QUALYS_PASSWORD',
      'QUALYS_CLIENT_SECRET',
      'XDG_STATE_HOME',
      'NODE_EXTRA_CA_CERTS',
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'NO_PROXY',
      'QUALYS_OIDC_CLIENT_SECRET',
    ])
  })

  test('an unknown variable is reported once; variables of other programs are ignored', () => {
    const env = { QUALYS_COLOUR: 'red', PATH: '/bin', MY_QUALYS_THING: '1' }
    expect(read([], env).unknown).toEqual(['QUALYS_COLOUR'])
  })

  test('the proxy’s variables may be lower-case', () => {
    const { settings } = read([], { https_proxy: 'http://proxy.example.com:3128', no_proxy: 'a.example.com' })
    expect(settings.httpsProxy?.reveal()).toBe('http://proxy.example.com:3128')
    expect(settings.noProxy).toBe('a.example.com')
  })
})

describe('a secret', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qualys-settings-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const file = async (text: string): Promise<string> => {
    const path = join(folder, 'secret')
    await writeFile(path, text, { mode: 0o600 })
    return path
  }

  test.each(['QUALYS_PASSWORD', 'QUALYS_CLIENT_SECRET'] as const)('%s comes from a file', async (env) => {
    const { settings, origins } = read([], { [`${env}_FILE`]: await file(' pass word \r\n') })
    const name = env === 'QUALYS_PASSWORD' ? 'password' : 'clientSecret'
    expect(settings[name]).toBeInstanceOf(Secret)
    expect(settings[name]?.reveal()).toBe(' pass word ')
    expect(origins[name]).toBe(`file of ${env}_FILE`)
  })

  test('given twice is refused', async () => {
    const env = { QUALYS_PASSWORD: 'x', QUALYS_PASSWORD_FILE: await file('x') }
    expect(() => read([], env)).toThrow(SettingsError)
  })

  test('from a folder or from nowhere is refused, and the sentence names the variable', () => {
    for (const path of [folder, join(folder, 'none')])
      expect(() => read([], { QUALYS_PASSWORD_FILE: path })).toThrow(
        /QUALYS_PASSWORD_FILE names cannot be read/,
      )
  })

  test('from an empty file is refused', async () => {
    const env = { QUALYS_PASSWORD_FILE: await file('\n') }
    let password: Secret | undefined
    try {
      password = read([], env).settings.password
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError)
    }
    expect(password).toBeUndefined()
  })
})

describe('the platform', () => {
  const codes = [
    'US1',
    'US2',
    'US3',
    'US4',
    'EU1',
    'EU2',
    'EU3',
    'IN1',
    'CA1',
    'AE1',
    'UK1',
    'AU1',
    'KSA1',
    'GOV1',
  ]

  test('all fourteen have a name', () => expect(platforms.map(({ code }) => code)).toEqual(codes))

  test.each(platforms)('$code, in any case, and by any of its hosts', (platform) => {
    const { code, gatewayUrl, apiUrl } = platform
    const api = new URL(apiUrl).host
    const ways = [code, code.toLowerCase(), ` ${code} `, new URL(gatewayUrl).host, api]
    for (const way of [...ways, api.replace('qualysapi.', 'qualysguard.'), api.toUpperCase()])
      expect(read(['--platform', way]).settings.platform, way).toEqual(platform)
  })

  test.each(['qualys.example.com', 'qualysguard.qualys.example.com', 'qualysapi.qualys.example.com'])(
    '%s is a private platform',
    (way) => {
      expect(read([], { QUALYS_PLATFORM: way }).settings.platform).toEqual({
        code: 'qualys.example.com',
        gatewayUrl: 'https://qualysgateway.qualys.example.com',
        apiUrl: 'https://qualysapi.qualys.example.com',
      })
    },
  )

  test.each(['EU9', 'https://u:p@qualysapi.qualys.com', 'a b', 'no-host'])('%s is refused', (way) => {
    expect(() => read([], { QUALYS_PLATFORM: way })).toThrow(/QUALYS_PLATFORM must be one of US1, .*GOV1/)
  })
})

describe('an address', () => {
  test.each([
    ['https://gateway.example.com/', 'https://gateway.example.com'],
    ['https://gateway.example.com:8443', 'https://gateway.example.com:8443'],
    ['http://127.0.0.1:8480', 'http://127.0.0.1:8480'],
    ['http://localhost:8480/', 'http://localhost:8480'],
    ['http://[::1]:8480', 'http://[::1]:8480'],
  ])('%s', (given, taken) => {
    expect(read(['--gateway-url', given]).settings.gatewayUrl).toBe(taken)
  })
})
