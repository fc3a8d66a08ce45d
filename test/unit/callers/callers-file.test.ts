import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CallersFile } from '../../../src/service/callers/callers-file.ts'
import { sha256 } from '../../../src/shared/crypto.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { ownUserId, setOwnUserId } from '../../../src/shared/own-user.ts'
import { entryOf, openCallersFolder, testClock, tokenOf } from '../../support/callers/callers-folder.ts'

// The callers file while the service runs: who is let in, and when a change takes effect.

let folder: ReturnType<typeof openCallersFolder>
let clock: ReturnType<typeof testClock>
let file: CallersFile
beforeEach(() => {
  folder = openCallersFolder()
  clock = testClock()
  folder.write(entryOf('ada'), entryOf('bob'))
  file = new CallersFile(folder.path, clock)
})
afterEach(() => folder.remove())

const isLetIn = (name: string): boolean => file.find(tokenOf(name)) !== undefined

describe('a token', () => {
  test('lets its caller in, and nobody else', () => {
    expect(file.find(tokenOf('ada'))?.name).toBe('ada')
    expect(file.find(tokenOf('bob'))?.name).toBe('bob')
    expect(isLetIn('eve')).toBe(false)
    expect(file.find(`${tokenOf('ada')} `)).toBeUndefined()
  })

  test('of fewer than 32 characters is never good', () => {
    const [short, enough] = ['x'.repeat(31), 'x'.repeat(32)]
    folder.write(entryOf('ada', { sha256: sha256(short) }), entryOf('bob', { sha256: sha256(enough) }))
    expect(file.find(short)).toBeUndefined()
    expect(file.find(enough)?.name).toBe('bob')
  })

  test('is not its hash', () => {
    expect(file.find(sha256(tokenOf('ada')))).toBeUndefined()
  })

  test('that has ended is told apart from one that nobody has', () => {
    folder.write(entryOf('ada', { expires: '2027-03-01T12:00:05Z' }))
    expect(isLetIn('ada')).toBe(true)
    expect(file.isExpired(tokenOf('ada'))).toBe(false)
    clock.pass(5_000)
    expect(isLetIn('ada')).toBe(false)
    expect(file.isExpired(tokenOf('ada'))).toBe(true)
    expect(file.isExpired(tokenOf('eve'))).toBe(false)
  })
})

describe('a change of the file', () => {
  test('is seen within a second, and not looked for more often', () => {
    expect(isLetIn('ada')).toBe(true)
    folder.write(entryOf('bob'), entryOf('mallory'))
    clock.pass(999)
    expect([isLetIn('ada'), isLetIn('mallory')]).toEqual([true, false])
    clock.pass(1)
    expect([isLetIn('ada'), isLetIn('bob'), isLetIn('mallory')]).toEqual([false, true, true])
  })

  test('is seen when another file takes its place', () => {
    expect(isLetIn('ada')).toBe(true)
    const other = openCallersFolder()
    other.write(entryOf('eve'), entryOf('bob'))
    renameSync(other.path, folder.path)
    other.remove()
    clock.pass(1_000)
    expect([isLetIn('ada'), isLetIn('eve')]).toEqual([false, true])
  })

  test('is seen when the clock was set back', () => {
    expect(isLetIn('ada')).toBe(true)
    folder.write(entryOf('bob'))
    clock.pass(-3_600_000)
    expect(isLetIn('ada')).toBe(false)
  })

  test.each<[string, () => void, RegExp]>([
    ['that damages it', () => folder.writeText('{"callers":[{'), / is no JSON: /],
    ['that empties it', () => truncateSync(folder.path, 0), / is no JSON: /],
    ['that removes it', () => rmSync(folder.path), / does not exist: check the path, or make it with /],
    [
      'of its mode alone',
      () => chmodSync(folder.path, 0o644),
      / is open to other users \(mode 0644\): run chmod 600 /,
    ],
    ['that lets the group write', () => chmodSync(folder.path, 0o620), / \(mode 0620\): /],
    [
      'to another form',
      () => folder.write({ name: 'ada' }),
      / cannot be used: callers\[0\]\.sha256 \(of ada\) /,
    ],
  ])(
    '%s lets nobody in, not even those of the old list, until it is good again',
    (_what, damage, sentence) => {
      expect(isLetIn('ada')).toBe(true)
      expect(file.fault()).toBeUndefined()
      damage()
      clock.pass(1_000)
      expect([isLetIn('ada'), isLetIn('bob')]).toEqual([false, false])
      expect(file.fault()).toMatch(sentence)
      folder.write(entryOf('ada'))
      clock.pass(1_000)
      expect(file.fault()).toBeUndefined()
      expect([isLetIn('ada'), isLetIn('bob')]).toEqual([true, false])
    },
  )
})

describe('a start', () => {
  test('goes on with a good file', () => {
    expect(() => file.requireReadable()).not.toThrow()
  })

  test.each([0o604, 0o640, 0o660, 0o644, 0o777])('stops for a file that others may access: %o', (mode) => {
    chmodSync(folder.path, mode)
    const octal = mode.toString(8).padStart(4, '0')
    expect(() => file.requireReadable()).toThrow(
      new SettingsError(
        `The file that QUALYS_CALLERS_FILE names is open to other users (mode ${octal}): run chmod 600 on it.`,
      ),
    )
  })

  test('stops for a folder, for what is no text, and for what is far too large', () => {
    const large = 5 * 1024 * 1024
    const damages: readonly [() => void, RegExp][] = [
      [() => folder.writeText(Buffer.from('\ufeff{}', 'utf16le')), / is no text in UTF-8: /],
      [() => truncateSync(folder.path, large), / is larger than 4 MiB: /],
      [() => rmSync(folder.path), / does not exist: /],
      [() => mkdirSync(folder.path), / is no regular file: /],
    ]
    for (const [damage, sentence] of damages) {
      damage()
      expect(() => new CallersFile(folder.path, clock).requireReadable()).toThrow(sentence)
    }
  })

  test('checks the file itself, not the link that leads to it', () => {
    const link = join(folder.folder, 'link')
    symlinkSync(folder.path, link)
    const linked = new CallersFile(link, clock)
    expect(() => linked.requireReadable()).not.toThrow()
    chmodSync(folder.path, 0o640)
    clock.pass(1_000)
    expect(linked.fault()).toMatch(/ is open to other users /)
  })
})

// Only root can give files to other users.
describe.skipIf(ownUserId() !== 0)('with several users', () => {
  const [user, stranger] = [65_533, 65_534]
  afterEach(() => setOwnUserId(undefined))

  const faultFor = (owner: number, mode: number): string | undefined => {
    chownSync(folder.path, owner, 0)
    chmodSync(folder.path, mode)
    setOwnUserId(user)
    return new CallersFile(folder.path, clock).fault()
  }

  test('a file of another user is refused', () => {
    expect(faultFor(stranger, 0o600)).toMatch(/ belongs to another user, who can change it: /)
  })

  test('root may own it, and open it to a group for reading alone', () => {
    expect(faultFor(0, 0o440)).toBeUndefined()
    expect(faultFor(0, 0o460)).toMatch(/ \(mode 0460\): set its mode to 0440, /)
  })
})
