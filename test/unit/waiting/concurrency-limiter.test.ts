import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { FairLimiter } from '../../../src/session/http/concurrency-limiter.ts'
import { deferred } from '../../support/session/deferred.ts'

// Which request is next, and how many at once, on a fake clock.

/** Work that the test finishes. */
function openLimiter(width: number) {
  let now = 0
  const gate = new FairLimiter(width, () => now)
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, caller: object = {}, signal?: AbortSignal): Promise<void> => {
    const { promise, resolve: end } = deferred()
    ends.set(name, end)
    const work = async (): Promise<void> => {
      started.push(name)
      await promise
    }
    return gate.run(work, caller, signal)
  }
  const finish = async (...names: string[]): Promise<void> => {
    for (const name of names) ends.get(name)?.()
    await tick()
  }
  return { gate, started, begin, finish, pass: (ms: number) => (now += ms) }
}

test('a refusal halves the limit at once, and it rises again after a while', async () => {
  const { gate, started, begin, finish, pass } = openLimiter(2)
  expect(gate.limit).toBe(2)
  gate.backOff()
  expect(gate.limit).toBe(1)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  pass(10 * 60_000)
  expect(gate.limit).toBe(2)
  await finish('a')
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('b', 'c', 'd')
  await Promise.all(work)
})

