import { isObject } from '../fuzz/json-rpc-line.ts'
import { envelope } from '../fuzz/messages.ts'
import type { Endpoint } from './requests/draft.ts'

/** What a request that is well formed must be answered with. */
type Expectation = (result: Readonly<Record<string, unknown>>) => boolean

type Control = readonly [method: string, params: object, isRight: Expectation]

const controls: readonly Control[] = [
  ['tools/list', {}, ({ tools }) => Array.isArray(tools) && tools.length > 30],
  [
    'tools/call',
    { name: 'car_list_script_types', arguments: {} },
    ({ content, isError }) => isError !== true && JSON.stringify(content).includes('script types 1-3 of 3'),
  ],
  ['resources/list', {}, ({ resources }) => Array.isArray(resources) && resources.length > 0],
]

/** Asks what a working service answers; returns what is wrong with the answer. */
export async function controlFault(
  { port, token }: Endpoint,
  modern: boolean,
  turn: number,
): Promise<string | undefined> {
  const [method, params, isRight] = controls[turn % controls.length] as Control
  const id = `control-${turn}`
  const meta = modern ? { _meta: envelope({}) } : {}
  const name = 'name' in params ? { 'Mcp-Name': String(params.name) } : {}
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'close',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': modern ? '2026-07-28' : '2025-11-25',
      ...(modern && { 'mcp-method': method, ...name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, ...meta } }),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  const answer: unknown = response.ok ? JSON.parse(text) : undefined
  const isWell =
    isObject(answer) && answer['id'] === id && isObject(answer['result']) && isRight(answer['result'])
  return isWell ? undefined : `${method} is answered with ${response.status} ${text.slice(0, 400)}`
}
