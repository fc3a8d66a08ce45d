import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  approveCall,
  decisionOn,
  declineCall,
  declinedAt,
  findCall,
  findPending,
  findSame,
  listCalls,
  noteOutcome,
  pendingCount,
  savePending,
  useRecord,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { inTerminal, onPage } from '../../support/approvals/decisions.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import {
  type Differences,
  keyOf,
  otherServer,
  sha256Of,
  storedCall,
  waitingCall,
} from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// The calls that wait for a person, and what becomes of them, on a clock that the test sets.

const now = Date.now()
const minute = 60_000
let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
})

const callOf = (text: string, more: Differences = {}) => waitingCall(text, { at: now, ...more })
const keep = (text: string, at = now): string => savePending(stateDir, callOf(text), at)
const digestOf = (text: string): string => callOf(text).digest
const approve = (text: string, at = now): boolean => approveCall(stateDir, digestOf(text), inTerminal(at), at)
const decline = (text: string, at = now): boolean =>
  declineCall(stateDir, digestOf(text), { way: 'terminal' }, at)
const isApproved = (text: string, at = now): boolean =>
  findSame(stateDir, callOf(text).record, at).some(({ state }) => state === 'approved')
const use = (text: string, at = now): boolean =>
  useRecord(stateDir, { ...storedCall(text, { at: now }), code: 'AAAA-AAAA', at })
const files = (): string[] => readdirSync(join(stateDir, 'pending')).sort()

describe('a waiting call', () => {
  test('is found by its code, in any case and without its hyphen', () => {
    const code = keep('one')
    expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
    const stored = { code, ...storedCall('one', { at: now }) }
    for (const spelling of [code, code.toLowerCase(), code.replace('-', ''), ` ${code} `]) {
      expect(findCall(stateDir, spelling, now)).toEqual({ ...stored, state: 'pending' })
      expect(findPending(stateDir, spelling, now)?.digest).toBe(stored.digest)
    }
    for (const other of ['', '-', 'ZZZZ-ZZZZ', code.slice(0, 4), `${code}2`, '../../x', '__proto__'])
      expect(findCall(stateDir, other, now)).toBeUndefined()
  })

  test('keeps its code while it is repeated; another call has another', () => {
    const code = keep('one')
    expect(keep('one', now + 9 * minute)).toBe(code)
    expect(keep('two', now + 9 * minute)).not.toBe(code)
    expect(pendingCount(stateDir, now + 9 * minute)).toBe(2)
  })

  test('ends with its record: repeating it does not start the ten minutes again', () => {
    const code = keep('one')
    keep('one', now + 9 * minute)
    expect(findPending(stateDir, code, now + 10 * minute - 1)).toBeDefined()
    expect(findPending(stateDir, code, now + 10 * minute)).toBeUndefined()
    expect(approve('one', now + 10 * minute)).toBe(false)
    expect(decline('one', now + 10 * minute)).toBe(false)
    expect(files()).toEqual([])
  })

  test('is gone if the clock was set back by ten minutes', () => {
    const code = keep('one')
    expect(findPending(stateDir, code, now - 10 * minute + 1)).toBeDefined()
    expect(findPending(stateDir, code, now - 10 * minute)).toBeUndefined()
  })

  test('with another preview replaces the older one, under another code', () => {
    const code = keep('one')
    const changed = callOf('one', { preview: previewOfLines('changed') })
    const other = savePending(stateDir, changed, now)
    expect(other).not.toBe(code)
    expect(findCall(stateDir, code, now)).toBeUndefined()
    expect(files()).toEqual([`${changed.digest}.pending`])
    expect(approve('one')).toBe(false)
    expect(approveCall(stateDir, changed.digest, onPage(now), now)).toBe(true)
    expect(isApproved('one')).toBe(false)
  })

  test('has one code and one file, whichever server makes it, and a no is a no to each', () => {
    const code = keep('one')
    const byOther = { waiter: { server: otherServer, key: keyOf('one, by the other') } }
    expect(savePending(stateDir, callOf('one', byOther), now)).toBe(code)
    expect(keep('one')).toBe(code)
    expect(findPending(stateDir, code, now)?.waiters).toHaveLength(2)
    const changed = savePending(stateDir, callOf('one', { preview: previewOfLines('changed') }), now)
    expect(files()).toHaveLength(2)
    expect(changed).not.toBe(code)
    expect(decline('one')).toBe(true)
    for (const key of [keyOf('one'), keyOf('one, by the other')])
      expect(declinedAt(stateDir, key, now)).toBe(now)
  })

  test('says where its page is, by the process that asked last', () => {
    const linkOf = (port: number) => (code: string) => `http://localhost:${port}/approve/${code}`
    const code = savePending(stateDir, callOf('one', { linkOf: linkOf(1) }), now)
    expect(findPending(stateDir, code, now)?.link).toBe(linkOf(1)(code))
    savePending(stateDir, callOf('one', { linkOf: linkOf(2) }), now)
    expect(findPending(stateDir, code, now)?.link).toBe(linkOf(2)(code))
    keep('one')
    expect(findPending(stateDir, code, now)?.link).toBe(linkOf(2)(code))
  })

  test('approves nothing, and neither does its code', () => {
    const code = keep('one')
    expect(isApproved('one')).toBe(false)
    expect(approveCall(stateDir, sha256Of(code), inTerminal(now), now)).toBe(false)
    expect(findPending(stateDir, code, now)).toBeDefined()
  })
})

