import { request } from 'node:http'
import { afterEach, describe, expect, vi } from 'vitest'
import { forms, revisions, type ServiceClient } from '../../../support/service/client.ts'
import { approve, codeIn } from '../../../support/service/codes.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openWatchedGateway } from '../../../support/service/gateway.ts'

// An effect never begins late: 45 s count from the arrival of the HTTP request. The clock of this process is moved.

const test = serviceTestOn()

const callers = { ada: { role: 'operator' } } as const
const unattended = { QUALYS_MODE: 'unattended' }
const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const cloned = 'POST /sm/v1/scripts/61179/clone'
const lookUp = 'GET /sm/v1/scripts/61179'
const tooLate =
  'The call was not ready within 45 s, and a client may have given it up by now; nothing was sent.'

/** From now on the clock is this much ahead. */
function passSeconds(seconds: number): void {
  const { performance } = globalThis
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1_000)
}
afterEach(() => void vi.restoreAllMocks())

/** Sends the headers of a call; its body goes once the service has asked for it, and `meanwhile` is done. */
function sendInTwoParts(client: ServiceClient, meanwhile: () => void): Promise<string> {
  const message = client.messageOf('tools/call', { name: clone[0], arguments: clone[1] })
  const body = JSON.stringify(message)
  const headers = {
    ...client.headersFor('tools/call', { name: clone[0] }),
    'content-length': Buffer.byteLength(body),
    expect: '100-continue',
  }
  return new Promise((resolve, reject) => {
    const sent = request({
      port: client.port,
      host: '127.0.0.1',
      path: '/mcp',
      method: 'POST',
      headers,
      agent: false,
    })
    sent.on('continue', () => {
      meanwhile()
      sent.end(body)
    })
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.flushHeaders()
  })
}

describe.each(revisions)('%s', (revision) => {
  test.for([
    [44, 1],
    [46, 0],
  ] as const)(
    'a body that comes %i s after its headers: the effect is sent %i times',
    async ([seconds, times], { serve, effects }) => {
      const service = await serve({ callers, settings: unattended })
      const text = await sendInTwoParts(service.client('ada', { revision }), () => passSeconds(seconds))
      expect(text.includes(tooLate)).toBe(times === 0)
      expect(await effects()).toHaveLength(times)
    },
  )

  test.for([
    [44, 1],
    [46, 0],
  ] as const)(
    'look-ups that take %i s: the effect is sent %i times',
    async ([seconds, times], { serve, sandbox, effects }) => {
      const gateway = await openWatchedGateway(sandbox.gatewayUrl, lookUp)
      const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
      const answer = service.client('ada', { revision }).call(...clone)
      await gateway.held
      passSeconds(seconds)
      gateway.release()
      const { text, kind } = await answer
      expect(await effects()).toHaveLength(times)
      if (times === 1) return
      expect(text).toBe(`${tooLate} Make the identical call again.`)
      expect(kind).toBe('busy')
      const events = service.audit().map(({ event }) => event)
      expect(events).toEqual(['start', 'asked', 'refused'])
    },
  )

  test('a wait for the turn at Qualys counts: nothing leaves after it', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, 'POST /sm/v2/jobs/search')
    const settings = { ...unattended, QUALYS_GATEWAY_URL: gateway.url, QUALYS_CONCURRENCY: '1' }
    const service = await serve({ callers, settings })
    const read = service.client('ada', { revision }).call('car_search_jobs')
    await gateway.held
    const answer = service.client('ada', { revision }).call(...clone)
    await expect.poll(() => service.audit().length, { interval: 10 }).toBeGreaterThan(1)
    passSeconds(46)
    gateway.release()
    expect((await read).isError).toBe(false)
    expect((await answer).text).toContain(tooLate)
    expect(await effects()).toEqual([])
  })

  test('an approval by code that comes with a late call runs with the next identical call', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, lookUp, { skip: 1 })
    const service = await serve({ callers, settings: { QUALYS_GATEWAY_URL: gateway.url } })
    const client = service.client('ada', { revision })
    approve(service, codeIn(await client.call(...clone)))
    const late = client.call(...clone)
    await gateway.held
    passSeconds(46)
    gateway.release()
    expect((await late).text).toBe(`${tooLate} Make the identical call again: the approval still holds.`)
    expect(await effects()).toEqual([])
    expect((await client.call(...clone)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
  })
})

test('with a form each request has its own 45 s: a person may take minutes', async ({ serve, effects }) => {
  const service = await serve({ callers })
  const client = service.client('ada', { capabilities: forms })
  const state = (await client.call(...clone)).result?.['requestState']
  passSeconds(300)
  expect((await client.answerQuestion(...clone, state)).isError).toBe(false)
  expect(await effects()).toEqual([cloned])
})
