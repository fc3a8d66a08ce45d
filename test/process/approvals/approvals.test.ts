import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  approvePending,
  savePending,
  takeApproval,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { digestOf, keyOf, waitingCall } from '../../support/approvals/waiting-call.ts'
import { bundleScript, runConcurrently } from '../../support/audit/processes.ts'

// Approvals that need other processes to test; the rest is in test/unit/approvals.

const now = Date.now()
let stateDir: string
let pending: string
beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), 'qualys-state-')), 'state')
  pending = join(stateDir, 'pending')
})
afterEach(() => rmSync(join(stateDir, '..'), { recursive: true }))

const keep = (text: string): string =>
  savePending(stateDir, waitingCall(text, { waiter: { server: randomUUID() } }), now)

test('an approval goes to one of many processes', async () => {
  const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
  for (const text of texts) expect(approvePending(stateDir, keep(text), now)).toBe(true)
  const digests = texts.map(digestOf)
  const taker = new URL('../../support/approvals/taker.ts', import.meta.url)
  const script = await bundleScript(taker, join(stateDir, '..'))
  const taken = await runConcurrently(script, 6, [stateDir, ...digests])
  expect(taken.join('').trim().split('\n').sort()).toEqual([...digests].sort())
  expect(readdirSync(pending)).toEqual([])
})

test('many terminals give one approval, and leave no partial file', async () => {
  const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
  const codes = texts.map(keep)
  const approver = new URL('../../support/approvals/approver.ts', import.meta.url)
  const script = await bundleScript(approver, join(stateDir, '..'))
  const approved = await runConcurrently(script, 6, [stateDir, ...codes])
  expect(approved.join('').trim().split('\n').sort()).toEqual([...codes].sort())
  expect(readdirSync(pending).sort()).toEqual(texts.map((text) => `${digestOf(text)}.approved`).sort())
})

test('a yes and a no at once: each code has one answer', async () => {
  const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
  const codes = texts.map(keep)
  const answerer = new URL('../../support/approvals/answerer.ts', import.meta.url)
  const script = await bundleScript(answerer, join(stateDir, '..'))
  const answered = await runConcurrently(script, 6, [stateDir, ...codes])
  expect(answered.join('').trim().split('\n').sort()).toEqual([...codes].sort())
  const names = texts.flatMap((text) => [`${digestOf(text)}.approved`, `${keyOf(text)}.declined`])
  const left = readdirSync(pending)
  expect(left).toHaveLength(60)
  expect(names).toEqual(expect.arrayContaining(left))
})

test.skipIf(process.platform === 'win32')(
  'a pipe without a writer does not block, and is no approval',
  () => {
    keep('other')
    execFileSync('mkfifo', [join(pending, `${digestOf('one')}.approved`)])
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    keep('other')
    expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
  },
)
