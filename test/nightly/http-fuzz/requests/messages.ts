import { isObject } from '../../fuzz/json-rpc-line.ts'
import type { Messages } from '../../fuzz/messages.ts'
import type { SeededRandom } from '../../fuzz/seeded-random.ts'
import { faultOfAnswer, messagesIn } from '../responses/answers.ts'
import type { Response } from '../responses/responses.ts'
import type { Sent } from '../trial.ts'
import { bytesOf, type Draft, draftFor, type Endpoint, setHeader } from './draft.ts'
import { oddJson } from './odd-json.ts'

// Messages of the fuzzer over stdio as bodies, with headers that fit them and with others.

const modernVersion = '2026-07-28'

/** A value of Mcp-Name as clients write it: texts that no header holds in base64. */
function nameHeader(value: string): string {
  return /^[\x21-\x7e](?:[ -~]*[\x21-\x7e])?$/.test(value) && !value.startsWith('=?base64?')
    ? value
    : `=?base64?${Buffer.from(value).toString('base64')}?=`
}

const parsed = (body: string | Buffer): unknown => {
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The headers of 2026-07-28 for this message; what a header cannot hold is shortened. */
function setModernHeaders(draft: Draft, message: unknown): void {
  const { method, params } = isObject(message) ? message : { method: undefined, params: undefined }
  const { name, uri } = isObject(params) ? params : { name: undefined, uri: undefined }
  setHeader(draft, 'MCP-Protocol-Version', modernVersion)
  if (/^[\x21-\x7e]{1,200}$/.test(textIn(method))) setHeader(draft, 'Mcp-Method', textIn(method))
  const named = textIn(name) || textIn(uri)
  if (named !== '') setHeader(draft, 'Mcp-Name', nameHeader(named.slice(0, 2_000)))
}

/** Headers that contradict the body, or each other. */
function contradict(random: SeededRandom, draft: Draft): void {
  const versions = ['2025-11-25', '2025-03-26', modernVersion, '1', '', 'x'.repeat(300)]
  const kinds: readonly (() => void)[] = [
    () => setHeader(draft, 'MCP-Protocol-Version', random.of(versions)),
    () => setHeader(draft, 'MCP-Protocol-Version', random.of(versions), random.of(versions)),
    () => setHeader(draft, 'MCP-Protocol-Version'),
    () => setHeader(draft, 'Mcp-Method', random.of(['tools/list', 'ping', '', '\xff', '__proto__'])),
    () => setHeader(draft, 'Mcp-Method', 'tools/call', 'tools/list'),
    () => setHeader(draft, 'Mcp-Method'),
    () =>
      setHeader(
        draft,
        'Mcp-Name',
        random.of(['car_execute_script', '', '=?base64?@?=', '=?base64?/w==?=', '\xe9']),
      ),
    () => setHeader(draft, 'Mcp-Name', 'a', 'b'),
    () => setHeader(draft, 'Mcp-Name'),
    () => setHeader(draft, 'Mcp-Param-Script', 'x'),
  ]
  random.of(kinds)()
}

/** How the messages of one caller are made. */
export interface MessageMaker {
  readonly random: SeededRandom
  readonly messages: Messages
  readonly modern: boolean
  readonly endpoint: Endpoint
  /** The session that a client of 2025 was given. */
  readonly session: string
}

/** What a message may be answered with. */
const statuses = [200, 202, 400, 404]

/** A message that no client should send. */
export function messageRequest(maker: MessageMaker): Sent {
  const { random, messages, modern, endpoint, session } = maker
  const body = random.chance(85) ? messages.next() : oddJson(random, modern)
  const draft = draftFor(random, endpoint, body)
  const message = parsed(body)
  if (random.chance(modern ? 95 : 5)) setModernHeaders(draft, message)
  else if (random.chance(60))
    setHeader(draft, 'MCP-Protocol-Version', random.of(['2025-11-25', '2025-06-18', '2025-03-26']))
  if (!modern && random.chance(50)) setHeader(draft, 'Mcp-Session-Id', session)
  const odd = random.chance(12)
  if (odd) contradict(random, draft)
  if (random.chance(15)) draft.framing = 'chunked'
  const isLong = draft.body.length > 10 * 1024 * 1024
  const remember = (response: Response): void => {
    const params = isObject(message) ? message['params'] : undefined
    for (const { result } of messagesIn(response)) {
      const state = isObject(result) ? result['requestState'] : undefined
      if (isObject(params) && typeof state === 'string') messages.remember(params, state)
    }
  }
  return {
    title: `message ${isObject(message) ? JSON.stringify(message['method'])?.slice(0, 60) : typeof message}${odd ? ', other headers' : ''}`,
    bytes: bytesOf(random, draft),
    nature: 'whole',
    statuses: isLong ? [413] : statuses,
    check: (response) => {
      remember(response)
      return faultOfAnswer(body, response)
    },
  }
}
