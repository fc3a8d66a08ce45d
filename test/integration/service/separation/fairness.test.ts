import { expect } from 'vitest'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openWatchedGateway } from '../../../support/service/gateway.ts'

const test = serviceTestOn()

test('one caller with many calls at once does not keep another waiting for all of them', async ({
  serve,
  sandbox,
  upstream,
}) => {
  const route = 'POST /sm/v2/jobs/search'
  const gateway = await openWatchedGateway(sandbox.gatewayUrl, route)
  const service = await serve({
    callers: { ada: { role: 'viewer' }, eve: { role: 'viewer' } },
    settings: { QUALYS_GATEWAY_URL: gateway.url, QUALYS_CONCURRENCY: '1' },
  })
  const ada = service.client('ada')
  const first = ada.call('car_search_jobs')
  await gateway.held
  const many = Array.from({ length: 20 }, (_, at) => ada.call('car_search_jobs', { pageSize: at + 1 }))
  await expect.poll(() => service.metrics(), { interval: 10 }).toContain('qualys_mcp_calls_in_flight 21')
  const other = service.client('eve').call('car_list_script_languages')
  await expect.poll(() => service.metrics(), { interval: 10 }).toContain('qualys_mcp_calls_in_flight 22')
  gateway.release()
  await Promise.all([first, ...many, other])
  const order = await upstream()
  expect(order).toHaveLength(22)
  expect(order.indexOf('GET /sm/v1/script-language')).toBeLessThanOrEqual(3)
})