describe('a yes', () => {
  test('is for exactly this call, and is said once', () => {
    const code = keep('one')
    keep('two')
    expect(approve('one')).toBe(true)
    expect(approve('one')).toBe(false)
    expect(decline('one')).toBe(false)
    expect(findPending(stateDir, code, now)).toBeUndefined()
    expect(findCall(stateDir, code, now)).toMatchObject({ state: 'approved', approval: inTerminal(now) })
    expect(isApproved('two')).toBe(false)
    expect(isApproved('one')).toBe(true)
    expect(files()).toEqual([`${digestOf('one')}.approved`, `${digestOf('two')}.pending`].sort())
  })

  test('is good until the record ends, whenever it was said', () => {
    keep('one')
    keep('two')
    approve('one')
    approve('two', now + 9 * minute)
    const areApproved = (at: number) => ['one', 'two'].map((text) => isApproved(text, at))
    expect(areApproved(now + 10 * minute - 1)).toEqual([true, true])
    expect(areApproved(now + 10 * minute)).toEqual([false, false])
  })

  test('comes first among identical calls, whichever was asked first', () => {
    for (const [id, at] of [
      ['1'.repeat(32), now],
      ['2'.repeat(32), now + 1],
    ] as const)
      savePending(stateDir, callOf('one', { at, record: { id }, waiter: { key: sha256Of(id) } }), now)
    const [first, second] = findSame(stateDir, callOf('one').record, now)
    expect([first?.state, second?.state]).toEqual(['pending', 'pending'])
    expect(approveCall(stateDir, second?.digest ?? '', inTerminal(now), now)).toBe(true)
    const same = findSame(stateDir, callOf('one').record, now)
    expect(same.map(({ state, digest }) => [state, digest])).toEqual([
      ['approved', second?.digest],
      ['pending', first?.digest],
    ])
  })
})

