import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { ownUserId, setOwnUserId } from '../../../src/shared/own-user.ts'
import { passkeysFileSchemaJson } from '../../../src/tools/effects/approval/page/passkeys/passkey-schema.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { pinned, softwareKey } from '../../support/passkeys/software-key.ts'

// The file of passkeys: which keys count, and when none does.

let folder: ReturnType<typeof openPasskeysFolder>
beforeEach(() => {
  folder = openPasskeysFolder()
})
afterEach(() => folder.remove())

const [anna, bob] = [softwareKey(), softwareKey('EdDSA')]
const annas = pinned(anna, { ...page, person: 'anna' })
const bobs = pinned(bob, { ...page, person: 'bob' })

const people = (): string[] =>
  folder
    .open()
    .list()
    .map(({ person }) => person)

function faultOf(path = folder.path): SetupError {
  try {
    folder.open({ path }).list()
  } catch (error) {
    expect(error).toBeInstanceOf(SetupError)
    return error as SetupError
  }
  throw new Error('The file is good.')
}

const sentence = (rest: string): string =>
  `No passkey counts, since the file of passkeys (QUALYS_PASSKEYS_FILE) ${rest}.`

describe('the file', () => {
  test('holds the keys that count', () => {
    folder.write(annas, { ...bobs, transports: ['usb', 'x-of-tomorrow'] })
    expect(folder.open().list()).toEqual([annas, { ...bobs, transports: ['usb', 'x-of-tomorrow'] }])
  })

  test('may be missing, and so may its folder: no key counts', () => {
    expect(people()).toEqual([])
    expect(folder.open({ path: join(folder.stateDir, 'a', 'b.json') }).list()).toEqual([])
  })

  test('may hold no key, and name its schema', () => {
    folder.writeText('{"$schema":"https://example.com/passkeys.json","passkeys":[]}')
    expect(people()).toEqual([])
  })

  test('is read again when it changes, while the same process goes on', () => {
    const passkeys = folder.open()
    const now = (): string[] => passkeys.list().map(({ person }) => person)
    expect(now()).toEqual([])
    folder.write(annas)
    expect(now()).toEqual(['anna'])
    const other = openPasskeysFolder()
    other.write(bobs)
    renameSync(other.path, folder.path)
    other.remove()
    expect(now()).toEqual(['bob'])
    folder.writeText('{')
    expect(now).toThrow(SetupError)
    folder.write(annas)
    expect(now()).toEqual(['anna'])
    chmodSync(folder.path, 0o666)
    expect(now).toThrow(SetupError)
    chmodSync(folder.path, 0o644)
    chmodSync(folder.stateDir, 0o777)
    expect(now).toThrow(SetupError)
    chmodSync(folder.stateDir, 0o700)
    rmSync(folder.path)
    expect(now()).toEqual([])
  })

  test('has a schema for editors', () => {
    expect(passkeysFileSchemaJson()).toMatchObject({
      title: 'Passkeys of qualys-mcp (QUALYS_PASSKEYS_FILE)',
      properties: { passkeys: { type: 'array' } },
      additionalProperties: false,
    })
  })
})

