import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { moment, noRows } from '../../support/session/gateway.ts'
import {
  closed,
  effect,
  effectArgs,
  expectNamed,
  failing,
  gatewayFor,
  read,
  sessionFor,
} from '../../support/waiting/gateway.ts'
import {
  holdClock,
  networkEvent,
  onNetwork,
  passNetworkTime,
  skipPauses,
} from '../../support/waiting/time.ts'

// Each time-out of the network alone, at a second; the others stay far away.

/** Never answers to the end; tells when the first request has come, and when whoever sent it has gone. */
function silent(answer: (response: ServerResponse) => void = () => undefined) {
  const [come, gone] = [moment(), moment()]
  let asked = 0
  const listener: RequestListener = (_request, response) => {
    asked++
    closed(response).then(gone.now)
    answer(response)
    come.now()
  }
  return { listener, come: come.come, gone: gone.come, asked: () => asked }
}
const begun = (response: ServerResponse): void => void response.write('{"body":')

const headers = { QUALYS_HEADERS_TIMEOUT_SECONDS: '1' }
const body = { QUALYS_BODY_TIMEOUT_SECONDS: '1' }

/** The ways in which an answer stays away: how it is given, what the client sees of it, and which setting ends it. */
const ways = [
  ['does not begin', () => undefined, 'client:sendHeaders', headers, 'QUALYS_HEADERS_TIMEOUT_SECONDS'],
  ['pauses', begun, 'request:bodyChunkReceived', body, 'QUALYS_BODY_TIMEOUT_SECONDS'],
] as const

describe('an answer', () => {
  test.each(ways)(
    '%s: a read fails with the setting, and its socket is closed',
    async (_name, answer, event, extra, setting) => {
      const { listener, come, gone, asked } = silent(answer)
      const waits = networkEvent(event)
      const failed = failing(sessionFor(await gatewayFor(listener), extra).call(read, {}))
      await Promise.all([come, waits])
      passNetworkTime(1_000)
      const { kind, text } = await failed
      expect(kind).toBe('vendor')
      expectNamed(text, setting)
      await gone
      expect(asked()).toBe(1)
    },
  )

  test.each(ways)(
    '%s: whether an effect happened is not known',
    async (_name, answer, event, extra, setting) => {
      const { listener, come, gone, asked } = silent(answer)
      const waits = networkEvent(event)
      const session = sessionFor(await gatewayFor(listener), { ...extra, QUALYS_MAX_WAIT_SECONDS: '60' })
      const failed = failing(session.call(effect, effectArgs))
      await Promise.all([come, waits])
      passNetworkTime(1_000)
      const { kind, text } = await failed
      expect(kind).toBe('unclear')
      expectNamed(text, setting)
      await gone
      expect(asked()).toBe(1)
    },
  )

  test('that comes drop by drop is no pause: it is read to its end', async () => {
    let drops = 0
    let answer: ServerResponse | undefined
    const drip = (): void => {
      if (++drops < 15) answer?.write(' ')
      else answer?.end(noRows)
    }
    // More than a second passes altogether, and never as much between two drops.
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
    const { listener, come } = silent()
    const session = sessionFor(await gatewayFor(() => undefined, listener), headers)
    const failed = failing(session.call(read, {}))
    await come
    await turn()
    passNetworkTime(1_000)
    const { kind, text } = await failed
    expect(kind).toBe('vendor')
    expectNamed(text, 'QUALYS_HEADERS_TIMEOUT_SECONDS')
  })

  test('of a read is asked for again where there is patience, with what is left of it', async () => {
    const pass = holdClock()
    const pauses = skipPauses()
    const { listener, asked } = silent(() => {
      pass(1_000)
      setImmediate(() => passNetworkTime(1_000))
    })
    const session = sessionFor(await gatewayFor(listener), { ...headers, QUALYS_MAX_WAIT_SECONDS: '4' })
    const { text } = await failing(session.call(read, {}))
    expect(text).toContain('did not begin to answer')
    // Three seconds of answers that do not come, and two pauses, which grow.
    expect(asked()).toBe(3)
    expect(pauses).toHaveLength(2)
  })
})

test('a later try that had only what was left of the patience does not blame the time-out of headers', async () => {
  const pass = holdClock()
  skipPauses()
  let asked = 0
  const gateway = await gatewayFor((_request, response) => {
    if (++asked === 1) return void response.writeHead(503).end()
    pass(2_000)
    setImmediate(() => passNetworkTime(2_000))
  })
  const { text } = await failing(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '2' }).call(read, {}))
  expect(asked).toBe(2)
  expect(text).not.toContain('QUALYS_HEADERS_TIMEOUT_SECONDS')
  expect(text).toMatch(/within the [12] s that were left \(QUALYS_MAX_WAIT_SECONDS\)/)
})

test('no connection: nothing of an effect was sent, so that nobody need look', async () => {
  const held: Socket[] = []
  const accepted = moment()
  const server = createServer((socket) => {
    held.push(socket.on('error', () => undefined))
    accepted.now()
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
  const failed = failing(session.call(effect, effectArgs))
  await accepted.come
  passNetworkTime(1_000)
  const { kind, text } = await failed
  expect(kind).toBe('setup')
  expectNamed(text, 'QUALYS_CONNECT_TIMEOUT_SECONDS')
})
