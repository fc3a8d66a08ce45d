import { envelope } from '../../fuzz/messages.ts'
import type { SeededRandom } from '../../fuzz/seeded-random.ts'
import { faultOfAnswer } from '../responses/answers.ts'
import type { Response } from '../responses/responses.ts'
import type { Sent } from '../trial.ts'
import { bytesOf, type Draft, draftFor, type Endpoint, setHeader } from './draft.ts'
import { oddHeaders } from './odd-headers.ts'
import { oddRequests } from './odd-requests.ts'
import type { DrawnOddity, Effect } from './oddity.ts'

const oddities: readonly DrawnOddity[] = [...oddHeaders, ...oddRequests]

const plainCalls = [
  ['tools/list', {}],
  ['server/discover', {}],
  ['resources/list', {}],
  ['tools/call', { name: 'car_list_script_types', arguments: {} }],
] as const

/** The statuses that these oddities allow together. */
function statusesOf(effects: readonly Effect[]): readonly number[] {
  const must = effects.flatMap((effect) => effect.must ?? [])
  const may = effects.flatMap((effect) => effect.may ?? [])
  return must.length > 0 ? [...must, ...may] : [200, ...may]
}

/** True if the connection ends with the response to this request. */
function endsConnection({ version, headers }: Draft): boolean {
  const [options = ''] = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .map(([, value]) => value)
  return /\bclose\b/i.test(options) || (version === 'HTTP/1.0' && !/\bkeep-alive\b/i.test(options))
}

/** True if the head may be longer than the service reads: 16 KiB. */
const isLongHead = ({ target, headers }: Draft): boolean =>
  headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, target.length) > 15_000

/** A request that needs neither a name nor a token; its connection ends. */
function healthRequest(random: SeededRandom): Sent {
  const method = random.of(['GET', 'HEAD'])
  const check = ({ body }: Response): string | undefined =>
    ['', 'ok'].includes(body.toString()) ? undefined : 'expected ok'
  return {
    title: `${method} /healthz`,
    bytes: Buffer.from(`${method} /healthz?x HTTP/1.1\r\nHost: evil.example\r\nOrigin: null\r\n\r\n`),
    nature: 'whole',
    statuses: [200],
    isHead: method === 'HEAD',
    isLast: true,
    check,
  }
}

/** A request that is answered well, but for some oddities of its HTTP. */
export function wholeRequest(random: SeededRandom, endpoint: Endpoint, modern: boolean): Sent {
  if (random.chance(2)) return healthRequest(random)
  const [method, params] = random.of(
    modern ? plainCalls : plainCalls.filter(([name]) => name !== 'server/discover'),
  )
  const id = `w${random.below(1_000)}`
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, ...(modern && { _meta: envelope({}) }) },
  })
  const draft = draftFor(random, endpoint, body)
  setHeader(draft, 'MCP-Protocol-Version', modern ? '2026-07-28' : '2025-11-25')
  if (modern) setHeader(draft, 'Mcp-Method', method)
  if (modern && 'name' in params) setHeader(draft, 'Mcp-Name', params.name)
  const count = random.weighted([
    [10, 0],
    [60, 1],
    [22, 2],
    [8, 3],
  ] as const)
  const chosen = random.times(count, () => random.weighted(oddities))
  const effects = [...new Map(chosen.map(({ about, apply }) => [about, apply])).values()].map((apply) =>
    apply(random, draft, endpoint),
  )
  const isLong = isLongHead(draft)
  const statuses = [...statusesOf(effects), ...(isLong ? [431] : [])]
  const bytes = bytesOf(random, draft)
  return {
    title: effects.map(({ title }) => title).join('; ') || 'nothing odd',
    // RFC 9112, 2.2: an empty line before a request is ignored.
    bytes: random.chance(4) ? Buffer.concat([Buffer.from('\r\n'), bytes]) : bytes,
    nature: isLong || effects.some(({ byParser }) => byParser) ? 'lenient' : 'whole',
    statuses,
    isHead: draft.method === 'HEAD',
    isLast: endsConnection(draft),
    check: (response) => {
      const fault = effects.map(({ check }) => check?.(response)).find((one) => one !== undefined)
      const isPlain = effects.every(({ must }) => must === undefined)
      const isOfParser = response.status >= 400 && response.body.length === 0
      return fault ?? (isPlain && !isOfParser ? faultOfAnswer(body, response) : undefined)
    },
  }
}
