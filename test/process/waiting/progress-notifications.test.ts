import { describe, expect, test } from 'vitest'
import { openSandbox } from '../../support/sandbox.ts'
import { generations, textOf } from '../../support/stdio/peers.ts'
import {
  callWithProgress,
  connectClient,
  expectAnswered,
  expectRising,
} from '../../support/waiting/progress-notifications.ts'

// Clients of both generations get progress notifications of what a call waits for. Their texts: test/unit/waiting.

const types = 'GET /sm/v1/script-types'
const search = 'POST /sm/v2/jobs/search'
const fault = (route: string, kind: string, more: object = {}) => ({ route, kind, times: 1, ...more })

// Each waits some seconds for a clock.
describe.concurrent('why a call waits and for how long, then its answer', () => {
  test.for(Object.entries(generations))('%s', async ([, connect], { onTestFinished }) => {
    const sandbox = await openSandbox({ jobs: 2_000 })
    const peer = await connectClient(connect, sandbox)
    onTestFinished(async () => {
      await peer.close()
      await sandbox.close()
    })
    const { faults } = sandbox.control

    await faults([fault('POST /auth', 'limit', { toWaitSec: 1 })])
    const login = await callWithProgress(peer, 'car_list_script_types')
    expectAnswered(login.result)
    expect(login.notified.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Qualys limits the calls .*\(429\).* [12] s\.$/),
    ])

    await faults([fault(types, 'html', { status: 503 }), fault(types, 'reset', { skip: 1 })])
    const broken = await callWithProgress(peer, 'car_list_script_types')
    expectAnswered(broken.result)
    expect(broken.notified.map(({ message }) => message)).toEqual([
      expect.stringMatching(/503/),
      expect.stringMatching(/connection .*broke/),
    ])
    expectRising(broken.notified)

    await faults([fault(search, 'limit', { skip: 1 })])
    const scan = await callWithProgress(peer, 'car_search_jobs', { match: 'no job is called this' })
    expectAnswered(scan.result)
    expectRising(scan.notified)
    const counts = /^[\d,]+ of 2,000 rows$/
    expect(scan.notified.filter(({ message = '' }) => !counts.test(message))).toHaveLength(1)
    // Some clients drop notifications that arrive just before the answer.
    expect(scan.notified.find(({ message = '' }) => counts.test(message))).toMatchObject({
      progress: 1_000,
      total: 2_000,
      message: '1,000 of 2,000 rows',
    })

    await faults([{ route: types, kind: 'limit', toWaitSec: 90 }])
    const busy = await callWithProgress(peer, 'car_list_script_types')
    expect(busy.result.isError).toBe(true)
    expect(textOf(busy.result)).toMatch(/Call again in 90 s\./)
    expect(busy.notified).toEqual([])
  })
})
