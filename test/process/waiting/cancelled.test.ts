import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { moment, noRows } from '../../support/session/gateway.ts'
import { generations, type Peer, textOf } from '../../support/stdio/peers.ts'
import { closed, gatewayFor } from '../../support/waiting/ground.ts'

// A client takes its call back: notifications/cancelled, through the built program, down to the socket.

let peer: Peer | undefined
afterEach(() => peer?.close())
const types = { name: 'car_list_script_types' }
const languages = { name: 'car_list_script_languages' }

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  /** A call that can be taken back; its failure is the client's own. */
  function begin(on: Peer, request: { name: string }) {
    const cancel = new AbortController()
    const call = on.callTool(request, { signal: cancel.signal })
    const lost = expect(call).rejects.toThrow()
    return async (): Promise<void> => {
      cancel.abort('the person changed their mind')
      await lost
    }
  }
  const expectAnswered = async (call: Promise<Parameters<typeof textOf>[0]>): Promise<void> => {
    const result = await call
    expect(result.isError ?? false, textOf(result)).toBe(false)
  }

  test.each([
    ['before its answer', () => undefined],
    ['in the middle of its answer', (response: ServerResponse) => void response.write('{"body":[')],
  ])('%s: the gateway sees the connection close', async (_when, answer) => {
    const [arrived, gone] = [moment(), moment()]
    const gateway = await gatewayFor(({ url }, response) => {
      if (url !== '/sm/v1/script-types') return void response.end(noRows)
      closed(response).then(gone.now)
      answer(response)
      arrived.now()
    })
    peer = await connect(environmentFor(gateway))
    const cancel = begin(peer, types)
    await arrived.come
    await cancel()
    await gone.come
    await expectAnswered(peer.callTool(languages))
  })

  test('while it waits for its turn: never sent, and nobody else is', async () => {
    const [arrived, answered] = [moment(), moment()]
    const seen: string[] = []
    const gateway = await gatewayFor(async ({ url = '' }, response) => {
      seen.push(url)
      arrived.now()
      await answered.come
      response.end(noRows)
    })
    peer = await connect(environmentFor(gateway, { QUALYS_CONCURRENCY: '1' }))
    const first = peer.callTool(languages)
    await arrived.come
    const cancel = begin(peer, types)
    // The server has the call, for it answers what was asked after it.
    await peer.listTools()
    await cancel()
    await peer.listTools()
    answered.now()
    await expectAnswered(first)
    await expectAnswered(peer.callTool(languages))
    expect(seen).toEqual(['/sm/v1/script-language', '/sm/v1/script-language'])
  })

  test('while it waits for a limit: not asked again, and its place is free', async () => {
    const limited = moment()
    const seen: string[] = []
    const gateway = await gatewayFor(({ url = '' }, response) => {
      seen.push(url)
      if (url !== '/sm/v1/script-types') return void response.end(noRows)
      response.writeHead(429, { 'x-ratelimit-towait-sec': '1' }).end(limited.now)
    })
    peer = await connect(environmentFor(gateway, { QUALYS_CONCURRENCY: '1', QUALYS_MAX_WAIT_SECONDS: '300' }))
    const cancel = begin(peer, types)
    await limited.come
    await cancel()
    await expectAnswered(peer.callTool(languages))
    // Long enough for the try that must not come.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(seen).toEqual(['/sm/v1/script-types', '/sm/v1/script-language'])
  })

  test('while it waits for a login that others wait for too: they get it', async () => {
    const [asked, answered] = [moment(), moment()]
    let logins = 0
    const seen: string[] = []
    const gateway = await gatewayFor(
      ({ url = '' }, response) => {
        seen.push(url)
        response.end(noRows)
      },
      async (_request, response) => {
        logins++
        asked.now()
        await answered.come
        response.writeHead(201).end('header.payload.signature')
      },
    )
    peer = await connect(environmentFor(gateway))
    const cancel = begin(peer, types)
    await asked.come
    const second = peer.callTool(languages)
    await peer.listTools()
    await cancel()
    answered.now()
    await expectAnswered(second)
    expect({ logins, seen }).toEqual({ logins: 1, seen: ['/sm/v1/script-language'] })
  })
})
