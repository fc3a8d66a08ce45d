import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { digestOf } from '../../../src/tools/effects/approval/approval-record.ts'
import type { StoredCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { serverFactory } from '../../../src/tools/server/server.ts'
import type { ServerOptions } from '../../../src/tools/server/server-options.ts'
import { buildServerParts, type ServerOverrides } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

type Json = Readonly<Record<string, unknown>>

/** The reply to one request. */
export interface RawReply {
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string }
  /** Everything that a model can read. */
  readonly text: string
  readonly isError: boolean
  /** In the modern era: the preview that a person sees, and the request state that belongs to it. */
  readonly preview: string | undefined
  readonly state: string | undefined
}

/** The capabilities of a client that shows forms. */
export const forms: Json = { elicitation: { form: {} } }

/** The envelope of a request of 2026-07-28. */
export function envelope(capabilities: Json): Json {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
}

/** A person's answer to a form. */
export type Answer = Json
export const yes: Answer = { action: 'accept', content: { approve: true } }

export type Era = 'legacy' | 'modern'
export const eras: readonly Era[] = ['legacy', 'modern']

/** The question in a result of the modern era. */
export function questionIn(result: Json | undefined): { message: string; requestedSchema: Json } | undefined {
  const requests = result?.['inputRequests'] as Readonly<Record<string, { params: never }>> | undefined
  return requests?.['approval']?.params
}

function toRawReply(message: Json): RawReply {
  const result = message['result'] as Json | undefined
  const error = message['error'] as RawReply['error']
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
 * A client that sends whatever a test says, to a server in this process that serves both eras as the program does.
 */
export class RawClient {
  readonly era: Era
  readonly #capabilities: Json
  readonly #link: InMemoryTransport
  readonly #handle: { close(): Promise<void> }
  readonly #pending = new Map<unknown, (message: Json) => void>()
  #last = 0
  /** The id of the last question of the 2025 era. */
  lastQuestion: unknown
  /** Questions that were asked, and the answers to those that arrive as requests (2025 era); undefined: no answer. */
  readonly questions: Json[] = []
  answer: (question: Json) => Answer | undefined = () => undefined
  /** Everything that arrived, as it came. */
  readonly received: Json[] = []

  private constructor(options: ServerOptions, era: Era, capabilities: Json) {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    this.era = era
    this.#capabilities = capabilities
    this.#link = ours
    ours.onmessage = (message) => this.#receive(message as unknown as Json)
    this.#handle = serveStdio(serverFactory(options), { transport: theirs })
  }

  /** Opens a connection; its first message decides the era. */
  static async open(options: ServerOptions, era: Era, capabilities: Json = forms): Promise<RawClient> {
    const client = new RawClient(options, era, capabilities)
    await client.#link.start()
    if (era === 'modern') {
      await client.request('server/discover', {})
      return client
    }
    const clientInfo = { name: 'by hand', version: '1' }
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
    await client.send({ method: 'notifications/initialized' })
    return client
  }

  send(message: Json): Promise<void> {
    return this.#link.send({ jsonrpc: '2.0', ...message } as JSONRPCMessage)
  }

  /** Sends a request; its own `_meta` replaces the envelope of the era. Returns its id, by which it can be cancelled. */
  begin(
    method: string,
    { _meta = {}, ...params }: { _meta?: Json } & Json,
  ): { readonly id: number; readonly answer: Promise<RawReply> } {
    const id = ++this.#last
    const answer = new Promise<Json>((resolve) => this.#pending.set(id, resolve)).then(toRawReply)
    const meta = this.era === 'modern' ? { ...envelope(this.#capabilities), ..._meta } : _meta
    void this.send({
      id,
      method,
      params: { ...params, ...(Object.keys(meta).length > 0 && { _meta: meta }) },
    })
    return { id, answer }
  }

  /** One request and its answer. */
  request(method: string, params: { _meta?: Json } & Json): Promise<RawReply> {
    return this.begin(method, params).answer
  }

  /** One tools/call with additional params. */
  call(name: string, args: object, more: Json = {}): Promise<RawReply> {
    return this.request('tools/call', { name, arguments: args, ...more })
  }

  /** The same call again, with an answer and a state from any source. */
  answerQuestion(name: string, args: object, state: unknown, answer: Json = yes): Promise<RawReply> {
    return this.call(name, args, { inputResponses: { approval: answer }, requestState: state })
  }

  /** A call in either era, with everything that a client does about a question. */
  async callAndAnswer(name: string, args: object, answer?: Answer): Promise<RawReply> {
    this.answer = () => answer
    const first = await this.call(name, args)
    if (first.preview === undefined) return first
    this.questions.push({ message: first.preview })
    return answer === undefined ? first : this.answerQuestion(name, args, first.state, answer)
  }

  /** Answers the last question of the 2025 era, even if it has expired; resolves when the server continues. */
  async answerLate(result: Answer): Promise<void> {
    await this.send({ id: this.lastQuestion, result })
    await this.request('tools/list', {})
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  #receive(message: Json): void {
    this.received.push(message)
    if (typeof message['method'] !== 'string') this.#pending.get(message['id'])?.(message)
    if (message['method'] !== 'elicitation/create') return
    const params = message['params'] as Json
    this.lastQuestion = message['id']
    this.questions.push(params)
    const result = this.answer(params)
    if (result !== undefined) this.send({ id: message['id'], result })
  }
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Makes the calls of a state folder look older. A call that waits is named by its record, which says when it was asked. */
export function agePending(stateDir: string, milliseconds: number): void {
  const older = (time: string): string => new Date(Date.parse(time) - milliseconds).toISOString()
  for (const name of readdirSync(join(stateDir, 'pending'))) {
    const path = join(stateDir, 'pending', name)
    const kept = JSON.parse(readFileSync(path, 'utf8')) as StoredCall
    const { record } = kept
    const aged = { ...record, asked: older(record.asked), until: older(record.until) }
    const digest = digestOf(aged)
    writeFileSync(path, JSON.stringify({ ...kept, record: aged, digest, at: kept.at - milliseconds }))
    const [stem, state] = name.split('.')
    if (stem === kept.digest) renameSync(path, join(stateDir, 'pending', `${digest}.${state}`))
  }
}

/** How the server of a test differs from one on the sandbox with default settings. */
export interface ConnectOptions extends ServerOverrides {
  readonly settings?: Environment
  readonly capabilities?: Json
}

/** A server on a sandbox and a client connected to it; both are closed after the test. */
export async function connect(
  sandbox: Sandbox,
  era: Era,
  { settings = {}, capabilities = forms, ...overrides }: ConnectOptions = {},
): Promise<RawClient> {
  const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder(), ...settings })
  const { options, close } = buildServerParts(environment, overrides)
  const client = await RawClient.open(options, era, capabilities)
  onTestFinished(async () => {
    await client.close()
    await close()
  })
  return client
}
