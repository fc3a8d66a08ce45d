import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../../../../src/session/products/exact-json.ts'
import { bodyOf, listIn, readable } from '../../../../../src/session/products/large/forms.ts'
import { JsonThread } from '../../../../../src/session/products/large/json-thread.ts'
import { type Reading, sliceAnswer } from '../../../../../src/session/products/large/slices.ts'
import { boundRow, maxFields } from '../../../../../src/session/records/row-bounds.ts'
import { TooLargeError } from '../../../../../src/shared/errors.ts'
import { isObject } from '../../../../../src/shared/json.ts'
import { decodeText } from '../../../../../src/shared/text-decoding.ts'

// A large answer that is read in a thread is the value that parsing in place gives.

const first = ['id', 'name']
const inPlace = (bytes: Uint8Array): unknown => readJson(decodeText(bytes), readable.car)
const thread = new JsonThread()
const reading: Reading = { form: 'car', first }
const bytesOf = (text: string): Buffer => Buffer.from(text)
const wide = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, at) => [`f${at}`, at]))

const expectSame = async (bytes: Uint8Array): Promise<void> => {
  expect(await thread.read(bytes, reading)).toEqual(inPlace(bytes))
}

/** Long numbers stand in a text as digits. */
const longNumbers = fc.bigInt({ min: 10n ** 16n, max: 10n ** 39n }).map((number) => `#${number}#`)
const texts = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 40 }), longNumbers)
const names = fc.oneof(fc.constantFrom('id', 'data', 'sortValues', 'list', '__proto__', 'body'), fc.string())
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(names, tie('value'), { maxKeys: 6 }),
  ),
}))
const rows = fc.array(
  fc.oneof(
    values,
    fc.record({
      sortValues: fc.array(fc.oneof(longNumbers, fc.integer())),
      data: fc.dictionary(names, values),
    }),
  ),
)
const answers = fc.oneof(
  values,
  rows,
  rows.map((list) => ({ list, totalCount: list.length })),
  rows.map((list) => ({ errorCode: null, message: null, body: { totalCount: list.length, list } })),
  rows.map((body) => ({ body })),
  fc.dictionary(names, values).map((body) => ({ body })),
)
const digits = (answer: unknown): string => JSON.stringify(answer).replaceAll(/"#(\d+)#"/g, '$1')

describe('the thread and parsing in place give the same', () => {
  test('for generated answers', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(answers, (answer) => expectSame(bytesOf(digits(answer)))),
      { numRuns: 300 },
    ),
  )

  test('for texts that are cut anywhere', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(answers, fc.nat(), (answer, at) => {
        const text = digits(answer)
        return expectSame(bytesOf(text.slice(0, at % (text.length + 1))))
      }),
      { numRuns: 100 },
    ),
  )

  test.for([
    ['two members of one name', '{"list":[{"id":1,"id":12345678901234567890}],"list":[{"id":2}]}'],
    ['__proto__', '{"body":{"list":[{"__proto__":{"a":1},"id":1}]}}'],
    ['a bare text', '"words"'],
    ['an empty text', ''],
    ['no JSON', '<html>'],
    [
      'a refusal of 3 MiB',
      JSON.stringify({ errorCode: 7, message: 'x'.repeat(3 * 1024 * 1024), body: null }),
    ],
    ['three levels of lists', '[[[1]]]'],
  ])('for %s', ([, text]) => expectSame(bytesOf(text ?? '')))

  test('for a byte order mark, UTF-16 and windows-1252', async () => {
    const text = '{"list":[{"id":12345678901234567890,"name":"Grüße"}]}'
    await expectSame(bytesOf(`\ufeff${text}`))
    await expectSame(Buffer.from(`\ufeff${text}`, 'utf16le'))
    await expectSame(Buffer.from(text, 'latin1'))
  })

  test('for many slices', async () => {
    const list = Array.from({ length: 30_000 }, (_, id) => ({ id, name: 'x'.repeat(id % 200) }))
    await expectSame(bytesOf(JSON.stringify({ body: { list, totalCount: list.length } })))
  })
})

