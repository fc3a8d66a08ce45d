import { describe, expect, test } from 'vitest'
import { metricSpecs } from '../../../src/service/operation/metric-names.ts'
import { openTestMetrics, scrape } from '../../support/operation/metric-sources.ts'
import { seriesValue } from '../../support/operation/samples.ts'

// The metrics of the service: what is counted, under which labels, and that a caller cannot add to them.

const duration = 'qualys_mcp_operation_duration_seconds'

describe('what happens', () => {
  test('a call is counted by method, tool and outcome, in seconds', async () => {
    const metrics = await openTestMetrics()
    metrics.operation({ method: 'tools/call', tool: 'car_search_jobs', outcome: 'ok', ms: 1_500 })
    metrics.operation({ method: 'tools/call', tool: 'car_search_jobs', outcome: 'busy', ms: 20 })
    metrics.operation({ method: 'tools/list', outcome: 'ok', ms: 4 })
    const found = await scrape(metrics)
    const call = { method: 'tools/call', tool: 'car_search_jobs' }
    expect(seriesValue(found, `${duration}_sum`, { ...call, outcome: 'ok' })).toBe(1.5)
    expect(seriesValue(found, `${duration}_bucket`, { ...call, outcome: 'ok', le: '1' })).toBe(0)
    expect(seriesValue(found, `${duration}_bucket`, { ...call, outcome: 'ok', le: '2' })).toBe(1)
    expect(seriesValue(found, `${duration}_count`, { ...call, outcome: 'busy' })).toBe(1)
    expect(seriesValue(found, `${duration}_count`, { method: 'tools/list', tool: '' })).toBe(1)
  })

  test('HTTP requests are counted by route and class of the status', async () => {
    const metrics = await openTestMetrics()
    for (const status of [200, 204, 401, 503, undefined, 42]) metrics.httpRequest({ route: 'mcp', status })
    const found = await scrape(metrics)
    const count = (status: string) =>
      seriesValue(found, 'qualys_mcp_http_requests_total', { route: 'mcp', status })
    expect(['2xx', '4xx', '5xx', 'none', 'other'].map(count)).toEqual([2, 1, 1, 1, 1])
  })

  test('refusals, requests to Qualys and logins are counted', async () => {
    const metrics = await openTestMetrics()
    metrics.refusal('origin')
    metrics.upstream({ product: 'car', status: 200, ms: 250 })
    metrics.upstream({ product: 'saq', ms: 30_000 })
    metrics.login('refused')
    const found = await scrape(metrics)
    const upstream = 'qualys_mcp_upstream_duration_seconds_sum'
    expect(seriesValue(found, 'qualys_mcp_http_refusals_total', { reason: 'origin' })).toBe(1)
    expect(seriesValue(found, upstream, { product: 'car', status: '2xx' })).toBe(0.25)
    expect(seriesValue(found, upstream, { product: 'saq', status: 'none' })).toBe(30)
    expect(seriesValue(found, 'qualys_mcp_logins_total', { outcome: 'refused' })).toBe(1)
  })
})

