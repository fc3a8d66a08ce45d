import type { SeededRandom } from './seeded-random.ts'
import { respelled, withNulls } from './spellings.ts'
import { longText, mutated, nestedJson, object, text, value } from './values.ts'

/** The values that the messages of one connection are built from. */
export interface MessageSources {
  /** Calls that every listed tool answers, and the tools among them with an effect. */
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

/** No answer to a question is ever a yes: nothing may be changed by chance. */
const refusals: readonly unknown[] = [
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

/** Messages of every kind that a broken or malicious client might send; the seed decides which. */
export class Messages {
  readonly #random: SeededRandom
  readonly #sources: MessageSources
  readonly #recent: unknown[] = []
  /** States that the server issued, with their calls. */
  readonly #states: { readonly params: Readonly<Json>; readonly state: string }[] = []
  #last = 0

  constructor(random: SeededRandom, sources: MessageSources) {
    this.#random = random
    this.#sources = sources
  }

  /** Remembers the state of a call, to answer it with no, and to send it with other calls. */
  remember(params: Readonly<Json>, state: string): void {
    this.#states.push({ params, state })
    if (this.#states.length > 50) this.#states.shift()
  }

  /** The answer to a question of the server. */
  answerTo(id: unknown): string {
    const random = this.#random
    return random.chance(80)
      ? JSON.stringify({ jsonrpc: '2.0', id, result: random.of(refusals) })
      : JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message: text(random) } })
  }

