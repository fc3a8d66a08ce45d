import { expect, test } from 'vitest'
import { searchBlockedCommands } from '../../../../src/operations/car/guardrails.ts'
import type { Row } from '../../../../src/session/answer.ts'
import { ListCache } from '../../../../src/session/requests/list-cache.ts'

// Whole lists that rarely change: one walk in five minutes.

/** A list in memory, and a clock that the test advances. */
class MemoryList {
  now = 0
  walks = 0
  rows: readonly Row[] = [{ languageId: '1' }, { languageId: '2' }]
  /** Called after the first row of a walk. */
  meanwhile: () => void = () => undefined
  readonly cache = new ListCache(() => this.now)

  read(input?: Row): Promise<readonly Row[]> {
    return this.cache.read(searchBlockedCommands, () => this.#walk(), input)
  }

  async *#walk() {
    this.walks++
    const [first, ...others] = this.rows
    yield { rows: first ? [first] : [] }
    this.meanwhile()
    yield { rows: others }
  }
}

test('a list is read once in five minutes', async () => {
  const list = new MemoryList()
  expect(await list.read()).toEqual(list.rows)
  list.now = 5 * 60_000 - 1
  expect(await list.read()).toEqual(list.rows)
  expect(list.walks).toBe(1)
  list.now = 5 * 60_000
  list.rows = []
  expect(await list.read()).toEqual([])
  expect(list.walks).toBe(2)
})

test('a list that is forgotten is read again', async () => {
  const list = new MemoryList()
  await list.read()
  list.cache.forget(searchBlockedCommands)
  await list.read()
  expect(list.walks).toBe(2)
})

test('each part of a list is kept by itself, and forgotten with it', async () => {
  const list = new MemoryList()
  for (const input of [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined, {}]) await list.read(input)
  expect(list.walks).toBe(2)
  list.cache.forget(searchBlockedCommands)
  await list.read({ a: 1, b: 2 })
  await list.read()
  expect(list.walks).toBe(4)
})

test('what a walk read before a change is not kept', async () => {
  const list = new MemoryList()
  list.meanwhile = () => list.cache.forget(searchBlockedCommands)
  expect(await list.read()).toEqual(list.rows)
  list.meanwhile = () => undefined
  await list.read()
  expect(list.walks).toBe(2)
})

test('a walk that fails keeps nothing', async () => {
  const list = new MemoryList()
  list.meanwhile = () => {
    throw new Error('away')
  }
  await expect(list.read()).rejects.toThrow('away')
  list.meanwhile = () => undefined
  expect(await list.read()).toEqual(list.rows)
})

test('an endless list ends', async () => {
  const list = new MemoryList()
  const rows = await list.cache.read(searchBlockedCommands, async function* () {
    for (;;) yield { rows: Array<Row>(1_000).fill({}) }
  })
  expect(rows).toHaveLength(10_000)
})

test('lists are kept within a bound in bytes, those that were read last', async () => {
  const list = new MemoryList()
  list.rows = Array.from({ length: 6 }, () => ({ name: 'x'.repeat(1_000_000) }))
  for (const part of [1, 2, 1, 3, 1, 2]) await list.read({ part })
  // Part 2 had to go for part 3.
  expect(list.walks).toBe(4)
})

test('a list beyond the bound is not kept, and nothing else goes for it', async () => {
  const list = new MemoryList()
  await list.read({ part: 1 })
  list.rows = Array.from({ length: 17 }, () => ({ name: 'x'.repeat(1_000_000) }))
  for (const part of [2, 2, 1]) await list.read({ part })
  expect(list.walks).toBe(3)
})
