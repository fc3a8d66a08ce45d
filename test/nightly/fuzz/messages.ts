import type { Draw } from './draw.ts'
import { bent, longText, nest, object, text, value } from './values.ts'

/** What the messages of one connection are drawn from. */
export interface Ground {
  /** Calls with which every listed tool answers, and the tools among them that change something. */
  readonly calls: readonly (readonly [tool: string, args: object])[]
  readonly effects: ReadonlySet<unknown>
  /** True of a connection of 2026-07-28: no handshake, an envelope in every request. */
  readonly modern: boolean
}

type Json = Record<string, unknown>

export const envelope = (capabilities: Json): Json => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
})

const lists = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']

/** Methods that any server answers, and at once. */
const plain = [...lists, 'ping', 'server/discover']

const others = [
  ...['prompts/get', 'resources/read', 'resources/subscribe', 'completion/complete', 'logging/setLevel'],
  ...[
    'initialize',
    'subscriptions/listen',
    'sampling/createMessage',
    'roots/list',
    'elicitation/create',
    'tasks/get',
  ],
]

const notifications = [
  ...['notifications/initialized', 'notifications/progress', 'notifications/roots/list_changed'],
  ...[
    'notifications/message',
    'notifications/tools/list_changed',
    'notifications/cancelled',
    'notifications/x',
  ],
]

const uris = [
  ...[
    'qualys://guides/car',
    'qualys://outputs/1/2',
    'qualys://exports/x',
    'file:///etc/passwd',
    'http://127.0.0.1/',
  ],
  ...['qualys://outputs/%2e%2e/..', 'qualys://outputs/a/b/c', 'QUALYS://', '', 'qualys://guides/{name}'],
]

const yes = { action: 'accept', content: { approve: true } }

/** No answer to a question that was put is ever a yes: nothing may be changed by chance. */
const noes: readonly unknown[] = [
  { action: 'decline' },
  { action: 'cancel' },
  { action: 'accept', content: {} },
  { action: 'accept', content: { approve: false } },
  { action: 'accept', content: { approve: 'true' } },
  { action: 'accept', content: { approve: 1 } },
  { action: 'accept', content: { approve: [true] } },
  { action: 'accept', content: null },
  { action: 'accept' },
  { action: 'ACCEPT', content: { approve: true } },
  { content: { approve: true } },
  {},
]

const utf16 = (line: string): Buffer => Buffer.from(line, 'utf16le')

/** Messages of every kind that a client, a broken one or an evil one might send; the seed decides which. */
export class Messages {
  readonly #draw: Draw
  readonly #ground: Ground
  readonly #recent: unknown[] = []
  /** States that were given out, with the call that they are for. */
  readonly #states: { readonly params: Readonly<Json>; readonly state: string }[] = []
  #last = 0

  constructor(draw: Draw, ground: Ground) {
    this.#draw = draw
    this.#ground = ground
  }

