import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { deferred, noRows } from '../../support/session/gateway.ts'
import {
  holdClock,
  networkEvent,
  onNetwork,
  passNetworkTime,
  skipPauses,
} from '../../support/waiting/fake-time.ts'
import {
  connectionClosed,
  effect,
  effectArgs,
  expectSettingNamed,
  failureOf,
  gatewayFor,
  read,
  sessionFor,
} from '../../support/waiting/gateway.ts'

// Each network time-out alone, at a second; the others are much longer.

/** Never finishes its answer; reports when the first request has arrived, and when its client has disconnected. */
function silentAnswer(answer: (response: ServerResponse) => void = () => undefined) {
  const [come, gone] = [deferred(), deferred()]
  let asked = 0
  const listener: RequestListener = (_request, response) => {
    asked++
    connectionClosed(response).then(gone.resolve)
    answer(response)
    come.resolve()
  }
  return { listener, come: come.promise, gone: gone.promise, asked: () => asked }
}
const beginBody = (response: ServerResponse): void => void response.write('{"body":')

const headers = { QUALYS_HEADERS_TIMEOUT_SECONDS: '1' }
const body = { QUALYS_BODY_TIMEOUT_SECONDS: '1' }

/**
 * The ways in which an answer fails to arrive: the server's part, the client's event, and the setting that ends it.
 */
const silentServers = [
  ['does not begin', () => undefined, 'client:sendHeaders', headers, 'QUALYS_HEADERS_TIMEOUT_SECONDS'],
  ['pauses', beginBody, 'request:bodyChunkReceived', body, 'QUALYS_BODY_TIMEOUT_SECONDS'],
] as const

describe('an answer that does not arrive', () => {
  test.each(silentServers)(
    '%s: a read fails and names the setting, and its socket is closed',
    async (_name, answer, event, extra, setting) => {
      const { listener, come, gone, asked } = silentAnswer(answer)
      const waits = networkEvent(event)
      const failed = failureOf(sessionFor(await gatewayFor(listener), extra).call(read, {}))
      await Promise.all([come, waits])
      passNetworkTime(1_000)
      const { kind, text } = await failed
      expect(kind).toBe('vendor')
      expectSettingNamed(text, setting)
      await gone
      expect(asked()).toBe(1)
    },
  )

  test.each(silentServers)(
    '%s: the outcome of an effect is unknown',
    async (_name, answer, event, extra, setting) => {
      const { listener, come, gone, asked } = silentAnswer(answer)
      const waits = networkEvent(event)
      const session = sessionFor(await gatewayFor(listener), { ...extra, QUALYS_MAX_WAIT_SECONDS: '60' })
      const failed = failureOf(session.call(effect, effectArgs))
      await Promise.all([come, waits])
      passNetworkTime(1_000)
      const { kind, text } = await failed
      expect(kind).toBe('unclear')
      expectSettingNamed(text, setting)
      await gone
      expect(asked()).toBe(1)
    },
  )

  test('that arrives slowly but steadily is read to its end', async () => {
    let drops = 0
    let answer: ServerResponse | undefined
    const drip = (): void => {
      if (++drops < 15) answer?.write(' ')
      else answer?.end(noRows)
    }
    // More than a second in total, and never as much between two drops.
    onNetwork('request:bodyChunkReceived', () => {
      if (drops >= 15) return
      passNetworkTime(-600)
      drip()
    })
    const gateway = await gatewayFor((_request, response) => {
      answer = response
      drip()
    })
    await expect(sessionFor(gateway, body).call(read, {})).resolves.toMatchObject({ rows: [] })
    expect(drops).toBe(15)
  })

  test('of the login counts as well', async () => {
    const { listener, come } = silentAnswer()
    const session = sessionFor(await gatewayFor(() => undefined, listener), headers)
    const failed = failureOf(session.call(read, {}))
    await come
    await turn()
    passNetworkTime(1_000)
    const { kind, text } = await failed
    expect(kind).toBe('vendor')
    expectSettingNamed(text, 'QUALYS_HEADERS_TIMEOUT_SECONDS')
  })

  test('of a read is requested again within the retry budget', async () => {
    const pass = holdClock()
    const pauses = skipPauses()
    const { listener, asked } = silentAnswer(() => {
      pass(1_000)
      setImmediate(() => passNetworkTime(1_000))
    })
    const session = sessionFor(await gatewayFor(listener), { ...headers, QUALYS_MAX_WAIT_SECONDS: '4' })
    const { text } = await failureOf(session.call(read, {}))
    expect(text).toContain('did not begin to answer')
    // Three answers that do not come within a second each, and two pauses, which grow.
    expect(asked()).toBe(3)
    expect(pauses).toHaveLength(2)
  })
})

test('a retry limited by the rest of the retry budget does not blame the header time-out', async () => {
  const pass = holdClock()
  skipPauses()
  let asked = 0
  const gateway = await gatewayFor((_request, response) => {
    if (++asked === 1) return void response.writeHead(503).end()
    pass(2_000)
    setImmediate(() => passNetworkTime(2_000))
  })
  const { text } = await failureOf(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '2' }).call(read, {}))
  expect(asked).toBe(2)
  expect(text).not.toContain('QUALYS_HEADERS_TIMEOUT_SECONDS')
  expect(text).toMatch(/within the [12] s that were left \(QUALYS_MAX_WAIT_SECONDS\)/)
})

test('no connection: an effect was not sent, so nobody has to check', async () => {
  const held: Socket[] = []
  const accepted = deferred()
  const server = createServer((socket) => {
    held.push(socket.on('error', () => undefined))
    accepted.resolve()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'qualys-token-'))
  onTestFinished(() => {
    server.close()
    for (const socket of held) socket.destroy()
    rmSync(folder, { recursive: true })
  })
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, 'header.payload.signature', { mode: 0o600 })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const nobody = { username: 'nobody', password: 'nothing', clientId: 'none', clientSecret: 'none' }
  const place = { gatewayUrl: url, apiUrl: url, ...nobody, close: async () => undefined }
  const session = sessionFor(place, { QUALYS_TOKEN_FILE: tokenFile, QUALYS_CONNECT_TIMEOUT_SECONDS: '1' })
  const failed = failureOf(session.call(effect, effectArgs))
  await accepted.promise
  passNetworkTime(1_000)
  const { kind, text } = await failed
  expect(kind).toBe('setup')
  expectSettingNamed(text, 'QUALYS_CONNECT_TIMEOUT_SECONDS')
})
