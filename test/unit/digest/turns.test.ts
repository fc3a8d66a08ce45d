import { afterEach, expect, test, vi } from 'vitest'
import { Digest } from '../../../src/tools/digest/digest.ts'
import { LineStore } from '../../../src/tools/digest/lines/line-store.ts'
import { hostResults, hostsLike } from '../../support/workflows/digest.ts'

// Other work runs while outputs are compared. The clock stands, or goes on by a second at each look: so every step ends
// a turn.

afterEach(() => vi.restoreAllMocks())

function clockThatGoesOn(): void {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
}

/** Counts the turns of the event loop while some work goes on. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, isDone] = [0, false]
  const count = (): void => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  try {
    await work
  } finally {
    isDone = true
  }
  return turns
}

const hosts = hostResults(
  hostsLike(30, (index) => `check ${index % 3} ok\nfree ${index} MB\ndisk sda${index}`),
)

/** Longer than what the store keeps of an output once it is full. */
const longOutput = (host: number): string => `host ${host} ${'x'.repeat(60_000)}`

test('the kinds are the same, wherever a turn ends, and other work has its turns', async () => {
  const atOnce = new Digest()
  for (const host of hosts) atOnce.add(host)
  vi.spyOn(performance, 'now').mockReturnValue(0)
  const expected = await atOnce.kinds()
  clockThatGoesOn()
  const inTurns = new Digest()
  const add = async (): Promise<void> => {
    for (const host of hosts) await inTurns.addInTurns(host, new AbortController().signal)
  }
  await add()
  const kinds = inTurns.kinds()
  expect(await turnsDuring(kinds)).toBeGreaterThan(100)
  expect(await kinds).toEqual(expected)
})

test('to compare less of each output takes a step for each output', { timeout: 60_000 }, () => {
  const store = new LineStore()
  let steps = 0
  for (let host = 0; !store.isCut; host++) {
    steps = [...store.adding(longOutput(host), undefined)].length
    if (!store.isCut) expect(steps).toBe(0)
  }
  expect(steps).toBeGreaterThan(store.hosts.length)
})

test('adding ends between two steps if the caller has gone', { timeout: 60_000 }, async () => {
  clockThatGoesOn()
  const digest = new Digest()
  const controller = new AbortController()
  controller.abort()
  const add = async (): Promise<void> => {
    for (const [at, host] of hosts.entries())
      for (let copy = 0; copy < 40; copy++)
        await digest.addInTurns({ ...host, output: longOutput(at * 40 + copy) }, controller.signal)
  }
  await expect(add()).rejects.toThrow('aborted')
  expect(digest.size).toBeLessThan(hosts.length * 40)
})
