import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { BusyError } from '../../../src/shared/errors.ts'
import { findPending, savePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { type Differences, keyOf, otherServer, waitingCall } from '../../support/approvals/waiting-call.ts'

// How many calls may wait. None is pushed out by another.

const now = Date.now()
const minute = 60_000
let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
})

const keep = (text: string, more: Differences = {}, at = now): string =>
  savePending(stateDir, waitingCall(text, { at, ...more }), at)
const keepTen = (): string[] => Array.from({ length: 10 }, (_, n) => keep(`call ${n}`, {}, now + n))
const waits = (code: string): boolean => findPending(stateDir, code, now + 20) !== undefined

test('ten calls wait, and the eleventh and twelfth are refused: each of the ten keeps its code', () => {
  const codes = keepTen()
  expect(new Set(codes).size).toBe(10)
  for (const text of ['call 10', 'call 11']) expect(() => keep(text)).toThrow(BusyError)
  expect(codes.map(waits)).toEqual(codes.map(() => true))
  expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
})

test('files of others in the folder stay, half-written ones of ours go', () => {
  keep('one')
  const folder = join(stateDir, 'pending')
  const [digest = ''] = readdirSync(folder).map((name) => name.split('.')[0])
  const others = [`${digest}.txt`, digest, 'notes.pending', '.DS_Store']
  for (const name of others) writeFileSync(join(folder, name), 'x')
  writeFileSync(join(folder, `${'0'.repeat(64)}.pending`), 'x')
  keep('two')
  const left = readdirSync(folder)
  expect(left).toEqual(expect.arrayContaining(others))
  expect(left).toHaveLength(others.length + 2)
})

test('the refusal names the calls that wait, until when, and what a person can do', () => {
  const codes = keepTen()
  const refused = (() => {
    try {
      keep('call 10', {}, now + 30)
    } catch (error) {
      return error as BusyError
    }
    return undefined
  })()
  const end = `${new Date(now + 10 * minute).toISOString().slice(0, 19)}Z`
  const named = codes.map((code) => `car_execute_script ${code}`).join(', ')
  expect(refused?.message).toBe(
    `10 calls wait for a person already (${named}), the first of them until ${end}; this call got no code, and nothing was sent.`,
  )
  expect(refused?.next).toContain(
    `approve or decline one of them, on its approval page or in a terminal with \`qualys-mcp approve CODE --state-dir ${stateDir}\``,
  )
})

test('a call that waits already needs no further place, with the same preview or another', () => {
  const codes = keepTen()
  expect(keep('call 3', {}, now + 3)).toBe(codes[3])
  const changed = keep('call 3', { record: { id: 'a'.repeat(32) } })
  expect(changed).not.toBe(codes[3])
  expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
})

test('a place is free when a call is answered, and when one expires', () => {
  const [first = ''] = keepTen()
  approveCode(stateDir, first, now + 20)
  keep('call 10', {}, now + 20)
  expect(() => keep('call 11', {}, now + 20)).toThrow(BusyError)
  // The second call was made a millisecond after the first.
  expect(() => keep('call 11', {}, now + 10 * minute)).toThrow(BusyError)
  keep('call 11', {}, now + 10 * minute + 1)
})

test('another server, and another caller of this one, have places of their own', () => {
  keepTen()
  for (const origin of [{ server: otherServer }, { caller: 'somebody' }]) {
    const keepAs = (text: string): string => {
      const own = `${JSON.stringify(origin)} ${text}`
      return keep(own, { waiter: { ...origin, key: keyOf(own) } })
    }
    for (let n = 0; n < 10; n++) keepAs(`call ${n}`)
    expect(() => keepAs('call 10')).toThrow(BusyError)
  }
  expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(30)
})

test('two servers that make the same ten calls share the files, and each is refused an eleventh', () => {
  const codes = keepTen()
  const keepAsOther = (text: string, n = 10): string =>
    keep(text, { waiter: { server: otherServer, key: keyOf(`${text} by the other`) } }, now + n)
  expect(codes.map((_, n) => keepAsOther(`call ${n}`, n))).toEqual(codes)
  expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
  expect(() => keep('call 10')).toThrow(BusyError)
  expect(() => keepAsOther('call 10')).toThrow(BusyError)
})

test('all servers that share a folder have a hundred places', () => {
  for (let n = 0; n < 100; n++) {
    const nth = String(Math.floor(n / 10)).padStart(12, '0')
    keep(`call ${n}`, { waiter: { server: `33333333-3333-4333-8333-${nth}` } })
  }
  expect(() => keep('one more', { waiter: { server: otherServer } })).toThrow(
    /^100 calls of the servers that share this state folder wait for a person already, the first of them until/,
  )
  expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(100)
})
