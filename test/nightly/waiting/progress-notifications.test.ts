import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations, type Peer } from '../../support/stdio/peers.ts'
import {
  callWithProgress,
  connectClient,
  expectAnswered,
  expectRising,
} from '../../support/waiting/progress-notifications.ts'

// Waits that are too long for .ci/run, and the progress notifications that clients of both generations receive.

let sandbox: TestSandbox
let peer: Peer | undefined
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 3_000 })
})
beforeEach(() => sandbox.control.reset())
afterEach(() => peer?.close())
afterAll(() => sandbox.close())

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  test('a long wait is notified again, with the remaining time', async () => {
    const limit = { route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 6, times: 1 }
    await sandbox.control.faults([limit])
    peer = await connectClient(connect, sandbox)
    const { notified, result } = await callWithProgress(peer, 'car_list_script_types')
    expectAnswered(result)
    const messages = notified
      .map(({ message = '' }) => message)
      .filter((text) => text !== 'waiting for Qualys')
    expect(messages[0]).toMatch(/^Qualys limits the calls .*\(429\).* [67] s\.$/)
    expect(messages[1]).toMatch(/ [12] s\.$/)
    expect(messages).toHaveLength(2)
    expectRising(notified)
  })

  test('two limits in the middle of a list: values keep rising, rows and sentences together', async () => {
    const limit = { route: 'POST /sm/v2/jobs/search', kind: 'limit', toWaitSec: 1, times: 1 }
    await sandbox.control.faults([
      { ...limit, skip: 1 },
      { ...limit, skip: 2 },
    ])
    peer = await connectClient(connect, sandbox)
    const { notified, result } = await callWithProgress(peer, 'car_search_jobs', {
      match: 'no job is called this',
    })
    expectAnswered(result)
    const isCount = ({ message = '' }) => /^[\d,]+ of 3,000 rows$/.test(message)
    expect(notified.filter((one) => !isCount(one)).length).toBeGreaterThanOrEqual(2)
    expect(notified.some((one) => isCount(one) && one.total === 3_000)).toBe(true)
    expectRising(notified)
  })
})
