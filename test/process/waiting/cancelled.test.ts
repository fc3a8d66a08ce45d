import type { RequestListener, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { environmentFor } from '../../support/environment.ts'
import { deferred, noRows, openGateway } from '../../support/session/gateway.ts'
import { type CallResult, generations, type Peer, textOf } from '../../support/stdio/peers.ts'

// A client cancels its call: notifications/cancelled, through the built program, down to the socket.

const [typesPath, languagesPath] = ['/sm/v1/script-types', '/sm/v1/script-language']
const types = { name: 'car_list_script_types' }
const languages = { name: 'car_list_script_languages' }

/** Resolves when the client has disconnected, or has been answered. */
const closed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => response.on('close', resolve))

/** A call that can be cancelled; its failure is the client's own. */
function begin(on: Peer, request: { name: string }) {
  const cancel = new AbortController()
  const call = on.callTool(request, { signal: cancel.signal })
  const rejected = expect(call).rejects.toThrow()
  return async (): Promise<void> => {
    cancel.abort('the person changed their mind')
    await rejected
  }
}

async function expectAnswered(call: Promise<CallResult>): Promise<void> {
  const result = await call
  expect(result.isError ?? false, textOf(result)).toBe(false)
}

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  let gateway: Sandbox
  /** One call at a time, with a retry budget. */
  let peer: Peer
  /** The gateway's handler for the running test. */
  let answer: RequestListener
  beforeAll(async () => {
    gateway = await openGateway((request, response) => answer(request, response))
    const settings = { QUALYS_CONCURRENCY: '1', QUALYS_MAX_WAIT_SECONDS: '300' }
    peer = await connect(environmentFor(gateway, settings))
  })
  afterAll(async () => {
    await peer.close()
    await gateway.close()
  })

  test.each([
    ['before its answer', () => undefined],
    ['in the middle of its answer', (response: ServerResponse) => void response.write('{"body":[')],
  ])('%s: the gateway sees the connection close', async (_when, half) => {
    const [arrived, gone] = [deferred(), deferred()]
    answer = ({ url }, response) => {
      if (url !== typesPath) return void response.end(noRows)
      closed(response).then(gone.resolve)
      half(response)
      arrived.resolve()
    }
    const cancel = begin(peer, types)
    await arrived.promise
    await cancel()
    await gone.promise
    await expectAnswered(peer.callTool(languages))
  })

  test('while it waits for its turn: never sent, and the call before it is answered', async () => {
    const [arrived, answered] = [deferred(), deferred()]
    const seen: string[] = []
    answer = async ({ url = '' }, response) => {
      seen.push(url)
      arrived.resolve()
      await answered.promise
      response.end(noRows)
    }
    const first = peer.callTool(languages)
    await arrived.promise
    const cancel = begin(peer, types)
    // The server has received the call, since it answers a later one.
    await peer.listTools()
    await cancel()
    await peer.listTools()
    answered.resolve()
    await expectAnswered(first)
    await expectAnswered(peer.callTool(languages))
    expect(seen).toEqual([languagesPath, languagesPath])
  })

  test('while it waits for a limit: not repeated, and its slot is free', async () => {
    const limited = deferred()
    const seen: string[] = []
    answer = ({ url = '' }, response) => {
      seen.push(url)
      const limit = (seconds: string) => response.writeHead(429, { 'x-ratelimit-towait-sec': seconds })
      if (url === typesPath) limit('0.5').end(limited.resolve)
      else if (seen.length === 2) limit('1').end()
      else response.end(noRows)
    }
    const cancel = begin(peer, types)
    await limited.promise
    await cancel()
    // This one waits until after the retry that must not come.
    await expectAnswered(peer.callTool(languages))
    expect(seen).toEqual([typesPath, languagesPath, languagesPath])
  })
})

test.each(Object.entries(generations))(
  '%s: while it waits for a login that others wait for too: they get it',
  async (_name, connect) => {
    const [asked, answered] = [deferred(), deferred()]
    let logins = 0
    const seen: string[] = []
    const gateway = await openGateway(
      ({ url = '' }, response) => {
        seen.push(url)
        response.end(noRows)
      },
      async (_request, response) => {
        logins++
        asked.resolve()
        await answered.promise
        response.writeHead(201).end('header.payload.signature')
      },
    )
    const peer = await connect(environmentFor(gateway))
    const cancel = begin(peer, types)
    await asked.promise
    const second = peer.callTool(languages)
    await peer.listTools()
    await cancel()
    answered.resolve()
    await expectAnswered(second)
    expect({ logins, seen }).toEqual({ logins: 1, seen: [languagesPath] })
    await peer.close()
    await gateway.close()
  },
)
