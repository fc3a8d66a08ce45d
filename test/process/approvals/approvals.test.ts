import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import {
  approveCall,
  findSame,
  listCalls,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { inTerminal } from '../../support/approvals/decisions.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { keyOf, waitingCall } from '../../support/approvals/waiting-call.ts'
import { bundleScript, runConcurrently } from '../../support/audit/processes.ts'

// Approvals that need other processes to test; the rest is in test/unit/approvals.

const now = Date.now()
const texts = Array.from({ length: 60 }, (_, n) => `call ${n}`)
let stateDir: string
let pending: string
beforeEach(() => {
  stateDir = newStateDir()
  pending = join(stateDir, 'pending')
})

/** Stores a call, each of another server, and returns its digest. */
function keep(text: string): string {
  const call = waitingCall(text, { at: now, waiter: { server: randomUUID() } })
  savePending(stateDir, call, now)
  return call.digest
}

/** What each of six processes prints that start together. */
async function printed(source: URL, ...args: readonly string[]): Promise<string[]> {
  const bundle = await bundleScript(source, join(stateDir, '..'))
  const outputs = await runConcurrently(bundle, 6, args)
  return outputs.join('').trim().split('\n').sort()
}

test('a record is used by one of many processes', async () => {
  const digests = texts.map(keep)
  for (const digest of digests) expect(approveCall(stateDir, digest, inTerminal(now), now)).toBe(true)
  expect(await printed(new URL('../../support/approvals/user.ts', import.meta.url), stateDir)).toEqual(
    [...digests].sort(),
  )
  expect(readdirSync(pending).sort()).toEqual(digests.map((digest) => `${digest}.used`).sort())
  expect(listCalls(stateDir, now).map(({ state }) => state)).toEqual(texts.map(() => 'used'))
})

test('many terminals give one approval, and leave no partial file', async () => {
  const digests = texts.map(keep)
  expect(
    await printed(new URL('../../support/approvals/approver.ts', import.meta.url), stateDir, ...digests),
  ).toEqual([...digests].sort())
  expect(readdirSync(pending).sort()).toEqual(digests.map((digest) => `${digest}.approved`).sort())
})

test('a yes and a no at once: each call has one answer', async () => {
  const digests = texts.map(keep)
  expect(
    await printed(new URL('../../support/approvals/answerer.ts', import.meta.url), stateDir, ...digests),
  ).toEqual([...digests].sort())
  const names = [
    ...digests.map((digest) => `${digest}.approved`),
    ...texts.map((text) => `${keyOf(text)}.declined`),
  ]
  const left = readdirSync(pending)
  expect(left).toHaveLength(60)
  expect(names).toEqual(expect.arrayContaining(left))
})

test('processes that start at once agree on the id of each state folder', async () => {
  const folders = Array.from({ length: 20 }, (_, n) => join(stateDir, `folder ${n}`))
  mkdirSync(stateDir)
  const ids = await printed(new URL('../../support/approvals/server-id.ts', import.meta.url), ...folders)
  const stored = folders.map((folder) => readFileSync(join(folder, 'server-id'), 'utf8').trim())
  expect(ids).toEqual(stored.flatMap((id) => Array(6).fill(id)).sort())
  for (const folder of folders) expect(readdirSync(folder)).toEqual(['server-id'])
})

test.skipIf(process.platform === 'win32')(
  'a pipe without a writer does not block, and is no approval',
  () => {
    const other = keep('other')
    const one = waitingCall('one', { at: now })
    execFileSync('mkfifo', [join(pending, `${one.digest}.approved`)])
    expect(findSame(stateDir, one.record, now)).toEqual([])
    expect(readdirSync(pending)).toEqual([`${other}.pending`])
  },
)
