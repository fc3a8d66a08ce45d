import { describe, expect } from 'vitest'
import { revisions, type ServiceClient } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// The rate of a caller, and who brings wrong tokens again and again.

const test = serviceTestOn()

const callers = { ada: { role: 'operator' }, eve: { role: 'operator' } } as const
const rate = { QUALYS_CALLS_PER_MINUTE: '6' }

async function useUp(client: ServiceClient): Promise<void> {
  for (let call = 0; call < 6; call++) expect((await client.request('prompts/list')).status).toBe(200)
}

describe.each(revisions)('%s, over the rate', (revision) => {
  test('a tool call gets an ordinary busy result with the seconds, and Qualys hears nothing', async ({
    serve,
    upstream,
  }) => {
    const client = (await serve({ callers, settings: rate })).client('ada', { revision })
    await useUp(client)
    const answer = await client.call('car_list_script_types')
    expect([answer.status, answer.kind, answer.error]).toEqual([200, 'busy', undefined])
    expect(answer.result).toMatchObject({
      isError: true,
      _meta: { 'qualys-mcp/error': { retryAfterSeconds: 10 } },
    })
    expect(answer.text).toBe(
      'This caller has made more than 6 requests within a minute (QUALYS_CALLS_PER_MINUTE), so the tool was not called. Call again in 10 s.',
    )
    expect(await upstream()).toEqual([])
  })

  test('all else gets 429 with Retry-After', async ({ serve }) => {
    const service = await serve({ callers, settings: rate })
    const client = service.client('ada', { revision })
    await useUp(client)
    for (const method of ['tools/list', 'resources/list', 'resources/read', 'no/such']) {
      const { status, headers, error } = await client.request(method, { uri: 'qualys://guides/qql' })
      expect([status, headers['retry-after']]).toEqual([429, '10'])
      expect(error?.message).toMatch(/more than 6 requests within a minute: wait 10 s\.$/)
    }
    expect(await service.metrics()).toContain('qualys_mcp_http_refusals_total{reason="rate"} 4')
  })

  test('another caller is not concerned, and an effect is not sent', async ({ serve, effects }) => {
    const settings = { ...rate, QUALYS_MODE: 'unattended' }
    const service = await serve({ callers, settings })
    const client = service.client('ada', { revision })
    await useUp(client)
    expect((await client.call('car_clone_script', { scriptId: 61179, title: 'A copy' })).kind).toBe('busy')
    expect(await effects()).toEqual([])
    expect(service.auditText()).toBe('')
    expect((await service.client('eve', { revision }).call('car_list_script_types')).isError).toBe(false)
  })
})

test('an unknown tool is unknown also over the rate', async ({ serve }) => {
  const client = (await serve({ callers: { eve: { role: 'viewer' } }, settings: rate })).client('eve')
  await useUp(client)
  const [effect, unknown] = [await client.call('car_clone_script'), await client.call('car_xclone_script')]
  expect(effect.body.replaceAll('car_clone_script', 'T').replace(/"id":\d+/, '')).toBe(
    unknown.body.replaceAll('car_xclone_script', 'T').replace(/"id":\d+/, ''),
  )
})

test.for([
  ['/mcp', 'POST'],
  ['/readyz', 'GET'],
  ['/metrics', 'GET'],
] as const)(
  'wrong tokens are slowed at %s, so that a good one is answered first',
  async ([path, method], { serve }) => {
    const service = await serve({ callers: { root: { role: 'admin' } } })
    const [wrong, good] = [service.client('x', { token: 'z'.repeat(40) }), service.client('root')]
    for (let attempt = 0; attempt < 5; attempt++)
      expect((await wrong.post('', { path, method })).status).toBe(401)
    const order: string[] = []
    const asking = wrong.post('', { path, method }).then(() => order.push('wrong'))
    for (let attempt = 0; attempt < 3; attempt++)
      await good.post('', { path, method }).then(() => order.push('good'))
    await asking
    expect(order).toEqual(['good', 'good', 'good', 'wrong'])
  },
)
