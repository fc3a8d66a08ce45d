import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  approvePending,
  keepPending,
  takeApproval,
} from '../../../src/tools/effects/approval/pending-calls.ts'
import { bundled, runTogether } from '../../support/audit/processes.ts'

// Approvals where it takes other processes to try them; the rest is in test/unit/approvals.

const now = Date.now()
let stateDir: string
let pending: string
beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), 'qualys-state-')), 'state')
  pending = join(stateDir, 'pending')
})
afterEach(() => rmSync(join(stateDir, '..'), { recursive: true }))

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const keep = (text: string): string =>
  keepPending(stateDir, { digest: digestOf(text), tool: 'car_execute_script', preview: text }, now)

test('an approval goes to one of many processes', async () => {
  const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
  for (const text of texts) expect(approvePending(stateDir, keep(text), now)).toBe(true)
  const digests = texts.map(digestOf)
  const taker = new URL('../../support/approvals/taker.ts', import.meta.url)
  const script = await bundled(taker, join(stateDir, '..'))
  const taken = await runTogether(script, 6, [stateDir, ...digests])
  expect(taken.join('').trim().split('\n').sort()).toEqual([...digests].sort())
  expect(readdirSync(pending)).toEqual([])
})

test('many terminals give one approval, and leave nothing half-written', async () => {
  const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
  const codes = texts.map(keep)
  const approver = new URL('../../support/approvals/approver.ts', import.meta.url)
  const script = await bundled(approver, join(stateDir, '..'))
  const approved = await runTogether(script, 6, [stateDir, ...codes])
  expect(approved.join('').trim().split('\n').sort()).toEqual([...codes].sort())
  expect(readdirSync(pending).sort()).toEqual(texts.map((text) => `${digestOf(text)}.approved`).sort())
})

test.skipIf(process.platform === 'win32')(
  'a pipe that nobody writes holds nobody up, and is no approval',
  () => {
    keep('other')
    execFileSync('mkfifo', [join(pending, `${digestOf('one')}.approved`)])
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    keep('other')
    expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
  },
)
