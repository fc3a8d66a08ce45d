import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../../src/session/http/concurrency-limiter.ts'
import { moment } from '../../support/session/moment.ts'

// Who goes next, and how many at once, by a clock of the test's.

/** Work that ends when it is told to. */
function workshop(width: number) {
  let now = 0
  const gate = new Gate(width, () => now)
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, caller: object = {}, signal?: AbortSignal): Promise<void> => {
    const { come, now: end } = moment()
    ends.set(name, end)
    const work = async (): Promise<void> => {
      started.push(name)
      await come
    }
    return gate.through(work, caller, signal)
  }
  const finish = async (...names: string[]): Promise<void> => {
    for (const name of names) ends.get(name)?.()
    await tick()
  }
  return { gate, started, begin, finish, pass: (ms: number) => (now += ms) }
}

test('a refusal narrows it at once, and it widens again after a while', async () => {
  const { gate, started, begin, finish, pass } = workshop(2)
  expect(gate.width).toBe(2)
  gate.refused()
  expect(gate.width).toBe(1)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  pass(10 * 60_000)
  expect(gate.width).toBe(2)
  await finish('a')
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('b', 'c', 'd')
  await Promise.all(work)
})

test('who comes after it has widened by itself lets in those who wait', async () => {
  const { gate, started, begin, finish, pass } = workshop(2)
  gate.refused()
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

test('it never closes, however often it is refused', async () => {
  const { gate, begin, finish } = workshop(8)
  for (let time = 0; time < 10; time++) gate.refused()
  expect(gate.width).toBe(1)
  const work = begin('a')
  await finish('a')
  await work
})

test('a number that it is told holds until another one comes, and lets in who waits', async () => {
  const { gate, started, begin, finish, pass } = workshop(3)
  gate.told(1)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  expect(started).toEqual(['a'])
  pass(1_000)
  gate.told(2)
  await tick()
  expect(started).toEqual(['a', 'b'])
  gate.told(100)
  await tick()
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('a', 'b', 'c', 'd')
  await Promise.all(work)
})

test('narrowed while many are inside, it lets in nobody until they are few', async () => {
  const { gate, started, begin, finish } = workshop(3)
  const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
  await tick()
  gate.told(1)
  await finish('a')
  await finish('b')
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('c')
  expect(started).toEqual(['a', 'b', 'c', 'd'])
  await finish('d')
  await Promise.all(work)
})

test('who gives up leaves no hole, and no listener', async () => {
  const { gate, started, begin, finish } = workshop(1)
  const caller = {}
  const stop = new Error('the assistant gave up')
  const cancel = new AbortController()
  const first = begin('a', caller)
  const lost = ['b', 'c'].map((name) => begin(name, caller, cancel.signal))
  const other = begin('d')
  const last = begin('e', caller, cancel.signal).catch((error: unknown) => error)
  cancel.abort(stop)
  for (const one of lost) await expect(one).rejects.toBe(stop)
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
  expect(gate.width).toBe(1)
})

test('work that throws gives its place back, once', async () => {
  const { gate, started, begin, finish } = workshop(1)
  const broken = gate.through(async () => {
    throw new Error('broken')
  }, {})
  await expect(broken).rejects.toThrow('broken')
  const sync = gate.through(() => {
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

describe('how wide it is', () => {
  test.each([
    [8, 4],
    [5, 2],
    [2, 1],
    [1, 1],
  ])('%i at once, refused: half as many, which is %i', (width, half) => {
    const { gate, pass } = workshop(width)
    gate.refused()
    expect(gate.width).toBe(half)
    pass(59_999)
    expect(gate.width).toBe(half)
    pass(1)
    expect(gate.width).toBe(width)
  })

  test('a refusal while more are inside than may be says nothing new', async () => {
    const { gate, begin, finish } = workshop(8)
    const work = ['a', 'b', 'c', 'd', 'e'].map((name) => begin(name))
    await tick()
    gate.refused()
    expect(gate.width).toBe(4)
    // Five are inside, four may be: these were sent before.
    gate.refused()
    expect(gate.width).toBe(4)
    await finish('a')
    gate.refused()
    expect(gate.width).toBe(2)
    await finish('b', 'c', 'd', 'e')
    await Promise.all(work)
  })

  test.each([
    [3, 1, 1],
    [3, 3, 3],
    [3, 4, 3],
    [3, 0, 1],
  ])('%i as set, %i as told: %i', (set, told, width) => {
    const { gate } = workshop(set)
    gate.told(told)
    expect(gate.width).toBe(width)
  })

  test('the narrower of what is told and what a refusal left', () => {
    const { gate } = workshop(8)
    gate.refused()
    gate.told(3)
    expect(gate.width).toBe(3)
    gate.told(6)
    expect(gate.width).toBe(4)
  })
})

describe('whose turn it is', () => {
  const names = (count: number, prefix = ''): string[] =>
    Array.from({ length: count }, (_, place) => `${prefix}${place}`)

  /** Lets one after the other end, until all have. */
  async function drain({ started, finish }: ReturnType<typeof workshop>, count: number): Promise<void> {
    await tick()
    for (let at = 0; at < count; at++) await finish(started[at] ?? '')
  }

  test('of one caller: first come, first served', async () => {
    const all = workshop(1)
    const caller = {}
    const work = names(12).map((name) => all.begin(name, caller))
    await drain(all, 12)
    await Promise.all(work)
    expect(all.started).toEqual(names(12))
  })

  test('a caller with fifty keeps another one waiting behind one of them', async () => {
    const all = workshop(1)
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
    const all = workshop(1)
    const first = all.begin('first')
    const work = ['a', 'b', 'c'].flatMap((name) => {
      const caller = {}
      return names(3, name).map((one) => all.begin(one, caller))
    })
    await drain(all, 10)
    await Promise.all([first, ...work])
    expect(all.started).toEqual(['first', 'a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  })

  test('who comes while others wait does not pass them', async () => {
    const { begin, started, finish } = workshop(1)
    const work = ['a', 'b'].map((name) => begin(name))
    await tick()
    await finish('a')
    const late = begin('c')
    expect(started).toEqual(['a', 'b'])
    await finish('b', 'c')
    await Promise.all([...work, late])
    expect(started).toEqual(['a', 'b', 'c'])
  })

  test('a signal that is aborted already lets nobody in', async () => {
    const { begin, started } = workshop(1)
    const stop = new Error('the assistant gave up')
    await expect(begin('a', {}, AbortSignal.abort(stop))).rejects.toBe(stop)
    expect(started).toEqual([])
  })
})
