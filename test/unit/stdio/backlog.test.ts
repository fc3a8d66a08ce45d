import { expect, test } from 'vitest'
import { Backlog } from '../../../src/tools/server/protocol/backlog.ts'

// Lines that wait until the client has read its answers.

const line = (text: string, bytes = text.length) => ({
  text,
  bytes,
  at: 0,
  isTooLong: false,
  isLate: false,
})
const most = 10 * 1024 * 1024

test('lines come out in their order', () => {
  const backlog = new Backlog()
  backlog.add(line('a'), 1)
  backlog.add(line('b'), undefined)
  expect([backlog.take(), backlog.take(), backlog.take()].map((taken) => taken?.text)).toEqual([
    'a',
    'b',
    undefined,
  ])
})

test('a cancelled request goes, and others stay', () => {
  const backlog = new Backlog()
  backlog.add(line('a'), 1)
  backlog.add(line('b'), 'two')
  backlog.cancel(1)
  backlog.cancel(2)
  expect(backlog.take()?.text).toBe('b')
  expect(backlog.isEmpty).toBe(true)
})

test.each([
  [most - 1, false],
  [most, true],
  [most + 1, true],
])('with %i bytes it is full: %s', (bytes, isFull) => {
  const backlog = new Backlog()
  backlog.add(line('a', 1), 1)
  backlog.add(line('b', bytes - 1), 2)
  expect(backlog.isFull).toBe(isFull)
  backlog.cancel(1)
  expect(backlog.isFull).toBe(bytes - 1 >= most)
  backlog.take()
  expect(backlog.isFull).toBe(false)
})

test('a request that is taken cannot be cancelled, but a later one with its id can', () => {
  const backlog = new Backlog()
  backlog.add(line('a'), 1)
  backlog.take()
  backlog.add(line('b'), 2)
  backlog.cancel(1)
  backlog.add(line('c'), 1)
  backlog.cancel(1)
  expect([backlog.take()?.text, backlog.take(), backlog.isEmpty]).toEqual(['b', undefined, true])
})

test('requests that are cancelled anywhere leave the others in order', () => {
  const backlog = new Backlog()
  for (const id of [1, 2, 3, 4]) backlog.add(line(`${id}`), id)
  for (const id of [1, 3, 4]) backlog.cancel(id)
  backlog.add(line('5'), 5)
  expect([backlog.take()?.text, backlog.take()?.text, backlog.take()]).toEqual(['2', '5', undefined])
})

test('requests are taken out together, the last with each id', () => {
  const backlog = new Backlog()
  backlog.add(line('a'), 1)
  backlog.add(line('[]'), undefined)
  backlog.add(line('b'), 'two')
  backlog.add(line('c'), 1)
  expect(backlog.takeRequests()).toEqual([1, 'two'])
  expect([backlog.take()?.text, backlog.take()?.text, backlog.take()]).toEqual(['a', '[]', undefined])
  expect(backlog.isFull).toBe(false)
})
