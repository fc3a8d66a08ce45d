import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'

// A secret file belongs to one user: a file that others can read prevents the start, and the error says what to do.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-secret-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(mode: number, name = 'secret'): string {
  const path = join(folder, name)
  writeFileSync(path, 'a-secret-of-some-length\n')
  chmodSync(path, mode)
  return path
}

const passwordIn = (path: string): string | undefined =>
  readSettings({}, { QUALYS_PASSWORD_FILE: path }).settings.password?.reveal()

describe('a file of the user', () => {
  test.each([0o600, 0o400, 0o700])('that only its owner may access is read: %o', (mode) => {
    expect(passwordIn(file(mode))).toBe('a-secret-of-some-length')
  })

  test.each([0o604, 0o602, 0o601, 0o640, 0o620, 0o610, 0o644, 0o777, 0o444, 0o440])(
    'that others may access is refused, and the sentence says how to change it: %o',
    (mode) => {
      const octal = mode.toString(8).padStart(4, '0')
      expect(() => passwordIn(file(mode))).toThrow(
        `The file that QUALYS_PASSWORD_FILE names is open to other users (mode ${octal}): run chmod 600 on it`,
      )
    },
  )

  test('is checked itself, not the link that leads to it', () => {
    const [closed, open] = [file(0o600, 'closed'), file(0o644, 'open')]
    symlinkSync(closed, join(folder, 'to-closed'))
    symlinkSync(open, join(folder, 'to-open'))
    expect(passwordIn(join(folder, 'to-closed'))).toBe('a-secret-of-some-length')
    expect(() => passwordIn(join(folder, 'to-open'))).toThrow(/is open to other users/)
  })

  test.each(['QUALYS_CLIENT_SECRET', 'QUALYS_SECRET_DB_PASSWORD', 'HTTPS_PROXY'])('also of %s', (name) => {
    const path = file(0o644)
    expect(() => readSettings({}, { [`${name}_FILE`]: path })).toThrow(
      `The file that ${name}_FILE names is open to other users (mode 0644): run chmod 600 on it`,
    )
  })

  test('with certificates may be readable by anybody', () => {
    expect(readSettings({}, { QUALYS_CA_FILE: file(0o644) }).settings.caFile).toBeDefined()
  })
})

describe('the text', () => {
  const written = (content: string | Buffer): string => {
    const path = join(folder, 'secret')
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }

  test.each(['\ufeffa-secret-word', 'a-secret-word\r\n', 'a-secret-word\n\n'])(
    'loses line breaks that an editor added: %j',
    (content) => expect(passwordIn(written(content))).toBe('a-secret-word'),
  )

  test.each([Buffer.from('\ufeffa-secret-word', 'utf16le'), Buffer.from('a-s\u00e9cret', 'latin1'), 'a\0b'])(
    'that is not UTF-8 is refused, since a wrong password may lock the account',
    (content) =>
      expect(() => passwordIn(written(content))).toThrow(/ is no text in UTF-8: save it again as /),
  )

  test.each(['one\ntwo\n', '\none', 'one\rtwo'])('must be one line: %j', (content) => {
    const path = written(content)
    expect(() => passwordIn(path)).toThrow(/ holds more than one line: write the secret into it, and nothing/)
  })

  test('may be several lines where a tool names it, as keys do', () => {
    const { secrets } = readSettings(
      {},
      { QUALYS_SECRET_SOME_KEY_FILE: written('line one\nline two\n') },
    ).settings
    expect(secrets.get('QUALYS_SECRET_SOME_KEY')?.reveal()).toBe('line one\nline two')
  })
})

describe('what is no secret file', () => {
  test('a folder, a device, or what is far too large', () => {
    const [place, large] = [join(folder, 'folder'), file(0o600, 'large')]
    mkdirSync(place, { mode: 0o700 })
    truncateSync(large, 65_537)
    for (const path of [place, '/dev/zero'])
      expect(() => passwordIn(path)).toThrow(/is no regular file: name a file/)
    expect(() => passwordIn(large)).toThrow(/is larger than 64 KiB: name a file/)
    writeFileSync(large, 'x'.repeat(65_536))
    expect(passwordIn(large)).toHaveLength(65_536)
  })
})

// Only root can give files to other users, as the runtimes of containers do.
describe.skipIf(userInfo().uid !== 0)('with several users', () => {
  const stranger = 65_534

  test('root may read a file of another user that is closed, as containers mount those of a host', () => {
    const path = file(0o600)
    chownSync(path, stranger, stranger)
    expect(passwordIn(path)).toBe('a-secret-of-some-length')
    chmodSync(path, 0o640)
    expect(() => passwordIn(path)).toThrow(/is open to other users \(mode 0640\): run chmod 600 on it\.$/)
  })

  test('root gets the mode to set in an orchestrator', () => {
    expect(() => passwordIn(file(0o444))).toThrow(
      /Docker Swarm: set mode: 0400 .*Kubernetes: defaultMode: 0400/,
    )
  })
})

describe('a secret too short to be distinguished from other words', () => {
  const weakIn = (env: Readonly<Record<string, string>>) => readSettings({}, env).weakSecrets

  test.each([
    [{ QUALYS_USERNAME: 'x', QUALYS_PASSWORD: 'qwertz7' }, 'QUALYS_PASSWORD'],
    [{ QUALYS_CLIENT_ID: 'x', QUALYS_CLIENT_SECRET: '   qwertz7   ' }, 'QUALYS_CLIENT_SECRET'],
    [{ HTTPS_PROXY: 'http://corp:qwertz7@127.0.0.1:1' }, 'HTTPS_PROXY'],
  ])('is reported: %o', (env, name) => expect(weakIn(env)).toEqual([name]))

  test('and one that is long enough is not, nor a proxy without a password', () => {
    const env = { QUALYS_USERNAME: 'x', QUALYS_PASSWORD: 'qwertz78', HTTPS_PROXY: 'http://127.0.0.1:1' }
    expect(weakIn(env)).toEqual([])
  })
})
