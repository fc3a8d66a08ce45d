import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DeclinedError } from '../../../src/shared/errors.ts'
import type { ApprovalRecord, ApprovalSubject } from '../../../src/tools/approvals.ts'
import { digestOf } from '../../../src/tools/effects/approval/approval-record.ts'
import {
  approveCall,
  declineCall,
  findCall,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { useOnce } from '../../../src/tools/effects/approval/records.ts'
import { inTerminal } from '../../support/approvals/decisions.ts'
import { newStateDir, unusableStateDir } from '../../support/approvals/state-folder.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import { keyOf, recordOf, server, sha256Of } from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// An identical call finds the record of an earlier one again, for as long as that is good.

const start = Date.now()
const minute = 60_000
const preview = previewOfLines('one', 'now')
let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
  vi.useFakeTimers({ toFake: ['Date'], now: start })
})
afterEach(() => void vi.useRealTimers())

/** A process that is started now. */
const open = (folder = stateDir) => recordKeeper(folder)
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
const subjectOf = (text: string, more: Partial<ApprovalSubject> = {}): ApprovalSubject => {
  const { v: _, id: _id, asked: _asked, until: _until, ...subject } = recordOf(text, start, more)
  return subject
}
const one = subjectOf('one')
const callOf = (record: ApprovalRecord) => ({ record, digest: digestOf(record), preview })

/** Stores the call of a record, as a process that asks does. */
const save = (record: ApprovalRecord, key = keyOf('one')): string =>
  savePending(stateDir, { ...callOf(record), ways: ['terminal'], waiter: { server, caller: 'stdio', key } })
const approve = (record: ApprovalRecord): boolean => approveCall(stateDir, digestOf(record), inTerminal())
const decline = (record: ApprovalRecord): boolean =>
  declineCall(stateDir, digestOf(record), { way: 'terminal' })

describe('a record', () => {
  test('is about its subject, random, and good for ten minutes', () => {
    const record = open().recordOf(one)
    expect(record).toEqual({
      ...one,
      v: 1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      asked: new Date(start).toISOString(),
      until: new Date(start + 10 * minute).toISOString(),
    })
    expect(open(newStateDir()).recordOf(one).id).not.toBe(record.id)
  })

  test('is found again by the identical call, which does not start the ten minutes again', () => {
    const keeper = open()
    const record = keeper.recordOf(one)
    pass(10 * minute - 1)
    expect(keeper.recordOf({ ...one })).toBe(record)
    pass(1)
    const next = keeper.recordOf(one)
    expect(next.id).not.toBe(record.id)
    expect(next.asked).toBe(new Date().toISOString())
  })

  test.each(['server', 'account', 'platform', 'caller', 'tool', 'effect', 'arguments', 'preview'] as const)(
    'is not found by a call with another %s, whether it waits or is approved',
    (member) => {
      const keeper = open()
      const record = keeper.recordOf(one)
      const other = { ...one, [member]: sha256Of('other') }
      expect(keeper.recordOf(other).id).not.toBe(record.id)
      save(record)
      for (const place of [keeper, open()]) expect(place.waiting(other)).toEqual([])
      approve(record)
      for (const place of [keeper, open()]) {
        expect(place.waiting(other)).toEqual([])
        expect(place.recordOf(other).id).not.toBe(record.id)
        expect(place.recordOf(one)).toEqual(record)
      }
    },
  )

  test('is not found again after the clock was set back by ten minutes', () => {
    const keeper = open()
    const { id } = keeper.recordOf(one)
    pass(-10 * minute)
    expect(keeper.recordOf(one).id).not.toBe(id)
  })
})

describe('two processes with one state folder', () => {
  test('share a record that waits, and one that is approved', () => {
    const record = open().recordOf(one)
    save(record)
    expect(open().recordOf(one)).toEqual(record)
    approve(record)
    expect(open().recordOf(one)).toEqual(record)
    expect(open(newStateDir()).recordOf(one).id).not.toBe(record.id)
  })

  test('take what is approved before what waits, even if each has a record of its own', () => {
    const [first, second] = [open(), open()]
    const mine = first.recordOf(one)
    const other = second.recordOf(one)
    expect(mine.id).not.toBe(other.id)
    save(mine)
    save(other, keyOf('of the other'))
    approve(other)
    expect(first.recordOf(one)).toEqual(other)
    expect(first.waiting(one).map(({ state }) => state)).toEqual(['approved', 'pending'])
  })

  test('use a record once, and neither finds it again', () => {
    const [first, second] = [open(), open()]
    const record = first.recordOf(one)
    save(record)
    expect(second.recordOf(one)).toEqual(record)
    approve(record)
    expect(first.use(callOf(record))).toBe(true)
    expect(second.use(callOf(record))).toBe(false)
    for (const keeper of [first, second, open()]) {
      expect(keeper.waiting(one)).toEqual([])
      expect(keeper.recordOf(one).id).not.toBe(record.id)
    }
  })

  test('do not find a record again that the other one used, before they tried to use it', () => {
    const [first, second] = [open(), open()]
    const record = first.recordOf(one)
    save(record)
    second.recordOf(one)
    approve(record)
    first.use(callOf(record))
    expect(second.recordOf(one).id).not.toBe(record.id)
  })

  test('do not find a record again that a person declined', () => {
    const [first, second] = [open(), open()]
    const record = first.recordOf(one)
    save(record)
    second.recordOf(one)
    expect(decline(record)).toBe(true)
    for (const keeper of [first, second, open()]) expect(keeper.recordOf(one).id).not.toBe(record.id)
  })
})

