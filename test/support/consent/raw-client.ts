import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { buildServer, type ServerOptions } from '../../../src/tools/server/server.ts'
import { type Otherwise, partsOf } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

type Json = Readonly<Record<string, unknown>>

/** What came back to one request. */
export interface Heard {
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string }
  /** All that a model gets to read. */
  readonly text: string
  readonly isError: boolean
  /** Modern era: the preview that is put before a person, and the state that goes with it. */
  readonly preview: string | undefined
  readonly state: string | undefined
}

/** What a client that shows forms says it can do. */
export const forms: Json = { elicitation: { form: {} } }

/** The envelope of a request of 2026-07-28. */
export function envelope(capabilities: Json): Json {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
}

/** What a person answers a form with. */
export type Answer = Json
export const yes: Answer = { action: 'accept', content: { approve: true } }

export type Era = 'legacy' | 'modern'
export const eras: readonly Era[] = ['legacy', 'modern']

/** The question that a result of the modern era holds. */
export function questionIn(result: Json | undefined): { message: string; requestedSchema: Json } | undefined {
  const requests = result?.['inputRequests'] as Readonly<Record<string, { params: never }>> | undefined
  return requests?.['approval']?.params
}

function heard(message: Json): Heard {
  const result = message['result'] as Json | undefined
  const error = message['error'] as Heard['error']
  const content = (result?.['content'] ?? []) as { text?: string }[]
  return {
    ...(result && { result }),
    ...(error && { error }),
    text: error?.message ?? content.map(({ text = '' }) => text).join('\n'),
    isError: error !== undefined || result?.['isError'] === true,
    preview: questionIn(result)?.message,
    state: result?.['requestState'] as string | undefined,
  }
}

/**
 * A client that says whatever a test wants it to say, to a server in this process that serves both eras as the
 * program does.
 */
export class RawClient {
  readonly era: Era
  readonly #capabilities: Json
  readonly #link: InMemoryTransport
  readonly #handle: { close(): Promise<void> }
  readonly #waiting = new Map<unknown, (message: Json) => void>()
  #last = 0
  #lastQuestion: unknown
  /** Questions that were put, and what is answered to those that come as requests (2025 era); undefined: nothing. */
  readonly asked: Json[] = []
  answer: (question: Json) => Answer | undefined = () => undefined

  private constructor(options: ServerOptions, era: Era, capabilities: Json) {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    this.era = era
    this.#capabilities = capabilities
    this.#link = ours
    ours.onmessage = (message) => this.#hear(message as unknown as Json)
    this.#handle = serveStdio(() => buildServer(options), { transport: theirs })
  }

  /** Opens a connection; the era is decided by the first message. */
  static async open(options: ServerOptions, era: Era, capabilities: Json = forms): Promise<RawClient> {
    const client = new RawClient(options, era, capabilities)
    await client.#link.start()
    if (era === 'modern') {
      await client.request('server/discover', {})
      return client
    }
    const clientInfo = { name: 'by hand', version: '1' }
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
    await client.say({ method: 'notifications/initialized' })
    return client
  }

  say(message: Json): Promise<void> {
    return this.#link.send({ jsonrpc: '2.0', ...message } as JSONRPCMessage)
  }

  /** One request; `_meta` wins over the envelope of the era. */
  async request(method: string, { _meta = {}, ...params }: { _meta?: Json } & Json): Promise<Heard> {
    const id = ++this.#last
    const answer = new Promise<Json>((resolve) => this.#waiting.set(id, resolve))
    const meta = this.era === 'modern' ? { ...envelope(this.#capabilities), ..._meta } : _meta
    await this.say({
      id,
      method,
      params: { ...params, ...(Object.keys(meta).length > 0 && { _meta: meta }) },
    })
    return heard(await answer)
  }

  /** One tools/call, with whatever else its params are to hold. */
  call(name: string, args: object, more: Json = {}): Promise<Heard> {
    return this.request('tools/call', { name, arguments: args, ...more })
  }

  /** The same call again, with an answer and a state that came from somewhere. */
  again(name: string, args: object, state: unknown, answer: Json = yes): Promise<Heard> {
    return this.call(name, args, { inputResponses: { approval: answer }, requestState: state })
  }

  /** A call with everything that a client does about a question, in either era. */
  async whole(name: string, args: object, answer?: Answer): Promise<Heard> {
    this.answer = () => answer
    const first = await this.call(name, args)
    if (first.preview === undefined) return first
    this.asked.push({ message: first.preview })
    return answer === undefined ? first : this.again(name, args, first.state, answer)
  }

  /** Answers the last question of the 2025 era, whatever has become of it; resolves when the server goes on. */
  async answerLate(result: Answer): Promise<void> {
    await this.say({ id: this.#lastQuestion, result })
    await this.request('tools/list', {})
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  #hear(message: Json): void {
    if (typeof message['method'] !== 'string') this.#waiting.get(message['id'])?.(message)
    if (message['method'] !== 'elicitation/create') return
    const params = message['params'] as Json
    this.#lastQuestion = message['id']
    this.asked.push(params)
    const result = this.answer(params)
    if (result !== undefined) this.say({ id: message['id'], result })
  }
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Makes the calls of a state folder older than they are. */
export function agePending(stateDir: string, milliseconds: number): void {
  for (const name of readdirSync(join(stateDir, 'pending'))) {
    const path = join(stateDir, 'pending', name)
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { at: number }
    writeFileSync(path, JSON.stringify({ ...kept, at: kept.at - milliseconds }))
  }
}

/** How a server that a test meets differs from one on the sandbox with its defaults. */
export interface Meeting extends Otherwise {
  readonly settings?: Environment
  readonly capabilities?: Json
}

/** A server on a sandbox and a client to it, both gone when the test is over. */
export async function connect(
  sandbox: Sandbox,
  era: Era,
  { settings = {}, capabilities = forms, ...otherwise }: Meeting = {},
): Promise<RawClient> {
  const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder(), ...settings })
  const { options, close } = partsOf(environment, otherwise)
  const client = await RawClient.open(options, era, capabilities)
  onTestFinished(async () => {
    await client.close()
    await close()
  })
  return client
}
