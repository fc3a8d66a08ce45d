import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Agent, fetch } from 'undici'
import { onTestFinished } from 'vitest'
import { type CallResult, clientInfo } from '../stdio/peers.ts'

/** How a client reaches the service. */
export interface Way {
  readonly url: string
  readonly token?: string
  /** The CA that it trusts besides those of Node. */
  readonly ca?: string
  /** The address that it has itself. */
  readonly from?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Both eras of the protocol, as the SDK names them. */
export const eras = ['legacy', 'auto'] as const

/** `fetch` on a way, with connections of its own. */
function fetchOn({ ca, from, token, headers }: Way) {
  const dispatcher = new Agent({ ...(ca && { connect: { ca } }), ...(from && { localAddress: from }) })
  onTestFinished(() => dispatcher.destroy())
  const own = { ...headers, ...(token && { authorization: `Bearer ${token}` }) }
  return (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const all = { ...Object.fromEntries(new Headers(init.headers)), ...own }
    return fetch(url, { ...(init as object), headers: all, dispatcher }) as unknown as Promise<Response>
  }
}

/** A client of the SDK that is connected on this way; closed after the test. */
export async function connectedClient(way: Way, mode: (typeof eras)[number] = 'auto') {
  const client = new Client(clientInfo, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(way.url), { fetch: fetchOn(way) }))
  onTestFinished(() => client.close())
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (
      name: string,
      given: Record<string, unknown> = {},
      options: { readonly onprogress?: () => void; readonly signal?: AbortSignal } = {},
    ) => (await client.callTool({ name, arguments: given }, options)) as CallResult,
  }
}

/** One answer, as far as tests look at it. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Sends requests by hand on this way: a list of tools, or what `init` says. */
export function sender(way: Way): (init?: RequestInit, path?: string) => Promise<Answer> {
  const send = fetchOn(way)
  const list: RequestInit = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  }
  return async (init = {}, path = new URL(way.url).pathname) => {
    const response = await send(new URL(path, way.url), { ...list, ...init })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}
