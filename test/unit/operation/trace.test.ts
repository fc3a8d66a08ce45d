import { describe, expect, test } from 'vitest'
import { traceOf } from '../../../src/service/operation/trace.ts'

// W3C Trace Context: what is read, what is refused, and what comes first.

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentId}-01`
const otherTraceId = '1af7651916cd43dd8448eb211c80319c'
const otherParent = `00-${otherTraceId}-c7ad6b7169203331-00`

const newIds = {
  traceId: expect.stringMatching(/^[\da-f]{32}$/),
  spanId: expect.stringMatching(/^[\da-f]{16}$/),
}

describe('traceparent', () => {
  test('names trace, parent and flags; the span here is new', () => {
    const trace = traceOf({ traceparent })
    expect(trace).toMatchObject({ traceId, parentId, sampled: true, spanId: newIds.spanId })
    expect(trace.spanId).not.toBe(parentId)
    expect(trace.header()).toBe(`00-${traceId}-${trace.spanId}-01`)
  })

  test.each([
    ['01', true],
    ['00', false],
    ['03', true],
    ['fe', false],
    ['ff', true],
  ])('the flags %s say sampled: %s', (flags, sampled) => {
    const trace = traceOf({ traceparent: `00-${traceId}-${parentId}-${flags}` })
    expect(trace).toMatchObject({ traceId, sampled })
    expect(trace.header().slice(-2)).toBe(sampled ? '01' : '00')
  })

  test.each([
    `01-${traceId}-${parentId}-01`,
    `cc-${traceId}-${parentId}-01-what-the-future-brings`,
    `cc-${traceId}-${parentId}-01-`,
  ])('of a later version is read: %s', (text) => {
    expect(traceOf({ traceparent: text })).toMatchObject({ traceId, parentId, sampled: true })
  })

  test.each([
    ['no text', ''],
    ['upper case', traceparent.toUpperCase()],
    ['version ff', `ff-${traceId}-${parentId}-01`],
    ['an all-zero trace', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['an all-zero parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['more after version 00', `${traceparent}-00`],
    ['an open end of version 00', `${traceparent}-`],
    ['another sign after a later version', `01-${traceId}-${parentId}-01.x`],
    ['a short trace', `00-${traceId.slice(1)}-${parentId}-01`],
    ['a long parent', `00-${traceId}-${parentId}0-01`],
    ['no flags', `00-${traceId}-${parentId}`],
    ['blanks', ` ${traceparent} `],
    ['a line break', `${traceparent}\n`],
    ['two headers in one', `${traceparent}, ${traceparent}`],
    ['too much text', `01-${traceId}-${parentId}-01-${'x'.repeat(300)}`],
  ])('with %s begins a new trace', (_, text) => {
    const trace = traceOf({ traceparent: text, tracestate: 'a=1' })
    expect(trace).toMatchObject({ ...newIds, sampled: true })
    expect(trace.traceId).not.toBe(traceId)
    expect(trace).not.toHaveProperty('parentId')
    expect(trace).not.toHaveProperty('state')
  })

  test('several headers begin a new trace', () => {
    expect(traceOf({ traceparent: [traceparent, otherParent] })).not.toHaveProperty('parentId')
  })

  test('new traces differ', () => {
    expect(traceOf({}).traceId).not.toBe(traceOf({}).traceId)
  })
})

describe('tracestate', () => {
  const stateOf = (tracestate: string | readonly string[]): string | undefined =>
    traceOf({ traceparent, tracestate }).state

  test.each([
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['a=1 ,\t b=2', 'a=1,b=2'],
    ['a=1,,b=2,', 'a=1,b=2'],
    ['fw529a3039@dt=FfDfx', 'fw529a3039@dt=FfDfx'],
    ['a_-*/9=x y', 'a_-*/9=x y'],
    [`a=${'x'.repeat(256)}`, `a=${'x'.repeat(256)}`],
  ])('%j is kept', (text, state) => {
    expect(stateOf(text)).toBe(state)
  })

  test('several headers count as one', () => {
    expect(stateOf(['a=1', 'b=2'])).toBe('a=1,b=2')
  })

  test.each([
    ['nothing', ''],
    ['commas alone', ',,'],
    ['no value', 'a'],
    ['an empty value', 'a='],
    ['an upper-case key', 'A=1'],
    ['a key twice', 'a=1,a=2'],
    ['an equals sign in a value', 'a=1=2'],
    ['a control character', 'a=\u0007'],
    ['another alphabet', 'a=ж'],
    ['a long value', `a=${'x'.repeat(257)}`],
    ['33 members', Array.from({ length: 33 }, (_, n) => `k${n}=1`).join()],
    [
      '513 characters',
      ['a', 'b', 'c']
        .map((key) => `${key}=${'x'.repeat(168)}`)
        .join()
        .padEnd(513, 'y'),
    ],
  ])('with %s is dropped, and the trace kept', (_, text) => {
    const trace = traceOf({ traceparent, tracestate: text })
    expect(trace).toMatchObject({ traceId, parentId })
    expect(trace).not.toHaveProperty('state')
  })
})

describe('_meta of the MCP message', () => {
  test('counts before the headers, which are linked', () => {
    const trace = traceOf(
      { traceparent, tracestate: 'a=1' },
      { traceparent: otherParent, tracestate: 'b=2', progressToken: 1 },
    )
    expect(trace).toMatchObject({
      traceId: otherTraceId,
      parentId: 'c7ad6b7169203331',
      sampled: false,
      state: 'b=2',
      link: { traceId, spanId: parentId, sampled: true, state: 'a=1' },
    })
  })

  test('takes no state from the headers', () => {
    expect(traceOf({ traceparent, tracestate: 'a=1' }, { traceparent: otherParent })).not.toHaveProperty(
      'state',
    )
  })

  test.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ traceparent: 5 }],
    [{ traceparent: 'nonsense' }],
    [[traceparent]],
  ])('that says %j leaves the headers', (meta) => {
    const trace = traceOf({ traceparent }, meta)
    expect(trace).toMatchObject({ traceId, parentId })
    expect(trace).not.toHaveProperty('link')
  })
})