describe('a no', () => {
  test('takes the call off, and leaves a mark for ten minutes', () => {
    const code = keep('one')
    expect(declinedAt(stateDir, keyOf('one'), now)).toBeUndefined()
    const at = now + minute
    expect(declineCall(stateDir, digestOf('one'), { way: 'page', person: 'ada' }, at)).toBe(true)
    expect(decline('one', at)).toBe(false)
    expect(approve('one', at)).toBe(false)
    expect(files()).toEqual([`${keyOf('one')}.declined`])
    expect(findCall(stateDir, code, at)).toMatchObject({
      state: 'declined',
      declined: { way: 'page', person: 'ada' },
    })
    expect(declinedAt(stateDir, keyOf('one'), now + 11 * minute - 1)).toBe(at)
    expect(declinedAt(stateDir, keyOf('one'), now + 11 * minute)).toBeUndefined()
    expect(declinedAt(stateDir, keyOf('two'), at)).toBeUndefined()
    savePending(stateDir, callOf('two', { at: now + 11 * minute }), now + 11 * minute)
    expect(files()).toEqual([expect.stringMatching(/\.pending$/)])
  })
})

describe('a record', () => {
  test('is used once, and its call no longer waits', () => {
    const code = keep('one')
    approve('one')
    expect(use('one')).toBe(true)
    expect(use('one')).toBe(false)
    expect(files()).toEqual([`${digestOf('one')}.used`])
    expect(findCall(stateDir, code, now)).toMatchObject({ state: 'used', approval: inTerminal(now) })
    expect(isApproved('one')).toBe(false)
    expect(approve('one')).toBe(false)
  })

  test('of a call that a form approved is used as well: a code that was given for it is void', () => {
    keep('one')
    expect(use('one')).toBe(true)
    expect(files()).toEqual([`${digestOf('one')}.used`])
    expect(approve('one')).toBe(false)
  })

  test('needs no folder to be used, since nobody else can approve there', () => {
    expect(use('one')).toBe(true)
    expect(existsSync(stateDir)).toBe(false)
  })

  test('that is used stays so until it would have ended', () => {
    keep('one')
    use('one')
    listCalls(stateDir, now + 10 * minute - 1)
    expect(use('one', now + 10 * minute - 1)).toBe(false)
  })
})

describe('what became of a call', () => {
  const decision = (at = now) => decisionOn(stateDir, digestOf('one'), keyOf('one'), at)

  test('is unknown until a person decides', () => {
    expect(decision()).toBeUndefined()
    keep('one')
    expect(decision()).toBeUndefined()
  })

  test('is approved, used, declined', () => {
    keep('one')
    approve('one')
    expect(decision()?.state).toBe('approved')
    use('one')
    expect(decision()?.state).toBe('used')
    keep('two')
    decline('two')
    expect(decisionOn(stateDir, digestOf('two'), keyOf('two'), now)?.state).toBe('declined')
  })

  test('is no decision about another record of the same call', () => {
    keep('one')
    decline('one')
    const again = callOf('one', { record: { id: '2'.repeat(32) } })
    savePending(stateDir, again, now)
    expect(decisionOn(stateDir, again.digest, keyOf('one'), now)).toBeUndefined()
  })

  test('is said in one sentence once it ran', () => {
    const code = keep('one')
    noteOutcome(stateDir, digestOf('one'), 'Too early.', now)
    approve('one')
    use('one')
    noteOutcome(stateDir, digestOf('one'), 'It was sent.', now)
    expect(findCall(stateDir, code, now)).toMatchObject({ state: 'used', outcome: 'It was sent.' })
    expect(files()).toHaveLength(1)
  })
})

test('all calls are listed, newest first, one that several servers made once', () => {
  for (const [n, text] of ['one', 'two', 'three', 'four'].entries())
    savePending(stateDir, callOf(text, { at: now + n }), now)
  const four = callOf('four', { at: now + 3, waiter: { server: otherServer, key: keyOf('other') } })
  savePending(stateDir, four, now)
  declineCall(stateDir, four.digest, { way: 'terminal' }, now + 10)
  approve('one', now + 20)
  expect(listCalls(stateDir, now + 20).map(({ state, record }) => [state, record.id])).toEqual(
    (
      [
        ['approved', 'one'],
        ['declined', 'four'],
        ['pending', 'three'],
        ['pending', 'two'],
      ] as const
    ).map(([state, text]) => [state, callOf(text).record.id]),
  )
})
