import { chmodSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { InputError, SetupError } from '../../../src/shared/errors.ts'
import { ownUserId } from '../../../src/shared/own-user.ts'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import { PasskeyCounters } from '../../../src/tools/effects/approval/page/passkeys/counters.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { pinned, softwareKey } from '../../support/passkeys/software-key.ts'

// The counter of a key only goes up, whoever verifies: a copy of the key, or an old signature, is noticed.

let folder: ReturnType<typeof openPasskeysFolder>
beforeEach(() => {
  folder = openPasskeysFolder()
})
afterEach(() => folder.remove())

const digest = sha256('a record')
const key = softwareKey()
const pin = (counter = 0): void => folder.write(pinned(key, { ...page, person: 'anna', counter }))
const assertion = (counter: number) => key.assert({ ...page, challenge: challengeOf(digest), counter })

/** Verifies a signature with this counter, in a process that has seen nothing yet. */
const verify = (counter: number, isAgain = false) =>
  folder.open().verify({ assertion: assertion(counter), digest, origins: [page.origin], isAgain })

const goneBack = (counter: number, stored: number): string =>
  `The counter of the passkey stands at ${counter}, but ${stored} was seen before, so that its signature is an old one or the key was copied: sign again, and if this comes again, remove the passkey and add another one.`

describe('a counter', () => {
  test('that goes up is good, in leaps too', async () => {
    pin()
    for (const counter of [1, 2, 900, 0xffffffff]) await verify(counter)
    expect(folder.readCounters()).toEqual({ counters: { [key.credentialId]: 0xffffffff } })
  })

  test('that stays is refused: the signature was there before', async () => {
    pin()
    await verify(7)
    await expect(verify(7)).rejects.toThrow(goneBack(7, 7))
  })

  test.each([6, 1, 0])('that goes back is refused: 7, then %d', async (counter) => {
    pin()
    await verify(7)
    await expect(verify(counter)).rejects.toThrow(goneBack(counter, 7))
    await expect(verify(8)).resolves.toBeDefined()
  })

  test('begins with that of the file', async () => {
    pin(40)
    await expect(verify(40)).rejects.toThrow(goneBack(40, 40))
    await expect(verify(0)).rejects.toThrow(goneBack(0, 40))
    await expect(verify(41)).resolves.toBeDefined()
  })

  test('that never left 0 is not counted, as of keys that are kept in several places', async () => {
    pin()
    await verify(0)
    await verify(0)
    expect(folder.open().list()[0]?.counter).toBe(0)
    expect(() => statSync(folder.countersPath)).toThrow('ENOENT')
  })

  test('is not compared where a signature is verified again, and not taken either', async () => {
    pin()
    await verify(7)
    await expect(verify(7, true)).resolves.toBeDefined()
    await expect(verify(3, true)).resolves.toBeDefined()
    await expect(verify(99, true)).resolves.toBeDefined()
    await expect(verify(8)).resolves.toBeDefined()
  })

  test('of a bad signature is not taken', async () => {
    pin()
    const check = { assertion: assertion(50), digest: sha256('another record'), origins: [page.origin] }
    await expect(folder.open().verify(check)).rejects.toThrow(InputError)
    await expect(verify(1)).resolves.toBeDefined()
  })

  test('is listed as it was seen last', async () => {
    pin(3)
    expect(folder.open().list()[0]?.counter).toBe(3)
    await verify(9)
    expect(folder.open().list()[0]?.counter).toBe(9)
  })

  test('stays with the key while it is removed and added by hand again', async () => {
    pin()
    await verify(9)
    folder.write()
    pin()
    await expect(verify(9)).rejects.toThrow(goneBack(9, 9))
  })
})

describe('the file of counters', () => {
  test('is readable by its owner alone', async () => {
    pin()
    await verify(1)
    expect(statSync(folder.countersPath).mode & 0o777).toBe(0o600)
  })

  test('is made with its folder', async () => {
    const stateDir = join(folder.stateDir, 'a', 'state')
    await new PasskeyCounters(stateDir).take('AAAA', 1, 0)
    expect(new PasskeyCounters(stateDir).all()).toEqual({ AAAA: 1 })
    expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  })

  test.each([
    '',
    '{}',
    'null',
    '{"counters":[]}',
    '{"counters":{"AAAA":-1}}',
    '{"counters":{"AAAA":1.5}}',
    '{"counters":{"AAAA":4294967296}}',
    '{"counters":{"AAAA":"1"}}',
    '{"counters":{"!":1}}',
    '{"counters":{},"more":1}',
  ])('is not used if it is damaged: %s', async (text) => {
    pin()
    writeFileSync(folder.countersPath, text, { mode: 0o600 })
    const sentence =
      'No passkey counts, since the counters of passkeys (passkey-counters.json in QUALYS_STATE_DIR) are damaged.'
    await expect(verify(5)).rejects.toThrow(sentence)
    await expect(verify(5)).rejects.toThrow(SetupError)
    expect(() => folder.open().list()).toThrow(sentence)
  })

  test.each([0o620, 0o602])('is not used if others may write it: mode %o', async (mode) => {
    pin()
    await verify(1)
    chmodSync(folder.countersPath, mode)
    await expect(verify(2)).rejects.toThrow(/ may be written by other users \(mode 06[02][02]\)\.$/)
  })

  test('is not used if it is a folder', async () => {
    pin()
    mkdirSync(folder.countersPath)
    await expect(verify(1)).rejects.toThrow(/ is no regular file\.$/)
  })

  test.skipIf(ownUserId() === 0)('has to be written before a signature counts', async () => {
    pin()
    chmodSync(folder.stateDir, 0o500)
    await expect(verify(1)).rejects.toThrow(/ cannot be used, since this user may not write it\.$/)
    chmodSync(folder.stateDir, 0o700)
  })

  test('is written although a process was killed while it wrote', async () => {
    pin()
    const lock = `${folder.countersPath}.lock`
    writeFileSync(lock, '')
    utimesSync(lock, 1_000_000, 1_000_000)
    await verify(1)
    expect(readdirSync(folder.stateDir).sort()).toEqual(['passkey-counters.json', 'passkeys.json'])
  })

  test('loses nothing if several verify at once', async () => {
    const ids = ['AAAA', 'BBBB', 'CCCC']
    const takeAll = async (id: string): Promise<void> => {
      const counters = new PasskeyCounters(folder.stateDir)
      for (let count = 1; count <= 20; count += 1) await counters.take(id, count, 0)
    }
    await Promise.all(ids.map(takeAll))
    expect(folder.readCounters()).toEqual({ counters: { AAAA: 20, BBBB: 20, CCCC: 20 } })
  })
})
