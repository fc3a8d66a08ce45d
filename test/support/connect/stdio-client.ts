import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { connectClient } from '../../../src/service/connect/connect.ts'
import { SecretsInUse } from '../../../src/session/secrets-in-use.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import { openLog } from '../../../src/shared/log.ts'
import { envelope } from '../consent/raw-client.ts'
import { settingsFrom } from '../environment.ts'
import { tokenOf } from '../service/callers.ts'
import { temporaryFolder } from './folder.ts'
import { orderedClock } from './ordered-clock.ts'

export type Json = Readonly<Record<string, unknown>>

/** A message as the client gets it. */
export interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Json
  readonly result?: Json & { readonly content?: readonly { readonly text?: string }[] }
  readonly error?: { readonly code: number; readonly message: string }
}

/** How a client is connected. */
export interface ClientOptions {
  readonly tokenFile?: string
  readonly clientId?: string
  readonly stateDir?: string
  readonly settings?: Environment
  readonly clock?: Clock
  readonly now?: () => number
}

/** The text of a result or of an error. */
export const textOf = ({ result, error }: Message): string =>
  error?.message ?? result?.content?.map(({ text = '' }) => text).join('\n') ?? ''

/** A client over two pipes that sends whatever a test says, connected with the service at this address. */
export class StdioClient {
  readonly #input = new PassThrough()
  readonly #waiting = new Map<unknown, (message: Message) => void>()
  #last = 0
  /** Every message that came, in order. */
  readonly messages: Message[] = []
  /** Lines of the log, and what a person was told. */
  readonly log: string[] = []
  readonly announced: string[] = []
  /** What the person does about it. */
  onAnnounced: (sentence: string) => Promise<void> = async () => undefined
  /** Answers the questions of the service; undefined: no answer. */
  answer: (question: Message) => Json | undefined = () => undefined
  readonly connection: ReturnType<typeof connectClient>

  constructor(
    address: string,
    { stateDir, settings = {}, tokenFile, clientId, ...more }: ClientOptions = {},
  ) {
    const output = new PassThrough()
    const secrets = new SecretsInUse({})
    this.connection = connectClient({
      url: new URL(address),
      settings: settingsFrom(settings),
      tokenFile,
      clientId,
      stateDir: stateDir ?? temporaryFolder(),
      input: this.#input,
      output,
      announce: (sentence) => {
        this.announced.push(sentence)
        void this.onAnnounced(sentence)
      },
      onTokens: (tokens) => secrets.setLogins(tokens),
      log: openLog('debug', secrets.redact, (line) => this.log.push(line)),
      ...more,
    })
    createInterface({ input: output }).on('line', (line) => this.#receive(JSON.parse(line)))
    onTestFinished(() => this.connection.close())
  }

  /** Sends a message as it is. */
  send(message: Json): void {
    this.#input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  /** Closes the pipe to the program. */
  end(): void {
    this.#input.end()
  }

  /** Sends a request under an id of its own; resolves with its answer. */
  request(method: string, params?: Json, id: unknown = ++this.#last): Promise<Message> {
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve))
    this.send({ id, method, ...(params && { params }) })
    return answer
  }

  /** Opens a connection of 2025. */
  async initialize(capabilities: Json = {}, protocolVersion = '2025-11-25'): Promise<Message> {
    const clientInfo = { name: 'by hand', version: '1' }
    const answer = await this.request('initialize', { protocolVersion, capabilities, clientInfo })
    this.send({ method: 'notifications/initialized' })
    return answer
  }

  /** A call as a client of 2025 makes it. */
  call(name: string, args: object = {}, meta?: Json): Promise<Message> {
    return this.request('tools/call', { name, arguments: args, ...(meta && { _meta: meta }) })
  }

  /** A request of 2026-07-28. */
  currentRequest(method: string, params: Json = {}, capabilities: Json = {}): Promise<Message> {
    return this.request(method, { ...params, _meta: envelope(capabilities) })
  }

  /** The notifications that came, by method. */
  notifications(method: string): readonly Message[] {
    return this.messages.filter((message) => message.method === method)
  }

  #receive(message: Message): void {
    this.messages.push(message)
    if (message.method === undefined) this.#waiting.get(message.id)?.(message)
    else if (message.id !== undefined) {
      const result = this.answer(message)
      if (result) this.send({ id: message.id, ...result })
    }
  }
}

/** A client with the token of a caller of this service. */
export function connectAs(
  { url, folder }: { readonly url: string; readonly folder: string },
  name = 'ada',
  more: ClientOptions = {},
): StdioClient {
  const tokenFile = join(folder, `token-of-${name}`)
  writeFileSync(tokenFile, tokenOf(name), { mode: 0o600 })
  return new StdioClient(`${url}/mcp`, { tokenFile, ...more })
}

/** A client of 2025 that has begun, and shows forms. Waiting takes no time. */
export async function begun(url: string, clock: Clock = orderedClock()): Promise<StdioClient> {
  const client = new StdioClient(url, { clock })
  await client.initialize({ elicitation: {} }, '2025-06-18')
  return client
}
