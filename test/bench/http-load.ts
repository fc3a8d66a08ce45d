import { Pool } from 'undici'

// Callers that each send one request after the other, over connections that stay open.

/** Where to send what. */
export interface Target {
  readonly port: number
  /** One for each caller; none for a service without callers. */
  readonly tokens: readonly string[]
}

/** The revisions of the protocol that differ on the wire. */
type Revision = '2025-11-25' | '2026-07-28'

/** One kind of request. */
export interface Asked {
  readonly revision: Revision
  readonly method: 'tools/call' | 'tools/list'
}

/** What came of a load. */
export interface Load {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers without a result. */
  readonly errors: number
}

const tool = 'car_list_script_types'

function requestOf({ revision, method }: Asked, token: string | undefined) {
  const isModern = revision === '2026-07-28'
  const params = {
    ...(method === 'tools/call' && { name: tool, arguments: {} }),
    ...(isModern && {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': revision,
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    }),
  }
  return {
    path: '/mcp',
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      ...(isModern && { 'mcp-method': method, ...(method === 'tools/call' && { 'mcp-name': tool }) }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  }
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** Loads a service for some seconds; each caller goes through all kinds of requests in turn. */
export async function load(
  { port, tokens }: Target,
  asked: readonly Asked[],
  { callers, seconds }: { readonly callers: number; readonly seconds: number },
): Promise<Load> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: callers })
  const times: number[] = []
  let errors = 0
  const began = performance.now()
  const end = began + seconds * 1000
  const call = async (caller: number): Promise<void> => {
    const requests = asked.map((one) => requestOf(one, tokens[caller % Math.max(1, tokens.length)]))
    for (let turn = caller; performance.now() < end; turn++) {
      const from = performance.now()
      const request = requests[turn % requests.length]
      if (!request) return
      const { statusCode, body } = await pool.request(request)
      const text = await body.text()
      times.push(performance.now() - from)
      if (statusCode !== 200 || !text.includes('"result"') || text.includes('"isError":true')) errors++
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
  const elapsed = performance.now() - began
  await pool.close()
  times.sort((a, b) => a - b)
  return {
    perSecond: (times.length / elapsed) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    errors,
  }
}