describe('a record that is used', () => {
  test('stays used when a copy of its approval comes back, here and after a restart', () => {
    const keeper = open()
    const record = keeper.recordOf(one)
    const code = save(record)
    approve(record)
    keeper.use(callOf(record))
    save(record)
    approve(record)
    expect(keeper.waiting(one)).toEqual([])
    expect(keeper.use(callOf(record))).toBe(false)
    const restarted = open()
    expect(restarted.use(callOf(record))).toBe(false)
    expect(restarted.waiting(one)).toEqual([])
    expect(findCall(stateDir, code)?.state).toBe('used')
  })

  test('stays used when the clock is set back', () => {
    const keeper = open()
    const record = keeper.recordOf(one)
    save(record)
    approve(record)
    keeper.use(callOf(record))
    pass(-5 * minute)
    for (const place of [keeper, open()]) expect(place.use(callOf(record))).toBe(false)
  })

  test('keeps what became of its call', () => {
    const keeper = open()
    const record = keeper.recordOf(one)
    const code = save(record)
    approve(record)
    keeper.use(callOf(record))
    keeper.recordOutcome(callOf(record), 'It was sent, and Qualys took it.')
    expect(findCall(stateDir, code)).toMatchObject({
      state: 'used',
      outcome: 'It was sent, and Qualys took it.',
      approval: inTerminal(start),
    })
  })
})

test('a record that says it was asked in nine minutes is used once, for as long as it is good', () => {
  const keeper = open()
  const times = { asked: new Date(start + 9 * minute), until: new Date(start + 19 * minute) }
  const record = {
    ...keeper.recordOf(one),
    asked: times.asked.toISOString(),
    until: times.until.toISOString(),
  }
  expect(keeper.use(callOf(record))).toBe(true)
  pass(18 * minute)
  // What others wait for makes the process forget what is over.
  keeper.recordOf(subjectOf('two'))
  expect(keeper.use(callOf(record))).toBe(false)
})

test('a record that ended is not found again in this process', () => {
  const keeper = open()
  const record = keeper.recordOf(one)
  save(record)
  keeper.records.end(digestOf(record))
  expect(keeper.waiting(one)).toEqual([])
  expect(keeper.recordOf(one).id).not.toBe(record.id)
  expect(keeper.use(callOf(record))).toBe(false)
})

test('a state folder that cannot be used still leaves records in memory, each used once', () => {
  const keeper = open(unusableStateDir)
  const record = keeper.recordOf(one)
  expect(keeper.recordOf(one)).toBe(record)
  expect(keeper.waiting(one)).toEqual([])
  expect(keeper.use(callOf(record))).toBe(true)
  expect(keeper.use(callOf(record))).toBe(false)
  keeper.recordOutcome(callOf(record), 'It was sent.')
  expect(keeper.recordOf(one).id).not.toBe(record.id)
})

describe('just before the request', () => {
  test('a record is used once, and a repeated request of the same call is still that call', () => {
    const keeper = open()
    const once = useOnce(callOf(keeper.recordOf(one)), keeper.store)
    once()
    once()
  })

  test('of two calls with one record the second is refused, here and in another process', () => {
    const [keeper, elsewhere] = [open(), open()]
    const record = keeper.recordOf(one)
    save(record)
    approve(record)
    const [first, second, third] = [keeper, keeper, elsewhere].map((place) =>
      useOnce(callOf(record), place.store),
    )
    first?.()
    for (const late of [second, third]) {
      expect(late).toThrow(DeclinedError)
      // It does not become the same call by another try.
      expect(late).toThrow(/^The approval was used by another call meanwhile; nothing was sent\.$/)
    }
    expect(readdirSync(join(stateDir, 'pending'))).toEqual([`${digestOf(record)}.used`])
  })
})
