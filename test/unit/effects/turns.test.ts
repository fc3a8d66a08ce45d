import { expect, test } from 'vitest'
import { ObjectTurns } from '../../../src/tools/effects/turns.ts'

// Calls on one schedule do not overlap: each looks at what the one before has left.

const { signal } = new AbortController()
const nextTask = () => new Promise<void>((resolve) => setImmediate(resolve))

test('work on one object does not overlap, also after a failure', async () => {
  const turns = new ObjectTurns()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await nextTask()
    events.push(`${name} ends`)
    if (name === 'one') throw new Error('one fails')
    return name
  }
  const results = await Promise.allSettled(
    ['one', 'two', 'three'].map((name) => turns.take('a', signal, work(name))),
  )
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(events).toEqual(['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]))
})

test('work on another object does not wait', async () => {
  const turns = new ObjectTurns()
  const never = turns.take('a', signal, () => new Promise<void>(() => undefined))
  expect(await turns.take('b', signal, async () => 'done')).toBe('done')
  expect(never).toBeInstanceOf(Promise)
})

test('a call that is cancelled while it waits does nothing', async () => {
  const turns = new ObjectTurns()
  const ending = new AbortController()
  let count = 0
  const first = turns.take('a', signal, nextTask)
  const second = turns.take('a', ending.signal, async () => count++)
  ending.abort()
  await first
  await expect(second).rejects.toThrow()
  expect(count).toBe(0)
})
