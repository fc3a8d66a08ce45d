import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ApprovalRecord } from '../../../src/tools/approvals.ts'
import {
  digestOf as digestOfRecord,
  recordLifetimeMs,
} from '../../../src/tools/effects/approval/approval-record.ts'
import {
  approveCall,
  findCall,
  findSame,
  listCalls,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { StoredCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { inTerminal } from '../../support/approvals/decisions.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { type RecordKeeper, recordKeeper } from '../../support/approvals/stores.ts'
import { recordOf, sha256Of, storedCall, waitingCall } from '../../support/approvals/waiting-call.ts'

// Files in the folder of waiting calls that this program did not write, or not there, or not then.

const now = Date.now()
const minute = 60_000
let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
  savePending(stateDir, waitingCall('other', { at: now }), now)
})

afterEach(() => void vi.useRealTimers())

const one = waitingCall('one', { at: now })
const two = waitingCall('two', { at: now })
const pathOf = (digest: string, state = 'approved'): string => join(stateDir, 'pending', `${digest}.${state}`)
const isApproved = (record: ApprovalRecord, at = now): boolean =>
  findSame(stateDir, record, at).some(({ state }) => state === 'approved')

/** The content of the file of the approved call. */
const approved: StoredCall = {
  ...storedCall('one', { at: now }),
  code: 'K7Q2-M9XD',
  approval: inTerminal(now),
}
/** The same with another record, and all that follows from it. */
const withRecord = (more: Partial<ApprovalRecord>): StoredCall => {
  const record = { ...approved.record, ...more }
  return { ...approved, record, digest: digestOfRecord(record) }
}
const write = (call: object, digest = one.digest): void => writeFileSync(pathOf(digest), JSON.stringify(call))

test('a file as this program writes it counts', () => {
  write(approved)
  expect(isApproved(one.record)).toBe(true)
})

describe('a file is no approval', () => {
  test.each<readonly [string, object]>([
    ['with the record of another call', { ...approved, record: two.record }],
    [
      'with the record and the digest of another call',
      { ...approved, record: two.record, digest: two.digest },
    ],
    ['with another digest in it', { ...approved, digest: two.digest }],
    ['with another account in its record', { ...approved, record: { ...one.record, account: 'x' } }],
    [
      'with a later end in its record',
      { ...approved, record: { ...one.record, until: '2999-01-01T00:00:00.000Z' } },
    ],
    ['with more in its record', { ...approved, record: { ...one.record, more: 1 } }],
    ['without a record', { ...approved, record: undefined }],
    ['with more in it', { ...approved, more: 1 }],
    ['with an invalid time', { ...approved, at: String(now) }],
    ['without a time', { ...approved, at: null }],
    ['with an unknown way', { ...approved, approval: { ...inTerminal(now), way: 'phone' } }],
    ['with more in its approval', { ...approved, approval: { ...inTerminal(now), more: 1 } }],
    ['that is a list', []],
    ['that is nothing', Object(null)],
  ])('%s', (_what, call) => {
    write(call)
    expect(isApproved(one.record)).toBe(false)
    expect(isApproved(two.record)).toBe(false)
    expect(existsSync(pathOf(one.digest))).toBe(false)
  })

  test.each(['', '{', 'null', '"x"', JSON.stringify(approved).slice(0, -1), `${JSON.stringify(approved)}x`])(
    'that holds %s',
    (text) => {
      writeFileSync(pathOf(one.digest), text)
      expect(isApproved(one.record)).toBe(false)
    },
  )

  test.each([
    ['another call that waits', two.digest],
    ['a call that nobody made', sha256Of('nobody')],
  ])('under the name of %s', (_what, digest) => {
    savePending(stateDir, two, now)
    write(approved, digest)
    expect(isApproved(two.record)).toBe(false)
    expect(isApproved(one.record)).toBe(false)
    expect(findCall(stateDir, approved.code, now)).toBeUndefined()
  })

  test('moved to the name of another call', () => {
    write(approved)
    savePending(stateDir, two, now)
    renameSync(pathOf(one.digest), pathOf(two.digest))
    for (const { record } of [one, two]) expect(isApproved(record)).toBe(false)
  })
})

describe('the time of a record', () => {
  test.each<readonly [string, number, number, boolean]>([
    ['until ten years from now', 0, 10 * 365 * 24 * 60 * minute, true],
    [
      'asked ten minutes ago, until ten years from now',
      -recordLifetimeMs,
      10 * 365 * 24 * 60 * minute,
      false,
    ],
    ['asked in ten minutes', recordLifetimeMs, 2 * recordLifetimeMs, false],
    ['asked in nine minutes', 9 * minute, 19 * minute, true],
    ['until a moment ago', -minute, -1, false],
  ])('%s', (_what, asked, until, isGood) => {
    const iso = (ms: number): string => new Date(now + ms).toISOString()
    const call = withRecord({ asked: iso(asked), until: iso(until) })
    write(call, call.digest)
    expect(isApproved(one.record)).toBe(isGood)
    // No file makes it last longer than ten minutes after it was asked.
    expect(isApproved(one.record, now + asked + recordLifetimeMs)).toBe(false)
  })

  test('is compared with a clock that was set back too: less than ten minutes count, more do not', () => {
    write(approved)
    expect(isApproved(one.record, now - recordLifetimeMs + 1)).toBe(true)
    expect(isApproved(one.record, now - recordLifetimeMs)).toBe(false)
  })

  test.each(['2026-11-30', 'tomorrow', '2026-11-30T12:00:00Z', '', '+010000-01-01T00:00:00.000Z'])(
    'is none: %j',
    (until) => {
      const call = withRecord({ until })
      write(call, call.digest)
      expect(isApproved(one.record)).toBe(false)
    },
  )
})