test('a request after the limit has risen lets waiting ones start', async () => {
  const { gate, started, begin, finish, pass } = openLimiter(2)
  gate.backOff()
  const work = ['a', 'b'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  pass(60_000)
  const late = begin('c')
  await tick()
  expect(started).toEqual(['a', 'b'])
  await finish('a', 'b', 'c')
  await Promise.all([...work, late])
  expect(started).toEqual(['a', 'b', 'c'])
})

test('the limit never falls to zero, however often requests are refused', async () => {
  const { gate, begin, finish } = openLimiter(8)
  for (let time = 0; time < 10; time++) gate.backOff()
  expect(gate.limit).toBe(1)
  const work = begin('a')
  await finish('a')
  await work
})

test('a reported limit applies until another one is reported, and lets waiting requests start', async () => {
  const { gate, started, begin, finish, pass } = openLimiter(3)
  gate.setLimit(1)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  pass(1_000)
  gate.setLimit(2)
  await tick()
  expect(started).toEqual(['a', 'b'])
  gate.setLimit(100)
  await tick()
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('a', 'b', 'c', 'd')
  await Promise.all(work)
})

test('lowered while many requests run, it lets none start until few are left', async () => {
  const { gate, started, begin, finish } = openLimiter(3)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  gate.setLimit(1)
  await finish('a')
  await finish('b')
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('c')
  expect(started).toEqual(['a', 'b', 'c', 'd'])
  await finish('d')
  await Promise.all(work)
})

test('a cancelled wait leaves no gap, and no listener', async () => {
  const { gate, started, begin, finish } = openLimiter(1)
  const caller = {}
  const stop = new Error('the assistant gave up')
  const cancel = new AbortController()
  const first = begin('a', caller)
  const abandoned = ['b', 'c'].map((name) => begin(name, caller, cancel.signal))
  const other = begin('d')
  const last = begin('e', caller, cancel.signal).catch((error: unknown) => error)
  cancel.abort(stop)
  for (const one of abandoned) await expect(one).rejects.toBe(stop)
  expect(await last).toBe(stop)
  await finish('a')
  expect(started).toEqual(['a', 'd'])
  await finish('d')
  await Promise.all([first, other])
  const after = begin('f')
  await tick()
  expect(started.at(-1)).toBe('f')
  await finish('f')
  await after
  expect(gate.limit).toBe(1)
})

test('work that throws gives its slot back, once', async () => {
  const { gate, started, begin, finish } = openLimiter(1)
  const broken = gate.run(async () => {
    throw new Error('broken')
  }, {})
  await expect(broken).rejects.toThrow('broken')
  const sync = gate.run(() => {
    throw new Error('at once')
  }, {})
  await expect(sync).rejects.toThrow('at once')
  const work = ['a', 'b'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  await finish('a')
  await finish('b')
  await Promise.all(work)
})

describe('the limit', () => {
  test.each([
    [8, 4],
    [5, 2],
    [2, 1],
    [1, 1],
  ])('%i at once, refused: half as many, which is %i', (width, half) => {
    const { gate, pass } = openLimiter(width)
    gate.backOff()
    expect(gate.limit).toBe(half)
    pass(59_999)
    expect(gate.limit).toBe(half)
    pass(1)
    expect(gate.limit).toBe(width)
  })

  test('a refusal while more requests run than allowed lowers nothing', async () => {
    const { gate, begin, finish } = openLimiter(8)
    const work = ['a', 'b', 'c', 'd', 'e'].map((name) => begin(name))
    await tick()
    gate.backOff()
    expect(gate.limit).toBe(4)
    // Five are running, four may be: these were started before.
    gate.backOff()
    expect(gate.limit).toBe(4)
    await finish('a')
    gate.backOff()
    expect(gate.limit).toBe(2)
    await finish('b', 'c', 'd', 'e')
    await Promise.all(work)
  })

  test.each([
    [3, 1, 1],
    [3, 3, 3],
    [3, 4, 3],
    [3, 0, 1],
  ])('%i as set, %i as reported: %i', (set, reported, width) => {
    const { gate } = openLimiter(set)
    gate.setLimit(reported)
    expect(gate.limit).toBe(width)
  })

  test('is the lower of the reported one and what a refusal left', () => {
    const { gate } = openLimiter(8)
    gate.backOff()
    gate.setLimit(3)
    expect(gate.limit).toBe(3)
    gate.setLimit(6)
    expect(gate.limit).toBe(4)
  })
})

describe('the order', () => {
  const names = (count: number, prefix = ''): string[] =>
    Array.from({ length: count }, (_, place) => `${prefix}${place}`)

  /** Finishes one after the other, until all have finished. */
  async function drain({ started, finish }: ReturnType<typeof openLimiter>, count: number): Promise<void> {
    await tick()
    for (let at = 0; at < count; at++) await finish(started[at] ?? '')
  }

  test('of one caller: first come, first served', async () => {
    const all = openLimiter(1)
    const caller = {}
    const work = names(12).map((name) => all.begin(name, caller))
    await drain(all, 12)
    await Promise.all(work)
    expect(all.started).toEqual(names(12))
  })

  test('a caller with fifty requests delays another caller by one of them', async () => {
    const all = openLimiter(1)
    const greedy = {}
    const many = names(50).map((name) => all.begin(name, greedy))
    await tick()
    const one = all.begin('single', {})
    await drain(all, 51)
    await Promise.all([...many, one])
    expect(all.started.slice(0, 4)).toEqual(['0', '1', 'single', '2'])
    expect(all.started.filter((name) => name !== 'single')).toEqual(names(50))
  })

  test('three callers take turns, each in its own order', async () => {
    const all = openLimiter(1)
    const first = all.begin('first')
    const work = ['a', 'b', 'c'].flatMap((name) => {
      const caller = {}
      return names(3, name).map((one) => all.begin(one, caller))
    })
    await drain(all, 10)
    await Promise.all([first, ...work])
    expect(all.started).toEqual(['first', 'a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  })

  test('a new request does not pass waiting ones', async () => {
    const { begin, started, finish } = openLimiter(1)
    const work = ['a', 'b'].map((name) => begin(name))
    await tick()
    await finish('a')
    const late = begin('c')
    expect(started).toEqual(['a', 'b'])
    await finish('b', 'c')
    await Promise.all([...work, late])
    expect(started).toEqual(['a', 'b', 'c'])
  })

  test('a signal that is aborted already lets none start', async () => {
    const { begin, started } = openLimiter(1)
    const stop = new Error('the assistant gave up')
    await expect(begin('a', {}, AbortSignal.abort(stop))).rejects.toBe(stop)
    expect(started).toEqual([])
  })
})