describe('no key counts while the file is damaged', () => {
  test.each<[string, string | Buffer, string]>([
    ['is empty', '', 'is no JSON'],
    ['is cut off', '{"passkeys":[{', 'is no JSON'],
    ['is no text', Buffer.from([0x7b, 0xff, 0x7d]), 'is no text in UTF-8'],
    ['is null', 'null', 'cannot be used: it must be an object'],
    ['is a list', '[]', 'cannot be used: it must be an object'],
    ['has no list', '{}', 'cannot be used: passkeys is missing, and must be a list of passkeys'],
    [
      'has another member',
      '{"passkey":[],"passkeys":[]}',
      'cannot be used: it has the unknown member "passkey", but may have passkeys',
    ],
    ['holds a text', '{"passkeys":["x"]}', 'cannot be used: passkeys[0] must be an object'],
  ])('%s', (_what, text, rest) => {
    folder.writeText(text)
    expect(faultOf().message).toBe(sentence(rest))
  })

  test.each<[object, string]>([
    [
      { person: '' },
      'passkeys[1].person must be 1 to 200 characters on one line, without blanks around them',
    ],
    [{ person: ' anna' }, 'passkeys[1].person must be 1 to 200'],
    [{ person: 'an\u200bna' }, 'passkeys[1].person must be 1 to 200'],
    [{ person: 'an\nna' }, 'passkeys[1].person must be 1 to 200'],
    [{ person: 7 }, 'passkeys[1].person must be 1 to 200'],
    [{ label: undefined }, 'passkeys[1].label (of anna) is missing, and must be 1 to 60 characters'],
    [{ label: 'x'.repeat(61) }, 'passkeys[1].label (of anna) must be 1 to 60'],
    [
      { credentialId: 'AAA=' },
      'passkeys[1].credentialId (of anna) must be the id of a credential in base64url',
    ],
    [{ credentialId: 'AB' }, 'passkeys[1].credentialId (of anna) must be the id'],
    [
      { credentialId: bobs.credentialId },
      'passkeys[1].credentialId (of anna) is the id of an earlier passkey too',
    ],
    [{ credentialId: 'A'.repeat(2_000) }, 'passkeys[1].credentialId (of anna) must be the id'],
    [
      { publicKey: 'not base64' },
      'passkeys[1].publicKey (of anna) must be a public key as COSE in base64url',
    ],
    [{ publicKey: 'A'.repeat(9_000) }, 'passkeys[1].publicKey (of anna) must be a public key'],
    [{ rpId: 'Localhost' }, 'passkeys[1].rpId (of anna) must be a host name in small letters'],
    [{ rpId: '127.0.0.1', origin: 'http://127.0.0.1:1' }, 'passkeys[1].rpId (of anna) must be a host name'],
    [
      { rpId: 'example.com' },
      'passkeys[1].origin (of anna) must be the address of the page that made the key',
    ],
    [{ origin: 'http://localhost:8770/approve' }, 'passkeys[1].origin (of anna) must be the address'],
    [{ origin: 'localhost' }, 'passkeys[1].origin (of anna) must be the address'],
    [{ counter: -1 }, 'passkeys[1].counter (of anna) must be a whole number from 0 to 4294967295'],
    [{ counter: '0' }, 'passkeys[1].counter (of anna) must be a whole number'],
    [{ addedAt: 'yesterday' }, 'passkeys[1].addedAt (of anna) must be a time with its zone'],
    [{ addedBy: undefined }, 'passkeys[1].addedBy (of anna) is missing, and must be 1 to 200'],
    [{ transports: ['USB'] }, 'passkeys[1].transports[0] (of anna) must be a list of at most 8 words'],
    [{ transports: 'usb' }, 'passkeys[1].transports (of anna) must be a list of at most 8 words'],
    [{ admin: true }, 'passkeys[1] (of anna) has the unknown member "admin", but may have person, label,'],
    [{ persons: 'x' }, 'passkeys[1] (of anna) has the unknown member "persons", but may have person'],
  ])('%o', (damage, rest) => {
    folder.write(bobs, { ...annas, ...damage })
    const { message, next } = faultOf()
    expect(message).toContain(`(QUALYS_PASSKEYS_FILE) cannot be used: ${rest}`)
    expect(next).toBe('Correct it.')
    expect(() => folder.open().list()).toThrow(SetupError)
  })

  test('is a folder', () => {
    mkdirSync(folder.path)
    expect(faultOf().message).toBe(sentence('is no regular file'))
  })

  test('is far too large', () => {
    folder.write(annas)
    truncateSync(folder.path, 5 * 1024 * 1024)
    expect(faultOf().message).toBe(sentence('is larger than 4 MiB'))
  })

  test('lies where a file has to be a folder', () => {
    folder.write(annas)
    expect(faultOf(join(folder.path, 'passkeys.json')).message).toBe(sentence('cannot be read'))
  })
})