describe('how things stand', () => {
  test('is looked up at each scrape', async () => {
    let count = 1
    const metrics = await openTestMetrics({
      waiting: () => count,
      connections: () => count * 10,
      callsInFlight: () => count * 100,
    })
    const values = async (): Promise<(number | undefined)[]> => {
      const found = await scrape(metrics)
      const names = ['approvals_waiting', 'connections', 'calls_in_flight']
      return names.map((name) => seriesValue(found, `qualys_mcp_${name}`))
    }
    expect(await values()).toEqual([1, 10, 100])
    count = 2
    expect(await values()).toEqual([2, 20, 200])
  })

  test('limits are shown while they are known', async () => {
    let limits = {}
    const metrics = await openTestMetrics({ limits: async () => limits })
    const left = async (server: string) =>
      seriesValue(await scrape(metrics), 'qualys_mcp_upstream_limit_remaining', { server })
    expect(await left('gateway')).toBeUndefined()
    limits = { gateway: { callsLeft: 0, concurrency: 2 }, apiServer: { callsLeft: 299, concurrency: 2 } }
    expect([await left('gateway'), await left('api')]).toEqual([0, 299])
    limits = { gateway: { concurrency: 2 } }
    expect([await left('gateway'), await left('api')]).toEqual([undefined, undefined])
  })

  test('a value that cannot be looked up leaves the others', async () => {
    const fail = (): never => {
      throw new Error('the folder cannot be read')
    }
    const metrics = await openTestMetrics({ waiting: fail, limits: async () => fail() })
    const found = await scrape(metrics)
    expect(seriesValue(found, 'qualys_mcp_approvals_waiting')).toBeNaN()
    expect(seriesValue(found, 'qualys_mcp_build_info', { version: '1.2.3' })).toBe(1)
  })
})

test('a caller cannot add series', async () => {
  const metrics = await openTestMetrics()
  const secret = 'Bearer eyJhbGciOiJSUzI1NiJ9'
  for (let n = 0; n < 500; n++) {
    const hostile = `${secret}"}\n# evil ${n} 1`
    metrics.operation({ method: hostile, tool: hostile, outcome: hostile, ms: n })
    metrics.operation({ method: 'tools/call', tool: `car_search_jobs${n}`, outcome: 'ok', ms: n })
    metrics.operation({ method: `tools/call/${n}`, tool: '__proto__', outcome: 'constructor', ms: n })
    metrics.httpRequest({ route: 'other', status: n })
  }
  const { body } = await metrics.text()
  expect(body).not.toContain('eyJ')
  const { samples } = await scrape(metrics)
  const counts = samples.filter(({ name }) => name === `${duration}_count`)
  expect(counts).toEqual([
    { name: `${duration}_count`, labels: { method: 'other', tool: 'other', outcome: 'error' }, value: 1_000 },
    { name: `${duration}_count`, labels: { method: 'tools/call', tool: 'other', outcome: 'ok' }, value: 500 },
  ])
  const requests = samples.filter(({ name }) => name === 'qualys_mcp_http_requests_total')
  expect(requests.map(({ labels }) => labels['status']).sort()).toEqual(['1xx', '2xx', '3xx', '4xx', 'other'])
})

describe('names', () => {
  test('follow the conventions of Prometheus', async () => {
    const { types } = await scrape(await openTestMetrics())
    for (const { name, help } of Object.values(metricSpecs)) {
      expect(name).toMatch(/^qualys_mcp_[a-z_]+$/)
      expect(help).toMatch(/^[A-Z].*\.$/)
      const type = types.get(name)
      expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')])
      expect([name, type === 'histogram']).toEqual([name, name.endsWith('_seconds')])
    }
    expect([...types.keys()].sort()).toEqual(
      Object.values(metricSpecs)
        .map(({ name }) => name)
        .sort(),
    )
  })

  test('two services in one process count apart', async () => {
    const [one, other] = await Promise.all([openTestMetrics(), openTestMetrics()])
    one.login('ok')
    expect(seriesValue(await scrape(one), 'qualys_mcp_logins_total')).toBe(1)
    expect(seriesValue(await scrape(other), 'qualys_mcp_logins_total')).toBeUndefined()
  })

  test('the metrics of the process have labels of closed sets alone', async () => {
    const { samples, types } = await scrape(await openTestMetrics({ ofProcess: true }))
    expect(types.has('process_resident_memory_bytes')).toBe(true)
    expect(types.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
    const labels = samples
      .filter(({ name }) => !name.startsWith('qualys_mcp_'))
      .flatMap(({ labels: all }) => Object.keys(all))
    const closed = ['kind', 'le', 'major', 'minor', 'patch', 'space', 'version']
    expect([...new Set(labels)].filter((name) => !closed.includes(name))).toEqual([])
  })
})
