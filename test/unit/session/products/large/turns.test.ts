import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { JsonThread } from '../../../../../src/session/products/large/json-thread.ts'
import type { ToWorker } from '../../../../../src/session/products/large/messages.ts'

// A thread that is always ahead: each slice is there as soon as it is asked for. A port hands on such messages in one
// turn of the event loop, so that they would hold the process together.

afterEach(() => void vi.restoreAllMocks())

const sliceCount = 40

/** Answers at once, as a thread does that is faster than the main one. */
class ReadyWorker extends EventEmitter {
  #left = sliceCount

  postMessage(message: ToWorker): void {
    queueMicrotask(() => this.emit('message', message === 'next' ? this.#next() : { answer: { list: [] } }))
  }

  #next() {
    return this.#left-- > 0 ? { slice: { rows: [{ id: this.#left }], leftOut: [] } } : 'end'
  }

  ref(): void {}
  unref(): void {}
  async terminate(): Promise<number> {
    return 0
  }
}

async function turnsWhileReading(): Promise<number> {
  const thread = new JsonThread(() => new ReadyWorker() as unknown as Worker)
  let turns = 0
  const count = (): void => {
    turns++
    handle = setImmediate(count)
  }
  let handle = setImmediate(count)
  const answer = (await thread.read(Buffer.from('{}'), { form: 'car' })) as { readonly list: unknown[] }
  clearImmediate(handle)
  expect(answer.list).toHaveLength(sliceCount)
  return turns
}

test('other work runs between slices that take long, and none does if the clock stands', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
  expect(await turnsWhileReading()).toBeGreaterThanOrEqual(sliceCount)
  vi.spyOn(performance, 'now').mockReturnValue(0)
  expect(await turnsWhileReading()).toBe(0)
})