  /** Remembers the state of a call: to answer no to it, and to pass it off where it does not belong. */
  remember(params: Readonly<Json>, state: string): void {
    this.#states.push({ params, state })
    if (this.#states.length > 50) this.#states.shift()
  }

  /** What is said to a question of the server. */
  answerTo(id: unknown): string {
    const draw = this.#draw
    return draw.chance(80)
      ? JSON.stringify({ jsonrpc: '2.0', id, result: draw.of(noes) })
      : JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message: text(draw) } })
  }

  /** One line, without its end. */
  next(): string | Buffer {
    const draw = this.#draw
    const kind = draw.weighted([
      [24, 'call'],
      [14, 'plain'],
      [10, 'other'],
      [5, 'unknown'],
      [9, 'notification'],
      [5, 'response'],
      [33, 'noise'],
    ] as const)
    switch (kind) {
      case 'call':
        return this.#request('tools/call', this.#callParams())
      case 'plain':
        return this.#request(draw.of(plain), draw.chance(70) ? {} : object(draw))
      case 'other':
        return this.#request(draw.of(others), this.#otherParams())
      case 'unknown':
        return this.#request(draw.chance(50) ? text(draw) : `tools/${text(draw, 1)}`, value(draw))
      case 'notification':
        return this.#notification()
      case 'response':
        return this.#response()
      case 'noise':
        return this.#noise()
    }
  }

  /** A fresh id, or one that was used before, or one of a kind that JSON-RPC does not have. */
  #id(): unknown {
    const draw = this.#draw
    const odd = draw.weighted([
      [90, 'fresh'],
      [4, 'again'],
      [6, 'odd'],
    ] as const)
    const fresh = draw.chance(80) ? ++this.#last : `n-${++this.#last}`
    const id = odd === 'again' ? (draw.of([...this.#recent, 0]) ?? 0) : odd === 'odd' ? value(draw, 1) : fresh
    this.#recent.push(id)
    if (this.#recent.length > 30) this.#recent.shift()
    return id
  }

  #request(method: string, params: unknown): string {
    const draw = this.#draw
    const claimed = this.#ground.modern ? draw.chance(92) : draw.chance(3)
    const isObject = typeof params === 'object' && params !== null && !Array.isArray(params)
    const meta = draw.chance(92) ? envelope({}) : bent(draw, envelope({ elicitation: {} }))
    const progress = draw.chance(15) ? { progressToken: draw.chance(80) ? this.#last : value(draw, 1) } : {}
    const whole =
      isObject && (claimed || draw.chance(20))
        ? { ...params, _meta: { ...(claimed && meta), ...progress } }
        : params
    const message = { jsonrpc: '2.0', id: this.#id(), method, ...(whole !== undefined && { params: whole }) }
    if (!draw.chance(1)) return JSON.stringify(message)
    return JSON.stringify({
      ...message,
      params: { name: 'car_search_jobs', arguments: { filter: '@' } },
    }).replace('"@"', nest(draw))
  }

  #callParams(): unknown {
    const draw = this.#draw
    const [tool, args] = draw.of(this.#ground.calls)
    const name = draw.chance(94) ? tool : draw.of([text(draw), `${tool}_`, '__proto__', 'toString', 7])
    const form = draw.chance(20) ? { _meta: { 'qualys-mcp/reply': draw.of(['json', 'text', 5]) } } : {}
    const asked = draw.chance(10) ? args : draw.chance(90) ? bent(draw, args) : value(draw)
    const isEffect = this.#ground.effects.has(tool)
    const known = this.#states.length > 0 ? draw.of(this.#states) : undefined
    // The very question that was put, answered with a no.
    if (isEffect && known && draw.chance(40))
      return { ...known.params, requestState: known.state, inputResponses: { approval: draw.of(noes) } }
    // A yes, to something else or to nothing.
    const state = known && known.params['name'] !== tool ? known.state : longText(draw)
    const answered =
      isEffect && draw.chance(40) ? { requestState: state, inputResponses: { approval: yes } } : {}
    return draw.chance(97) ? { name, arguments: asked, ...form, ...answered } : value(draw)
  }

  #otherParams(): unknown {
    const draw = this.#draw
    const known = {
      name: draw.of(['investigate_failures', 'x', text(draw)]),
      arguments: object(draw),
      uri: draw.chance(70) ? draw.of(uris) : text(draw),
      ref: { type: 'ref/prompt', name: text(draw) },
      argument: { name: text(draw, 1), value: text(draw) },
      level: draw.of(['debug', 'error', text(draw)]),
      protocolVersion: draw.of(['2025-11-25', '2024-11-05', '2026-07-28', '1', text(draw)]),
      capabilities: draw.chance(50) ? { elicitation: {} } : object(draw),
      clientInfo: { name: 'fuzz', version: '1' },
    }
    return draw.chance(80) ? bent(draw, known) : value(draw)
  }

  #notification(): string {
    const draw = this.#draw
    const method = draw.chance(90) ? draw.of(notifications) : text(draw)
    const cancelled = { requestId: draw.of([...this.#recent, 0]), reason: text(draw) }
    const progress = { progressToken: draw.below(1_000), progress: value(draw, 1) }
    const params = draw.chance(60) ? cancelled : draw.chance(50) ? progress : value(draw)
    return JSON.stringify({ jsonrpc: '2.0', method, params })
  }

  #response(): string {
    const draw = this.#draw
    const id = draw.chance(60) ? draw.below(200) : value(draw, 1)
    return draw.chance(60)
      ? JSON.stringify({ jsonrpc: '2.0', id, result: draw.chance(60) ? draw.of(noes) : value(draw) })
      : JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: draw.chance(50) ? { code: -1, message: 'x' } : value(draw),
        })
  }

  /** A line that is no message, or hardly one. */
  #noise(): string | Buffer {
    const draw = this.#draw
    const sound = (): string => this.#request(draw.of(plain), {})
    const kinds: readonly (readonly [number, () => string | Buffer])[] = [
      [14, () => sound().slice(0, draw.below(60))],
      [10, () => Buffer.from(draw.times(draw.below(200), () => draw.below(256)))],
      [6, () => `\ufeff${sound()}`],
      [10, () => `${sound()}\r`],
      [6, () => `  \t${sound()}  `],
      [8, () => `[${draw.times(draw.below(4), sound).join(',')}]`],
      [4, () => `${sound()}${sound()}`],
      [4, () => sound().replace('{', '{\n')],
      [4, () => utf16(sound())],
      [4, () => `Content-Length: 20\r\n\r\n${sound()}`],
      [3, () => 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
      [8, () => JSON.stringify(value(draw))],
      [
        8,
        () =>
          JSON.stringify({ ...object(draw), ...(draw.chance(50) && { method: text(draw) }), id: this.#id() }),
      ],
      [
        6,
        () => JSON.stringify({ jsonrpc: draw.of(['1.0', 2, null, '2.00']), id: this.#id(), method: 'ping' }),
      ],
      [5, () => nest(draw)],
      [6, () => ''],
      [4, () => text(draw, 20)],
      [0.2, () => `"${'x'.repeat(draw.below(4_000_000))}"`],
      // Around what the buffer of one line holds.
      [0.03, () => 'y'.repeat(10 * 1024 * 1024 - 200_000 + draw.below(400_000))],
    ]
    return draw.weighted(kinds)()
  }
}
