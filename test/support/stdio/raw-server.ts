import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Environment } from '../../../src/config/settings.ts'
import { program } from './peers.ts'

/** How a run of the server came out, with all that it wrote. */
export interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** What one line of the protocol holds, as far as tests look. */
export interface Message {
  readonly jsonrpc?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: {
    readonly isError?: boolean
    readonly content?: readonly { readonly text?: string }[]
  }
}

function idOf(line: string): unknown {
  try {
    return JSON.parse(line)?.id
  } catch {
    return undefined
  }
}

/** The built server with its pipes, spoken to by hand: nothing that it writes is lost or interpreted. */
export class RawServer {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
  /** Every line of stdout, as it came. */
  readonly lines: string[] = []
  /** All that it wrote to stderr so far. */
  said = ''
  readonly #waiting = new Map<unknown, (line: string) => void>()
  #last = 0

  /** The environment is exactly the one given: nothing of this process reaches the server. */
  constructor(env: Environment = {}, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [program, ...args], { env: { ...env } })
    let out = ''
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said += text
    })
    // Writing to a server that has ended fails no test; how it ended is looked at.
    this.child.stdin.on('error', () => undefined)
    this.ended = once(this.child, 'close').then(([code]) => ({
      out,
      err: this.said,
      code: code as number | null,
    }))
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#waiting.get(idOf(line))?.(line)
    })
  }

  say(message: string | object): void {
    this.child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
  }

  /** The line that answers a request; a server that ends first is an error. */
  line(method: string, params: object = {}): Promise<string> {
    const id = ++this.#last
    const answer = new Promise<string>((resolve) => this.#waiting.set(id, resolve))
    const end = this.ended.then(({ code, err }): never => {
      throw new Error(`the server ended with ${code} before it answered ${method}: ${err}`)
    })
    this.say({ jsonrpc: '2.0', id, method, params })
    return Promise.race([answer, end])
  }

  /** Opens a connection of the 2025 era. */
  async greet(): Promise<this> {
    const clientInfo = { name: 'raw', version: '1' }
    await this.line('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    this.say({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return this
  }

  async call(name: string, args: object = {}, meta: object = {}): Promise<Message> {
    return JSON.parse(await this.line('tools/call', { name, arguments: args, _meta: meta }))
  }

  /** Closes its stdin and waits for its end: only then all that it had to say is here. */
  finish(): Promise<Ended> {
    this.child.stdin.end()
    return this.ended
  }
}
