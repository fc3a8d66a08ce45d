import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Environment } from '../../../src/config/settings.ts'
import { program } from './peers.ts'

/** The end of a run of the server, and everything it wrote. */
export interface ServerResult {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** The parts of a protocol line that tests read. */
export interface Message {
  readonly jsonrpc?: string
  readonly id?: unknown
  readonly method?: string
  readonly error?: { readonly code: number; readonly message: string }
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: {
    readonly isError?: boolean
    readonly content?: readonly { readonly text?: string }[]
    readonly tools?: readonly object[]
  }
}

function messageIn(line: string): Message {
  try {
    return JSON.parse(line) ?? {}
  } catch {
    return {}
  }
}

/** The built server with its pipes, for messages written by hand: its output is neither lost nor interpreted. */
export class RawServer {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<ServerResult>
  /** Every line of stdout, unchanged. */
  readonly lines: string[] = []
  /** Everything it wrote to stderr so far. */
  stderr = ''
  /** Called for each request of the server. */
  onRequest: (request: Message) => void = () => undefined
  readonly #waiting = new Map<unknown, (request: string) => void>()
  #last = 0

  /** Exactly this environment: the server inherits nothing from this process. */
  constructor(env: Environment = {}, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [program, ...args], { env: { ...env } })
    let out = ''
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    // Writing to a server that has ended does not fail the test; its end is checked separately.
    this.child.stdin.on('error', () => undefined)
    this.ended = once(this.child, 'close').then(([code]) => ({
      out,
      err: this.stderr,
      code: code as number | null,
    }))
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line)
      const message = messageIn(line)
      if (message.method === undefined) this.#waiting.get(message.id)?.(line)
      else if (message.id !== undefined) this.onRequest(message)
    })
  }

  send(message: string | object): void {
    this.child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
  }

  /** The line that answers a request; a server that ends first is an error. */
  line(method: string, params: object = {}): Promise<string> {
    const id = ++this.#last
    const answer = new Promise<string>((resolve) => this.#waiting.set(id, resolve))
    const end = this.ended.then(({ code, err }): never => {
      throw new Error(`the server ended with ${code} before it answered ${method}: ${err}`)
    })
    this.send({ jsonrpc: '2.0', id, method, params })
    return Promise.race([answer, end])
  }

  /** Opens a connection of the 2025 era. */
  async initialize(): Promise<this> {
    const clientInfo = { name: 'raw', version: '1' }
    await this.line('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return this
  }

  async request(method: string, params: object): Promise<Message> {
    return JSON.parse(await this.line(method, params))
  }

  call(name: string, args: object = {}, meta: object = {}): Promise<Message> {
    return this.request('tools/call', { name, arguments: args, _meta: meta })
  }

  /** Closes its stdin and waits for its end: only then its output is complete. */
  finish(): Promise<ServerResult> {
    this.child.stdin.end()
    return this.ended
  }
}