describe('an approval that was used', () => {
  const useOne = (): RecordKeeper => {
    savePending(stateDir, one, now)
    approveCall(stateDir, one.digest, inTerminal(now), now)
    copyFileSync(pathOf(one.digest), join(stateDir, 'copy'))
    const keeper = recordKeeper(stateDir)
    expect(keeper.use(one)).toBe(true)
    copyFileSync(join(stateDir, 'copy'), pathOf(one.digest))
    return keeper
  }

  test('is refused when its file comes back, in this process and in another one', () => {
    const keeper = useOne()
    expect(keeper.waiting(one.record)).toEqual([])
    for (const place of [keeper, recordKeeper(stateDir)]) {
      expect(place.recordOf(one.record).id).not.toBe(one.record.id)
      expect(place.use(one)).toBe(false)
    }
    expect(recordKeeper(stateDir).use(one)).toBe(false)
    expect(existsSync(pathOf(one.digest))).toBe(false)
  })

  test('is refused by this process even where the mark of its use was removed', () => {
    const keeper = useOne()
    rmSync(pathOf(one.digest, 'used'))
    expect(keeper.waiting(one.record)).toEqual([])
    expect(keeper.use(one)).toBe(false)
  })

  test('is refused with a clock that was set back', () => {
    useOne()
    vi.useFakeTimers({ toFake: ['Date'] })
    for (const ms of [1, 5 * minute, recordLifetimeMs, 60 * minute]) {
      vi.setSystemTime(now - ms)
      listCalls(stateDir)
      const keeper = recordKeeper(stateDir)
      expect(keeper.recordOf(one.record).id).not.toBe(one.record.id)
      expect(keeper.use(one)).toBe(false)
    }
  })
})

describe('500 mutations of an approved file', () => {
  /** Numbers from 0 to 1, the same in each run (mulberry32). */
  const randomFrom = (seed: number) => (): number => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const random = randomFrom(23)
  const below = (end: number): number => Math.floor(random() * end)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const other = { ...storedCall('two', { at: now }), code: 'ZZZZ-ZZZZ', approval: inTerminal(now + 1) }

  const inText = (text: string): string => {
    const at = below(text.length)
    const part = text.slice(at, at + 1 + below(8))
    return pick([
      () => text.slice(0, at) + String.fromCharCode(32 + below(95)) + text.slice(at + 1),
      () => text.slice(0, at) + text.slice(at + part.length),
      () => text.slice(0, at) + part + text.slice(at),
      () => text.slice(0, at),
      () => text.replaceAll(pick(one.digest.split('')), pick(two.digest.split(''))),
    ])()
  }
  /** With one member of another call. All of its record would be that call. */
  const swapped = (mine: object, others: object): object => {
    const name = pick(Object.keys(mine).filter((member) => member !== 'record'))
    return { ...mine, [name]: Reflect.get(others, name) }
  }
  const inMembers = (): string => {
    let call: object = approved
    for (let n = 0; n <= below(3); n++)
      call =
        random() < 0.5
          ? swapped(call, other)
          : { ...call, record: swapped(Reflect.get(call, 'record') as object, other.record) }
    return JSON.stringify(call)
  }

  test('approve no other call, and this one only while its record is whole', () => {
    const counted = { one: 0, none: 0 }
    for (let n = 0; n < 500; n++) {
      const text = random() < 0.5 ? inText(JSON.stringify(approved)) : inMembers()
      const name = pick([one.digest, two.digest, sha256Of(`${n}`)])
      writeFileSync(pathOf(name), text)
      for (const changed of [two.record, recordOf('other', now), withRecord({ caller: 'ada' }).record])
        expect(isApproved(changed), text).toBe(false)
      const found = findSame(stateDir, one.record, now).filter(({ state }) => state === 'approved')
      for (const call of found) {
        expect(name).toBe(one.digest)
        expect(call.digest).toBe(one.digest)
        expect(call.record).toEqual(one.record)
        expect(readFileSync(pathOf(name), 'utf8')).toBe(text)
      }
      counted[found.length > 0 ? 'one' : 'none']++
      rmSync(pathOf(name), { force: true })
    }
    // Both happen, so that the test can fail either way.
    expect(Math.min(counted.one, counted.none)).toBeGreaterThan(10)
  })
})
