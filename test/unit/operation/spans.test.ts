import { describe, expect, test } from 'vitest'
import { openSpans, type SpanFacts } from '../../../src/service/operation/spans.ts'
import { traceOf } from '../../../src/service/operation/trace.ts'
import { type Clock, systemClock } from '../../../src/shared/clock.ts'
import { openLines } from '../../support/operation/log-lines.ts'
import { openOtel } from '../../support/operation/otel.ts'

// Spans of OpenTelemetry, over stand-ins of its packages: when they are loaded, and what a span says.

const configured = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

type Otel = ReturnType<typeof openOtel>

/** The spans of a service, and what its log says. */
async function open(
  otel: Otel,
  environment: Readonly<Record<string, string>> = configured,
  clock: Pick<Clock, 'after'> = systemClock,
) {
  const { log, lines } = openLines()
  const options = { version: '1.2.3', tools: ['car_search_jobs'], load: otel.load, clock }
  return { spans: await openSpans(environment, log, options), lines }
}

/** The span of one request. */
async function spanOf(facts: Partial<SpanFacts>, outcome = 'ok') {
  const otel = openOtel()
  const { spans } = await open(otel)
  const started = spans.start({ method: 'tools/call', trace: traceOf({ traceparent }), ...facts })
  expect(otel.spans[0]?.isEnded).toBe(false)
  started.end(outcome)
  const [span] = otel.spans
  if (!span?.isEnded) throw new Error('The span has not ended.')
  return span
}

describe('without a collector', () => {
  test.each([
    [{}],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '  ' }],
    [{ OTEL_SERVICE_NAME: 'qualys' }],
    [{ ...configured, OTEL_SDK_DISABLED: 'TRUE' }],
    [{ ...configured, OTEL_TRACES_EXPORTER: 'none' }],
  ])('%j loads nothing, and spans do nothing', async (environment) => {
    const otel = openOtel()
    const { spans, lines } = await open(otel, environment)
    spans.start({ method: 'tools/list', trace: traceOf({}) }).end('ok')
    await spans.close()
    expect([otel.loaded, otel.spans, lines()]).toEqual([[], [], []])
  })
})

test.each([
  [configured],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }],
  [{ ...configured, OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'false' }],
])('%j opens the spans', async (environment) => {
  const otel = openOtel()
  const { spans, lines } = await open(otel, environment)
  spans.start({ method: 'tools/list', trace: traceOf({}) }).end('ok')
  expect(otel.spans).toHaveLength(1)
  expect(lines()).toEqual([])
})

test.each([
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-http',
])('without %s one warning says what to install, and there are no spans', async (missing) => {
  const otel = openOtel({ missing })
  const { spans, lines } = await open(otel)
  spans.start({ method: 'tools/list', trace: traceOf({}) }).end('ok')
  await spans.close()
  expect(otel.spans).toEqual([])
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 'warn',
      error: expect.stringContaining(missing),
      msg: expect.stringMatching(/`npm install @opentelemetry\/api@1.*exporter-trace-otlp-http@[\d.]+`$/),
    }),
  ])
})

test('packages of another form are a warning, too', async () => {
  const { log, lines } = openLines()
  const spans = await openSpans(configured, log, { version: '1', tools: [], load: async () => ({}) })
  spans.start({ method: 'ping', trace: traceOf({}) }).end('ok')
  expect(lines()).toMatchObject([{ level: 'warn' }])
})

