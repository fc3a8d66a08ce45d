import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import {
  approveCall,
  decisionOn,
  declineCall,
  declinedAt,
  findCall,
  findSame,
  listCalls,
  savePending,
  useRecord,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { inTerminal } from '../../support/approvals/decisions.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { keyOf, sha256Of, storedCall, waitingCall } from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// The folder of the waiting calls: who may write there, what is removed, and what is not followed.

const now = Date.now()
const minute = 60_000
let stateDir: string
let pending: string
beforeEach(() => {
  stateDir = newStateDir()
  pending = join(stateDir, 'pending')
})

const callOf = (text: string) => waitingCall(text, { at: now })
const digestOf = (text: string): string => callOf(text).digest
const keep = (text: string, at = now): string =>
  savePending(stateDir, waitingCall(text, { at: Math.max(at, now) }), at)
const approve = (text: string): boolean => approveCall(stateDir, digestOf(text), inTerminal(now), now)
const use = (text: string): boolean =>
  useRecord(stateDir, { ...storedCall(text, { at: now }), code: 'AAAA-AAAA', at: now })

test.skipIf(process.platform === 'win32')('the folder and its files belong to the user only', () => {
  for (const text of ['one', 'two', 'three']) keep(text)
  approve('one')
  use('two')
  declineCall(stateDir, digestOf('three'), { way: 'terminal' }, now)
  keep('four')
  for (const folder of [stateDir, pending]) expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readdirSync(pending)).toHaveLength(4)
  for (const name of readdirSync(pending)) expect(statSync(join(pending, name)).mode & 0o777).toBe(0o600)
})

describe('a look at the folder removes', () => {
  test('expired calls, damaged and half-written files; not those of others, and not what is being written', () => {
    keep('old')
    keep('approved')
    approve('approved')
    const names = (...endings: string[]): string[] => endings.map((ending) => `${sha256Of(ending)}.${ending}`)
    for (const name of names('pending', 'approved', 'declined')) writeFileSync(join(pending, name), '{')
    mkdirSync(join(pending, `${sha256Of('folder')}.approved`))
    const others = ['notes.txt', '.DS_Store', `${digestOf('old')}.txt`, digestOf('old'), 'notes.pending']
    for (const name of [...others, 'left.new', 'young.new']) writeFileSync(join(pending, name), '')
    utimesSync(join(pending, 'left.new'), 1, 1)
    keep('new', now + 10 * minute)
    listCalls(stateDir, now + 10 * minute)
    const left = `${waitingCall('new', { at: now + 10 * minute }).digest}.pending`
    expect(readdirSync(pending).sort()).toEqual([left, ...others, 'young.new'].sort())
  })

  test('what is not looked for as well, ten minutes after it was written', () => {
    keep('one')
    const approved = join(pending, `${sha256Of('approved')}.approved`)
    const used = join(pending, `${sha256Of('used')}.used`)
    for (const path of [approved, used]) writeFileSync(path, '{')
    keep('two')
    expect([approved, used].map((path) => existsSync(path))).toEqual([true, true])
    for (const path of [approved, used]) utimesSync(path, now / 1000 - 601, now / 1000 - 601)
    keep('three')
    expect([approved, used].map((path) => existsSync(path))).toEqual([false, false])
  })

  test('what was used when ten minutes are over, even where nobody can read it: before that it counts', () => {
    keep('other')
    const damaged = join(pending, `${digestOf('one')}.used`)
    writeFileSync(damaged, '')
    listCalls(stateDir, now)
    expect(use('one')).toBe(false)
    utimesSync(damaged, now / 1000 - 601, now / 1000 - 601)
    listCalls(stateDir, now)
    expect(existsSync(damaged)).toBe(false)
  })
})

test('the folder is made with the first call, not before', () => {
  expect(findCall(stateDir, 'K7Q2-M9XD')).toBeUndefined()
  expect(findSame(stateDir, callOf('one').record)).toEqual([])
  expect(listCalls(stateDir)).toEqual([])
  expect(approve('one')).toBe(false)
  expect(declineCall(stateDir, digestOf('one'), { way: 'terminal' })).toBe(false)
  expect(declinedAt(stateDir, keyOf('one'))).toBeUndefined()
  expect(decisionOn(stateDir, digestOf('one'), keyOf('one'))).toBeUndefined()
  expect(use('one')).toBe(true)
  expect(existsSync(stateDir)).toBe(false)
})