describe('bounds', () => {
  const many = wide(maxFields + 500)
  test.for<[string, unknown, (answer: unknown) => unknown]>([
    ['a row', { list: [{ id: 1 }, many] }, (answer) => listIn(answer, 'car')?.[1]],
    [
      'a row with sort values',
      { list: [{ sortValues: [1], ...many }] },
      (answer) => {
        const row = listIn(answer, 'car')?.[0]
        return isObject(row) ? row : undefined
      },
    ],
    [
      'the record in a row',
      { list: [{ sortValues: [1], data: many }] },
      (answer) => {
        const row = listIn(answer, 'car')?.[0]
        return isObject(row) ? row['data'] : undefined
      },
    ],
    ['a record', { errorCode: null, body: many }, bodyOf],
  ])('%s is cut as boundRow cuts it, and this is said', async ([, answer, pick]) => {
    const bytes = bytesOf(JSON.stringify(answer))
    const raw = pick(inPlace(bytes))
    const { sortValues, ...flat } = isObject(raw) ? raw : {}
    const expected = boundRow(flat, () => first)
    expect(expected.leftOut?.fields).toBe(500)
    const cut = pick(await thread.read(bytes, reading))
    const row = isObject(expected.row)
      ? { ...expected.row, ...(sortValues !== undefined && { sortValues }) }
      : {}
    expect(boundRow(cut, () => first)).toEqual({ row, leftOut: expected.leftOut })
  })

  test('hold for what is beside the rows, which stay', async () => {
    const answer = { ...wide(5_000), body: { ...many, list: [{ id: 1 }], totalCount: 1 }, message: 'm' }
    const read = await thread.read(bytesOf(JSON.stringify(answer)), reading)
    expect(listIn(read, 'car')).toEqual([{ id: 1 }])
    expect(read).toMatchObject({ message: 'm', body: { totalCount: 1 } })
    expect(Object.keys(read ?? {}).length).toBeLessThan(maxFields + 5)
  })

  test('do not hold for an answer that is wanted whole', async () => {
    const body = wide(5_000)
    expect(await thread.read(bytesOf(JSON.stringify({ body })), { form: 'car' })).toEqual({ body })
  })
})

test('a slice has about 256 KiB, or one row', () => {
  const sizes = [...Array.from({ length: 2_000 }, () => 1_000), 900_000, 10, 10]
  const list = sizes.map((size) => 'x'.repeat(size))
  const { slices } = sliceAnswer(JSON.stringify({ list }), reading)
  const found: (readonly unknown[])[] = []
  for (let next = slices.next(); !next.done; next = slices.next()) found.push(next.value.rows)
  expect(found.flat()).toEqual(list)
  expect(found.map((slice) => slice.length).includes(1)).toBe(true)
  const large = found.filter((slice) => JSON.stringify(slice).length > 300 * 1024)
  expect(large.map((slice) => slice.length)).toEqual([1])
})

describe('the thread', () => {
  const answer = { list: [{ id: 1 }] }
  const bytes = bytesOf(JSON.stringify(answer))

  test('reads two answers at once, each whole', async () => {
    const other = { list: [{ id: 2 }] }
    expect(
      await Promise.all([thread.read(bytes, reading), thread.read(bytesOf(JSON.stringify(other)), reading)]),
    ).toEqual([answer, other])
  })

  test('is cancelled, and reads the next answer', async () => {
    const cancel = new AbortController()
    const large = bytesOf(`[${'1,'.repeat(2_000_000)}1]`)
    const cancelled = thread.read(large, reading, cancel.signal)
    const next = thread.read(bytes, reading)
    setImmediate(() => cancel.abort(new Error('cancelled')))
    await expect(cancelled).rejects.toThrow('cancelled')
    expect(await next).toEqual(answer)
  })

  test('that ends is an error of one answer', async () => {
    const { Worker } = await import('node:worker_threads')
    const programs = ['process.exit(3)', 'throw new Error("secret")']
    const started: string[] = []
    const breaking = new JsonThread(() => {
      const program =
        programs[started.length] ??
        'require("node:worker_threads").parentPort.on("message", (m) => require("node:worker_threads").parentPort.postMessage(m === "next" ? "end" : { answer: 5 }))'
      started.push(program)
      return new Worker(program, { eval: true })
    })
    await expect(breaking.read(bytes, reading)).rejects.toThrow(TooLargeError)
    await expect(breaking.read(bytes, reading)).rejects.toThrow(/thread that reads large answers ended/)
    expect(await breaking.read(bytes, reading)).toBe(5)
    expect(await breaking.read(bytes, reading)).toBe(5)
    expect(started).toHaveLength(3)
  })
})
