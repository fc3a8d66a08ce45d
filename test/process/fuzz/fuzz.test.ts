import { expect, test } from 'vitest'
import { fuzz } from '../../nightly/fuzz/fuzz.ts'

// A part of npm run fuzz, in which each kind of message occurs.

test('messages that no client should send', async () => {
  const { sent, protocol, alive, received, memory, complaints } = await fuzz(1_000, 20_261_125)
  expect(complaints).toEqual([])
  expect(sent).toBe(1_000)
  expect(protocol).toBeGreaterThan(sent / 2)
  expect([alive, memory.length]).toEqual([4, 4])
  // Messages were accepted, refused, answered with a question, and cut short.
  for (const kind of ['result', 'error -32601', 'error -32602', 'elicitation/create'])
    expect(received.get(kind), kind).toBeGreaterThan(0)
})