describe('a state folder', () => {
  const cannot: readonly (readonly [string, RegExp, () => void])[] = [
    ['a file', /a part of its path is a file/, () => writeFileSync(stateDir, '')],
    [
      'a symbolic link that leads nowhere',
      /a symbolic link in its path leads nowhere/,
      () => symlinkSync(`${stateDir}-absent`, stateDir),
    ],
    [
      'one whose "pending" is a file',
      /"pending" in it is no folder/,
      () => {
        mkdirSync(stateDir)
        writeFileSync(pending, '')
      },
    ],
    [
      'one whose "pending" is a symbolic link',
      /no folder/,
      () => {
        mkdirSync(join(stateDir, 'elsewhere'), { recursive: true, mode: 0o700 })
        symlinkSync(join(stateDir, 'elsewhere'), pending)
      },
    ],
    [
      'one whose "pending" others may write',
      /somebody else/,
      () => {
        mkdirSync(pending, { recursive: true })
        chmodSync(pending, 0o770)
      },
    ],
  ]
  test.skipIf(process.platform === 'win32').each(cannot)(
    'that is %s is refused',
    (_what, reason, prepare) => {
      prepare()
      expect(() => keep('one')).toThrow(SetupError)
      expect(() => keep('one')).toThrow(/^The state folder \(QUALYS_STATE_DIR\) cannot be used: .*\.$/)
      expect(() => keep('one')).toThrow(reason)
      const elsewhere = join(stateDir, 'elsewhere')
      if (existsSync(elsewhere)) expect(readdirSync(elsewhere)).toEqual([])
    },
  )

  const root = process.getuid?.() === 0
  test.skipIf(!root)('of another user is refused, whatever it contains', () => {
    keep('one')
    approve('one')
    chownSync(pending, 12_345, 12_345)
    expect(() => findSame(stateDir, callOf('one').record, now)).toThrow(/somebody else/)
    expect(() => use('one')).toThrow(/somebody else/)
  })
})

describe.skipIf(process.platform === 'win32')('a symbolic link', () => {
  test('is no approval, even to a valid one, and what it points to stays', () => {
    keep('one')
    approve('one')
    const approved = join(pending, `${digestOf('one')}.approved`)
    const elsewhere = join(stateDir, 'elsewhere')
    renameSync(approved, elsewhere)
    const text = readFileSync(elsewhere, 'utf8')
    symlinkSync(elsewhere, approved)
    expect(findSame(stateDir, callOf('one').record, now)).toEqual([])
    expect(readdirSync(pending)).toEqual([])
    expect(readFileSync(elsewhere, 'utf8')).toBe(text)
    renameSync(elsewhere, approved)
    expect(findSame(stateDir, callOf('one').record, now)).toHaveLength(1)
  })

  test.each(['pending', 'approved'] as const)(
    'in the place of the %s file is replaced, not followed',
    (state) => {
      keep('one')
      const elsewhere = join(stateDir, 'elsewhere')
      writeFileSync(elsewhere, 'mine')
      const name = state === 'pending' ? 'two' : 'one'
      symlinkSync(elsewhere, join(pending, `${digestOf(name)}.${state}`))
      if (state === 'pending') keep('two')
      else expect(approve('one')).toBe(true)
      expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
    },
  )

  test('in the place of the mark of a used record says that it was used', () => {
    keep('one')
    approve('one')
    symlinkSync(join(stateDir, 'absent'), join(pending, `${digestOf('one')}.used`))
    expect(use('one')).toBe(false)
    expect(existsSync(join(stateDir, 'absent'))).toBe(false)
  })
})

test.each([
  '',
  'x',
  '../../../etc/passwd',
  `${sha256Of('a')}/`,
  sha256Of('a').toUpperCase(),
  `${sha256Of('a')}\n`,
])('a digest is a SHA-256 in hexadecimal and nothing else: %j', (digest) => {
  keep('other')
  const stored = { ...storedCall('one', { at: now }), code: 'AAAA-AAAA', digest }
  for (const attempt of [
    () => savePending(stateDir, { ...callOf('one'), digest }, now),
    () => approveCall(stateDir, digest, inTerminal(now), now),
    () => declineCall(stateDir, digest, { way: 'page' }, now),
    () => decisionOn(stateDir, digest, keyOf('one'), now),
    () => decisionOn(stateDir, digestOf('one'), digest, now),
    () => declinedAt(stateDir, digest, now),
    () => useRecord(stateDir, stored),
  ])
    expect(attempt).toThrow(/SHA-256/)
  expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
})

describe('a preview that is too large to be kept', () => {
  /** A call whose file has this many bytes. */
  const callOfSize = (bytes: number) => {
    const empty = { ...storedCall('large', { at: now, preview: previewOfLines('') }), code: 'AAAA-AAAA' }
    const rest = JSON.stringify(empty).length
    return waitingCall('large', { at: now, preview: previewOfLines('x'.repeat(bytes - rest)) })
  }

  test.each([4_194_303, 4_194_304, 4_194_305])('has more than 4 MiB: %i bytes', (bytes) => {
    const save = (): string => savePending(stateDir, callOfSize(bytes), now)
    if (bytes > 4_194_304)
      expect(save).toThrow('takes 4,194,305 bytes, and none of more than 4,194,304 is kept for approval')
    else expect(save()).toMatch(/^[2-9A-Z]{4}-/)
  })
})
