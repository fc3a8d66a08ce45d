import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { generations, type Peer, textOf } from '../../support/stdio/peers.ts'

// What clients of both generations hear of a call of the built program that has to wait.

interface News {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let peer: Peer | undefined
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 3_000 })
})
beforeEach(() => sandbox.control.reset())
afterEach(() => peer?.close())
afterAll(() => sandbox.close())

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  async function heardOf(tool: string, args: Record<string, unknown>, extra = {}) {
    peer = await connect(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '30', ...extra }))
    const news: News[] = []
    const onprogress = (one: News): void => void news.push(one)
    const result = await peer.callTool({ name: tool, arguments: args }, { onprogress })
    return { news, result }
  }

  /** "progress … MUST increase with each notification, even if the total is unknown" (MCP). */
  function expectRising(news: readonly News[]): void {
    const values = news.map(({ progress }) => progress)
    expect(values).toEqual([...new Set(values)].sort((one, other) => one - other))
  }

  test('a limit: why it waits and for how long, and then the answer', async () => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 6, times: 1 },
    ])
    const { news, result } = await heardOf('car_list_script_types', {})
    expect(result.isError ?? false, textOf(result)).toBe(false)
    const messages = news.map(({ message = '' }) => message)
    expect(messages[0]).toMatch(/^Qualys limits the calls .*\(429\).* [67] s\.$/)
    // A wait that goes on is told again, with what is left.
    expect(messages[1]).toMatch(/ [12] s\.$/)
    expect(messages).toHaveLength(2)
    expectRising(news)
  })

  test('something that broke is told as that', async () => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/script-types', kind: 'html', status: 503, times: 1 },
      { route: 'GET /sm/v1/script-types', kind: 'reset', times: 1, skip: 1 },
    ])
    const { news, result } = await heardOf('car_list_script_types', {})
    expect(result.isError ?? false, textOf(result)).toBe(false)
    const messages = news.map(({ message }) => message)
    expect(messages).toEqual([expect.stringMatching(/503/), expect.stringMatching(/connection .*broke/)])
    expectRising(news)
  })

  test('in the middle of a list that is scanned: values go on rising, rows and news together', async () => {
    await sandbox.control.faults([
      { route: 'POST /sm/v2/jobs/search', kind: 'limit', toWaitSec: 1, times: 1, skip: 1 },
      { route: 'POST /sm/v2/jobs/search', kind: 'limit', toWaitSec: 1, times: 1, skip: 2 },
    ])
    const { news, result } = await heardOf('car_search_jobs', { match: 'no job is called this' })
    expect(result.isError ?? false, textOf(result)).toBe(false)
    expect(news.filter(({ message }) => message !== undefined).length).toBeGreaterThanOrEqual(2)
    expect(news.some(({ message, total }) => message === undefined && total === 3_000)).toBe(true)
    expectRising(news)
  })

  test('a limit that is longer than its patience: busy with the seconds, and no news', async () => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 90 }])
    const { news, result } = await heardOf('car_list_script_types', {})
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(/Call again in 90 s\./)
    expect(news).toEqual([])
  })

  test('a login that has to wait is told to the call that waits for it', async () => {
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'limit', toWaitSec: 1, times: 1 }])
    const { news, result } = await heardOf('car_list_script_types', {})
    expect(result.isError ?? false, textOf(result)).toBe(false)
    expect(news.map(({ message }) => message)).toEqual([expect.stringMatching(/429.* [12] s\.$/)])
  })
})