describe('a span', () => {
  test('of a tool has its name and facts', async () => {
    const span = await spanOf({ tool: 'car_search_jobs', protocolVersion: '2026-07-28', requestId: 7 })
    expect(span).toMatchObject({ name: 'tools/call car_search_jobs', kind: 1, status: 0 })
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'car_search_jobs',
      'mcp.protocol.version': '2026-07-28',
      'jsonrpc.request.id': '7',
    })
  })

  test('without a tool has the name of the method', async () => {
    const span = await spanOf({ method: 'tools/list' })
    expect(span.name).toBe('tools/list')
    expect(span.attributes).toEqual({ 'mcp.method.name': 'tools/list' })
  })

  test('has the ids of its trace, and the parent that the caller named', async () => {
    const trace = traceOf({ traceparent, tracestate: 'a=1' })
    const span = await spanOf({ trace })
    expect(span).toMatchObject({ traceId: trace.traceId, spanId: trace.spanId, links: [] })
    expect(span.parent).toEqual({
      traceId: trace.traceId,
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
      traceState: { state: 'a=1' },
    })
  })

  test('of a new trace has no parent, and the id that the log lines have', async () => {
    const trace = traceOf({})
    const span = await spanOf({ trace })
    expect(span).toMatchObject({ traceId: trace.traceId, spanId: trace.spanId, parent: undefined })
  })

  test('is linked to the HTTP request if the message names another parent', async () => {
    const meta = { traceparent: '00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-00' }
    const span = await spanOf({ trace: traceOf({ traceparent }, meta) })
    expect(span.parent).toMatchObject({ spanId: 'c7ad6b7169203331', traceFlags: 0 })
    expect(span.links).toMatchObject([{ context: { spanId: 'b7ad6b7169203331', traceFlags: 1 } }])
  })

  test.each([
    ['ok', undefined],
    ['asked', undefined],
    ['vendor', 'vendor'],
    ['cancelled', 'cancelled'],
    ['what is this', 'error'],
  ])('that ends with %s has the error type %s', async (outcome, type) => {
    const span = await spanOf({}, outcome)
    expect(span.attributes['error.type']).toBe(type)
    expect(span.status).toBe(type === undefined ? 0 : 2)
  })

  test('takes neither names nor endless texts from a caller', async () => {
    const hostile = `evil\n${'x'.repeat(100_000)}`
    const span = await spanOf({
      method: hostile,
      tool: hostile,
      protocolVersion: hostile,
      requestId: hostile,
    })
    expect(span.name).toBe('other other')
    for (const value of Object.values(span.attributes)) {
      expect(value.length).toBeLessThanOrEqual(64)
      expect(value).not.toContain('\n')
    }
  })

  test('says which service made it, unless the operator says it otherwise', async () => {
    const otel = openOtel({ environment: { 'service.name': 'qualys-eu', 'k8s.pod.name': 'a' } })
    await open(otel)
    expect(otel.resources).toEqual([
      {
        'service.name': 'qualys-eu',
        'service.version': '1.2.3',
        'k8s.pod.name': 'a',
        'telemetry.sdk.language': 'nodejs',
      },
    ])
  })
})

describe('the collector', () => {
  test('that takes no spans is a warning once, and a line once it takes them again', async () => {
    const otel = openOtel()
    const { lines } = await open(otel)
    const failure = { code: 1, error: new Error('connect ECONNREFUSED\n127.0.0.1:4318') }
    for (const result of [{ code: 0 }, failure, failure, { code: 1 }, { code: 0 }, { code: 0 }])
      otel.exportWith(result)
    // The packages get every result.
    expect(otel.results.map(({ code }) => code)).toEqual([0, 1, 1, 1, 0, 0])
    expect(lines()).toMatchObject([
      { level: 'warn', error: 'connect ECONNREFUSED 127.0.0.1:4318', msg: 'spans cannot be sent' },
      { level: 'info', msg: 'spans are sent again' },
    ])
  })

  test('that refuses the last spans does not fail the end', async () => {
    const otel = openOtel({ shutdown: () => Promise.reject(new Error('too late')) })
    const { spans, lines } = await open(otel)
    await spans.close()
    expect(lines()).toMatchObject([{ level: 'warn', error: 'too late' }])
  })

  test('that does not answer does not hold up the end', async () => {
    const waits: number[] = []
    const clock = {
      after: (ms: number, call: () => void) => {
        waits.push(ms)
        call()
        return () => undefined
      },
    }
    const { spans } = await open(
      openOtel({ shutdown: () => new Promise(() => undefined) }),
      configured,
      clock,
    )
    await spans.close()
    expect(waits).toEqual([2_000])
  })
})