describe('no key counts while others may change the file', () => {
  test.each([0o620, 0o602, 0o666, 0o777])('its mode is %o', (mode) => {
    folder.write(annas)
    chmodSync(folder.path, mode)
    const octal = mode.toString(8).padStart(4, '0')
    const { message, next } = faultOf()
    expect(message).toBe(sentence(`may be written by other users (mode ${octal})`))
    expect(next).toBe('Run chmod go-w on it.')
  })

  test.each([0o600, 0o644, 0o440])('but they may read it: %o', (mode) => {
    folder.write(annas)
    chmodSync(folder.path, mode)
    expect(people()).toEqual(['anna'])
  })

  test.each([0o770, 0o707])('the mode of its folder is %o', (mode) => {
    folder.write(annas)
    chmodSync(folder.stateDir, mode)
    const octal = mode.toString(8).padStart(4, '0')
    const { message, next } = faultOf()
    expect(message).toBe(sentence(`lies in a folder that other users may write (mode ${octal})`))
    expect(next).toBe('Run chmod go-w on that folder.')
  })

  test('but in a sticky folder, as /tmp is, nobody else can replace it', () => {
    folder.write(annas)
    chmodSync(folder.stateDir, 0o1777)
    expect(people()).toEqual(['anna'])
  })

  test('the folder of a link to it, or the folder that the link leads to', () => {
    folder.write(annas)
    const inner = join(folder.stateDir, 'links')
    mkdirSync(inner)
    const link = join(inner, 'keys.json')
    symlinkSync(folder.path, link)
    expect(folder.open({ path: link }).list()).toHaveLength(1)
    chmodSync(inner, 0o777)
    expect(faultOf(link).message).toMatch(/ lies in a folder that other users may write /)
    chmodSync(inner, 0o755)
    chmodSync(folder.stateDir, 0o777)
    expect(faultOf(link).message).toMatch(/ lies in a folder that other users may write /)
  })
})

// Only root can give files to other users.
describe.skipIf(ownUserId() !== 0)('with several users', () => {
  const [user, stranger] = [65_533, 65_534]
  beforeEach(() => folder.write(annas))
  afterEach(() => setOwnUserId(undefined))

  /** What a program of `user` says of a file of this owner, in a folder of another one. */
  function listFor(owner: number, folderOwner: number): string[] {
    chownSync(folder.path, owner, 0)
    chownSync(folder.stateDir, folderOwner, 0)
    setOwnUserId(user)
    return people()
  }

  test.each([
    [user, user],
    [0, 0],
    [0, user],
    [user, 0],
  ])('the file of user %d in a folder of user %d counts', (owner, folderOwner) => {
    expect(listFor(owner, folderOwner)).toEqual(['anna'])
  })

  test('the file of a third user does not', () => {
    expect(() => listFor(stranger, user)).toThrow(sentence('belongs to another user, who can change it'))
    expect(faultOf().next).toBe('Have it owned by the user who runs qualys-mcp, or by root.')
  })

  test('nor does one in a folder of a third user', () => {
    expect(() => listFor(user, stranger)).toThrow(
      sentence('lies in a folder of another user, who can replace it'),
    )
  })

  test('nor does a link of a third user, in a sticky folder', () => {
    const link = join(folder.stateDir, 'link.json')
    symlinkSync(folder.path, link)
    lchownSync(link, stranger, 0)
    chmodSync(folder.stateDir, 0o1777)
    setOwnUserId(user)
    expect(faultOf(link).message).toBe(sentence('belongs to another user, who can change it'))
  })

  test('root may read the file of another user, as in a container', () => {
    chownSync(folder.path, stranger, 0)
    expect(people()).toEqual(['anna'])
  })

  test('a program may not write the file of root: it says so, and adds nothing', () => {
    const text = folder.read()
    expect(listFor(0, user)).toEqual(['anna'])
    const passkeys = folder.open()
    expect(passkeys.mayWrite()).toBe(false)
    // Root runs this test, and may write every folder.
    expect(passkeys.mayReplace()).toBe(true)
    expect(() => passkeys.remove(anna.credentialId)).toThrow(
      'Nothing was changed, since the file of passkeys (QUALYS_PASSKEYS_FILE) belongs to another user.',
    )
    expect(folder.read()).toBe(text)
  })
})