  /** One line, without its end. */
  next(): string | Buffer {
    const random = this.#random
    const kind = random.weighted([
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
        return this.#request(random.of(plain), random.chance(70) ? {} : object(random))
      case 'other':
        return this.#request(random.of(others), this.#otherParams())
      case 'unknown':
        return this.#request(random.chance(50) ? text(random) : `tools/${text(random, 1)}`, value(random))
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
    const random = this.#random
    const odd = random.weighted([
      [90, 'fresh'],
      [4, 'again'],
      [6, 'odd'],
    ] as const)
    const fresh = random.chance(80) ? ++this.#last : `n-${++this.#last}`
    const id =
      odd === 'again' ? (random.of([...this.#recent, 0]) ?? 0) : odd === 'odd' ? value(random, 1) : fresh
    this.#recent.push(id)
    if (this.#recent.length > 30) this.#recent.shift()
    return id
  }

  #request(method: string, params: unknown): string {
    const random = this.#random
    const claimed = this.#sources.modern ? random.chance(92) : random.chance(3)
    const isObject = typeof params === 'object' && params !== null && !Array.isArray(params)
    const meta = random.chance(92) ? envelope({}) : mutated(random, envelope({ elicitation: {} }))
    const progress = random.chance(15)
      ? { progressToken: random.chance(80) ? this.#last : value(random, 1) }
      : {}
    const whole =
      isObject && (claimed || random.chance(20))
        ? { ...params, _meta: { ...(claimed && meta), ...progress } }
        : params
    const message = { jsonrpc: '2.0', id: this.#id(), method, ...(whole !== undefined && { params: whole }) }
    if (!random.chance(1)) return JSON.stringify(random.chance(15) ? withNulls(random, message) : message)
    return JSON.stringify({
      ...message,
      params: { name: 'car_search_jobs', arguments: { filter: '@' } },
    }).replace('"@"', nestedJson(random))
  }

  #callParams(): unknown {
    const random = this.#random
    const [tool, args] = random.of(this.#sources.calls)
    const name = random.chance(94) ? tool : random.of([text(random), `${tool}_`, '__proto__', 'toString', 7])
    const form = random.chance(20) ? { _meta: { 'qualys-mcp/reply': random.of(['json', 'text', 5]) } } : {}
    const asked = random.weighted<() => unknown>([
      [10, () => args],
      [15, () => respelled(random, args)],
      [67, () => mutated(random, args)],
      [8, () => value(random)],
    ])()
    const isEffect = this.#sources.effects.has(tool)
    const known = this.#states.length > 0 ? random.of(this.#states) : undefined
    // The question itself, answered with a no.
    if (isEffect && known && random.chance(40))
      return { ...known.params, requestState: known.state, inputResponses: { approval: random.of(refusals) } }
    // A yes to another question, or to none.
    const state = known && known.params['name'] !== tool ? known.state : longText(random)
    const answered =
      isEffect && random.chance(40) ? { requestState: state, inputResponses: { approval: yes } } : {}
    return random.chance(97) ? { name, arguments: asked, ...form, ...answered } : value(random)
  }

  #otherParams(): unknown {
    const random = this.#random
    const known = {
      name: random.of(['investigate_failures', 'x', text(random)]),
      arguments: object(random),
      uri: random.chance(70) ? random.of(uris) : text(random),
      ref: { type: 'ref/prompt', name: text(random) },
      argument: { name: text(random, 1), value: text(random) },
      level: random.of(['debug', 'error', text(random)]),
      protocolVersion: random.of(['2025-11-25', '2024-11-05', '2026-07-28', '1', text(random)]),
      capabilities: random.chance(50) ? { elicitation: {} } : object(random),
      clientInfo: { name: 'fuzz', version: '1' },
    }
    return random.chance(80) ? mutated(random, known) : value(random)
  }

  #notification(): string {
    const random = this.#random
    const method = random.chance(90) ? random.of(notifications) : text(random)
    const cancelled = { requestId: random.of([...this.#recent, 0]), reason: text(random) }
    const progress = { progressToken: random.below(1_000), progress: value(random, 1) }
    const params = random.chance(60) ? cancelled : random.chance(50) ? progress : value(random)
    return JSON.stringify({ jsonrpc: '2.0', method, params })
  }

  #response(): string {
    const random = this.#random
    const id = random.chance(60) ? random.below(200) : value(random, 1)
    return random.chance(60)
      ? JSON.stringify({
          jsonrpc: '2.0',
          id,
          result: random.chance(60) ? random.of(refusals) : value(random),
        })
      : JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: random.chance(50) ? { code: -1, message: 'x' } : value(random),
        })
  }

  /** A line that is no message, or an invalid one. */
  #noise(): string | Buffer {
    const random = this.#random
    const sound = (): string => this.#request(random.of(plain), {})
    const kinds: readonly (readonly [number, () => string | Buffer])[] = [
      [14, () => sound().slice(0, random.below(60))],
      [10, () => Buffer.from(random.times(random.below(200), () => random.below(256)))],
      [6, () => `\ufeff${sound()}`],
      [10, () => `${sound()}\r`],
      [6, () => `  \t${sound()}  `],
      [8, () => `[${random.times(random.below(4), sound).join(',')}]`],
      [4, () => `${sound()}${sound()}`],
      [4, () => sound().replace('{', '{\n')],
      [4, () => utf16(sound())],
      [4, () => `Content-Length: 20\r\n\r\n${sound()}`],
      [3, () => 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
      [8, () => JSON.stringify(value(random))],
      [
        8,
        () =>
          JSON.stringify({
            ...object(random),
            ...(random.chance(50) && { method: text(random) }),
            id: this.#id(),
          }),
      ],
      [
        6,
        () =>
          JSON.stringify({ jsonrpc: random.of(['1.0', 2, null, '2.00']), id: this.#id(), method: 'ping' }),
      ],
      [5, () => nestedJson(random)],
      [6, () => ''],
      [4, () => text(random, 20)],
      [0.2, () => `"${'x'.repeat(random.below(4_000_000))}"`],
      // About the size of the line buffer.
      [0.03, () => 'y'.repeat(10 * 1024 * 1024 - 200_000 + random.below(400_000))],
    ]
    return random.weighted(kinds)()
  }
}
