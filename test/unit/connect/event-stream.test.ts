import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventsIn } from '../../../src/service/connect/event-stream.ts'

const maxLength = 100

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  }
  const events: string[] = []
  for await (const data of eventsIn(body(), maxLength)) events.push(data)
  return events
}

test.each([
  ['data: a\n\ndata: b\n\n', ['a', 'b']],
  ['data:a\r\n\r\ndata:b\r\n\r\n', ['a', 'b']],
  ['event: message\ndata: {"x":1}\n\n', ['{"x":1}']],
  ['event: other\ndata: a\n\ndata: b\n\n', ['b']],
  ['data: a\ndata: b\n\n', ['a\nb']],
  ['data:  a\n\n', [' a']],
  [': keep-alive\n\nid: 7\nretry: 10\ndata: a\n\n', ['a']],
  ['\ufeffdata: a\n\n', ['a']],
  ['data\n\n', ['']],
  ['dataset: a\n\n', []],
  ['data: without an end', []],
  ['', []],
])('%j holds %j', async (text, events) => {
  expect(await read(text)).toEqual(events)
})

test('the pieces in which a stream comes do not matter', async () => {
  const text =
    ': hello\r\n\r\nevent: message\r\ndata: {"text":"für 🦊"}\r\n\r\ndata: a\ndata: b\n\ndata: c\n\n'
  const bytes = Buffer.from(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
      expect(await read(...chunks)).toEqual(['{"text":"für 🦊"}', 'a\nb', 'c'])
    }),
  )
})

test('a line that never ends is given up', async () => {
  await expect(read('data: a\n\n', 'data: ', ...Array<string>(20).fill('too long'))).rejects.toThrow(
    /too large/,
  )
  expect(await read(...Array<string>(20).fill('data: ten more\n\n'))).toHaveLength(20)
})
