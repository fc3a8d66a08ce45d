import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { platform, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { cwd } from 'node:process'
import { afterAll, afterEach, beforeEach, describe, expect, test as plain, vi } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { stateDirOf } from '../../../src/config/state-dir.ts'

// Paths as clients pass them: no shell has expanded them, and the working folder is the client's.

// Windows has paths of another form.
const test = plain.skipIf(platform() === 'win32')

const home = realpathSync(mkdtempSync(join(tmpdir(), 'qualys-home-')))
writeFileSync(join(home, 'password'), 'a-secret-of-some-length\n', { mode: 0o600 })
afterAll(() => rmSync(home, { recursive: true }))
beforeEach(() => void vi.stubEnv('HOME', home))
afterEach(() => void vi.unstubAllEnvs())

const client = { isStartedByClient: true }
const paths = {
  QUALYS_AUDIT_FILE: 'auditFile',
  QUALYS_STATE_DIR: 'stateDir',
  QUALYS_EXPORT_DIR: 'exportDir',
  QUALYS_IMPORT_DIR: 'importDir',
  QUALYS_CA_FILE: 'caFile',
} as const
const settings = Object.entries(paths)

describe.each(settings)('%s', (env, name) => {
  test.each([
    ['~', ''],
    ['~/', ''],
    ['~/a b', '/a b'],
    ['~\\a', '/a'],
    ['~//a', '/a'],
  ])('%s is in the home folder', (raw, below) => {
    const { settings, normalized } = readSettings({}, { [env]: raw }, client)
    expect(settings[name]).toBe(home + below)
    expect(normalized).toEqual([`${env}: ~ stands for ${home}`])
  })

  test('a full path stays', () => {
    const { settings, normalized } = readSettings({}, { [env]: '/srv/~/$a/a' }, client)
    expect([settings[name], normalized]).toEqual(['/srv/~/$a/a', []])
  })

  test.each([
    ['~other/a', /must be a full path: ~ stands only for your own home folder/],
    ['$HOME/a', /nothing fills in \$HOME here: write ~\/a\.$/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text itself
    ['${HOME}/a', /nothing fills in \$\{HOME\} here: write ~\/a\.$/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text itself
    ['/srv/${NAME}/a', /nothing fills in variables here: write the path out\.$/],
    ['%USERPROFILE%\\a', /nothing fills in %USERPROFILE% here: write ~\\a\.$/],
    ['/srv/$NAME/a', /nothing fills in variables here/],
    ['%userprofile%\\a', /nothing fills in %userprofile% here: write ~\\a\.$/],
    ['$home/a', /nothing fills in \$home here: write ~\/a\.$/],
    ['$env:HOME/a', /nothing fills in \$env:HOME here: write ~\/a\.$/],
    ['{env:HOME}/a', /nothing fills in \{env:HOME\} here: write ~\/a\.$/],
    ['{{home}}/a', /nothing fills in variables here/],
    ['$(pwd)/a', /nothing fills in variables here/],
    ['file:///srv/a', /must be a path, and no address: write the path alone/],
    ['C:a', /must be a path of this system/],
    ['\\Users\\a', /must be a path of this system/],
    ['C:\\Users\\a', /must be a path of this system/],
    ['\\\\server\\a', /must be a path of this system/],
  ])('%s is refused everywhere', (raw, says) => {
    for (const place of [client, { isStartedByClient: false }]) {
      expect(() => readSettings({}, { [env]: raw }, place)).toThrow(says)
      expect(() => readSettings({}, { [env]: raw }, place)).toThrow(new RegExp(`^${env} `))
    }
  })

  test.each(['a', './a', '../a', 'a/~'])('%s is refused where the client starts the server', (raw) => {
    expect(() => readSettings({}, { [env]: raw }, client)).toThrow(
      `${env} must be a full path, since the working folder is your client's: write ${join(cwd(), raw)}.`,
    )
  })

  test('a relative path in a terminal is below its working folder, with what to write for a client', () => {
    const { settings, normalized } = readSettings({}, { [env]: 'a' })
    expect(settings[name]).toBe(join(cwd(), 'a'))
    expect(normalized).toEqual([
      `${env}: was taken from the working folder; where a client starts the server, write ${join(cwd(), 'a')}`,
    ])
  })
})

test('a flag is refused by its name', () => {
  expect(() => readSettings({ exportDir: 'exports' }, {}, client)).toThrow(
    /^--export-dir must be a full path/,
  )
})

test.each(['~/ca.pem', ' ~/ca.pem\n', '"~/ca.pem"'])('NODE_EXTRA_CA_CERTS=%j is for Node to read', (raw) => {
  const { settings, normalized } = readSettings({}, { NODE_EXTRA_CA_CERTS: raw }, client)
  expect(settings.nodeCaFile).toBe(raw)
  expect(normalized).toEqual([`NODE_EXTRA_CA_CERTS: is read by Node as it stands: write ${home}/ca.pem`])
})

const secretFiles = [
  'QUALYS_PASSWORD',
  'QUALYS_CLIENT_SECRET',
  'QUALYS_SECRET_DB',
  'HTTPS_PROXY',
  'QUALYS_TOKEN',
]

test.each(secretFiles)('%s_FILE is a path as well', (env) => {
  const read = (path: string) => readSettings({}, { [`${env}_FILE`]: path }, client)
  expect(read('~/password').normalized).toEqual([`${env}_FILE: ~ stands for ${home}`])
  expect(() => read('password')).toThrow(`${env}_FILE must be a full path`)
  expect(() => read('~other/password')).toThrow(`${env}_FILE must be a full path`)
})

test.each(secretFiles)('%s_FILE may hold the secret by mistake, which no message shows', (env) => {
  const says: string[] = []
  for (const secret of ['Longenough1', '$HOME/Longenough1', '~other/Longenough1'])
    for (const place of [client, { isStartedByClient: false }])
      try {
        says.push(...readSettings({}, { [`${env}_FILE`]: secret }, place).normalized)
      } catch (error) {
        says.push(String(error))
      }
  expect(says).toHaveLength(6)
  for (const text of says) expect(text).toMatch(new RegExp(`${env}_FILE(?!.*Longenough1)`))
})

describe('the state folder', () => {
  const own = join('.local', 'state', 'qualys-mcp')
  const stateDir = (env: Readonly<Record<string, string>>) =>
    stateDirOf(readSettings({}, env, client).settings)

  test('is in the home folder', () => expect(stateDir({})).toBe(join(home, own)))

  test.each(['', 'relative', 'C:\\Users\\x', '~'])('is never in the working folder: HOME=%j', (value) => {
    vi.stubEnv('HOME', value)
    expect(stateDir({})).toBe(join(userInfo().homedir, own))
  })

  test('is in XDG_STATE_HOME, if that is a full path', () => {
    expect(stateDir({ XDG_STATE_HOME: '/srv/state' })).toBe('/srv/state/qualys-mcp')
    expect(stateDir({ XDG_STATE_HOME: '~/state' })).toBe(join(home, 'state', 'qualys-mcp'))
    expect(stateDir({ XDG_STATE_HOME: '/srv/state', QUALYS_STATE_DIR: '/srv/own' })).toBe('/srv/own')
  })

  test('is not in an XDG_STATE_HOME that is relative, as its specification says', () => {
    expect(stateDir({ XDG_STATE_HOME: 'state' })).toBe(join(home, own))
    expect(readSettings({}, { XDG_STATE_HOME: 'state' }, client).normalized).toEqual([
      'XDG_STATE_HOME: is no full path, and therefore left out',
    ])
  })
})
