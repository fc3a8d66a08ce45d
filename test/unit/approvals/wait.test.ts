import { beforeEach, describe, expect, test } from 'vitest'
import {
  approveCall,
  declineCall,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { awaitDecision } from '../../../src/tools/effects/approval/wait.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'
import { inTerminal, onPage } from '../../support/approvals/decisions.ts'
import { newStateDir, unusableStateDir } from '../../support/approvals/state-folder.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import { keyOf, waitingCall } from '../../support/approvals/waiting-call.ts'

// A call that waits for what a person decides elsewhere.

const long = 30_000
let stateDir: string
let ending: AbortController
let cancel: AbortController
let one: ReturnType<typeof waitingCall>
beforeEach(() => {
  stateDir = newStateDir()
  ending = new AbortController()
  cancel = new AbortController()
  one = waitingCall('one')
  savePending(stateDir, one)
})

/** Waits for the call, as long as a call may wait. `arrived`: how long ago, in ms. */
const wait = (waitMs: number, { arrived = 0, folder = stateDir, callTimeoutSeconds = 900 } = {}) =>
  awaitDecision(
    one.digest,
    keyOf('one'),
    {
      arrivedAt: performance.now() - arrived,
      configuration: { settings: { callTimeoutSeconds } } as ToolContext['configuration'],
      safeguards: {
        stateDir: folder,
        ending: ending.signal,
        callTimes: { waitMs, sendMs: waitMs },
      } as ToolContext['safeguards'],
    },
    cancel.signal,
  )

describe('what was decided before is known at once, even if there is no time', () => {
  test('approved', async () => {
    approveCall(stateDir, one.digest, inTerminal())
    expect(await wait(0)).toMatchObject({ state: 'approved', approval: { way: 'terminal' } })
  })

  test('declined', async () => {
    declineCall(stateDir, one.digest, { way: 'page', person: 'bob' })
    expect(await wait(0)).toMatchObject({ state: 'declined', declined: { way: 'page', person: 'bob' } })
  })

  test('used by another call', async () => {
    approveCall(stateDir, one.digest, inTerminal())
    recordKeeper(stateDir).use(one)
    expect(await wait(0)).toMatchObject({ state: 'used' })
  })
})

test('it ends with the longest time of a call', async () => {
  expect(await wait(long, { callTimeoutSeconds: 1, arrived: 1_000 })).toBeUndefined()
})

describe('a call that waits hears of', () => {
  test('a yes', async () => {
    const waiting = wait(long)
    approveCall(stateDir, one.digest, onPage())
    expect(await waiting).toMatchObject({ state: 'approved', approval: { way: 'page', by: 'page key' } })
  })

  test('a no', async () => {
    const waiting = wait(long)
    declineCall(stateDir, one.digest, { way: 'terminal' })
    expect(await waiting).toMatchObject({ state: 'declined', declined: { way: 'terminal' } })
  })

  test('nothing about another call, nor about another record of the same call', async () => {
    const other = waitingCall('two')
    const again = waitingCall('one', { record: { id: '2'.repeat(32) }, waiter: { key: keyOf('three') } })
    for (const call of [other, again]) {
      savePending(stateDir, call)
      approveCall(stateDir, call.digest, inTerminal())
    }
    expect(await wait(1)).toBeUndefined()
  })

  test('the end of its time, which counts from its arrival', async () => {
    expect(await wait(1)).toBeUndefined()
    expect(await wait(long, { arrived: long })).toBeUndefined()
    expect(await wait(long, { arrived: long - 1 })).toBeUndefined()
  })

  test('the end of the program', async () => {
    const waiting = wait(long)
    ending.abort()
    expect(await waiting).toBeUndefined()
    expect(await wait(long)).toBeUndefined()
  })

  test('its own cancellation', async () => {
    const waiting = wait(long)
    cancel.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
    await expect(wait(long)).rejects.toThrow('cancelled')
  })
})

test('where the state folder cannot be used, nobody can decide: the time passes', async () => {
  expect(await wait(1, { folder: unusableStateDir })).toBeUndefined()
})
