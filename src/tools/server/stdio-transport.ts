import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server'
import { cutShort } from '../../shared/interruption.ts'

const ending = 'qualys-mcp is ending and takes no more calls: make the call again once it is started again.'

/** JSON-RPC reserves -32000 to -32099 for servers. */
const ended = -32_000

const lineFeed = 0x0a

type Id = string | number

/** Why a line is refused, without its content. */
export class UnfitLine extends Error {}

/**
 * A stdio transport for one client. Unlike the SDK's transport it stays open if the client stops sending or a
 * line is too long: running calls are still answered and further lines are still read.
 */
export class ClientLine implements Transport {
  readonly #from: Readable
  readonly #to: Writable
  readonly #buffer = new ReadBuffer()
  readonly #unanswered = new Set<unknown>()
  /** Number of bytes of the current line, including those beyond the buffer. */
  #length = 0
  #tooLong = false
  #draining = false
  #idle: () => void = () => undefined
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']

  constructor(from: Readable, to: Writable) {
    this.#from = from
    this.#to = to
  }

  /** Resolves with the reason when the client is gone. */
  hungUp(): Promise<string> {
    return new Promise((resolve) => {
      for (const event of ['end', 'close', 'error'])
        this.#from.once(event, () => resolve('the client closed stdin'))
      // A client that closes stdout is gone, even if stdin stays open.
      for (const event of ['close', 'error']) this.#to.once(event, () => resolve('the client closed stdout'))
    })
  }

  async start(): Promise<void> {
    // Errors of a pipe after the client is gone are ignored.
    for (const pipe of [this.#from, this.#to]) pipe.on('error', () => undefined)
    this.#from.on('data', this.#read)
  }

  /** Resolves when the pipe has accepted the message or has failed. */
  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve) => {
      this.#to.write(serializeMessage(message), () => {
        if (isJSONRPCResponse(message)) this.#settle(message.id)
        resolve()
      })
    })
  }

  /** Refuses further calls; resolves when every running call is answered. */
  drain(): Promise<void> {
    this.#draining = true
    return new Promise((resolve) => {
      this.#idle = resolve
      if (this.#unanswered.size === 0) resolve()
    })
  }

  async close(): Promise<void> {
    this.#from.off('data', this.#read)
    this.#from.pause()
    for (const id of this.#unanswered) void this.#refuse(id as Id, cutShort)
    this.onclose?.()
  }

  readonly #read = (chunk: Buffer): void => {
    // Processes line by line: a line that is too long does not affect the lines around it.
    for (let start = 0; start < chunk.length; ) {
      const feed = chunk.indexOf(lineFeed, start)
      const next = feed < 0 ? chunk.length : feed + 1
      this.#append(chunk.subarray(start, next))
      if (feed >= 0) this.#endLine()
      start = next
    }
  }

  #append(piece: Buffer): void {
    this.#length += piece.length
    if (this.#tooLong) return
    try {
      this.#buffer.append(piece)
    } catch {
      this.#tooLong = true
    }
  }

  #endLine(): void {
    const [length, tooLong] = [this.#length, this.#tooLong]
    this.#length = 0
    this.#tooLong = false
    let message: JSONRPCMessage | null
    try {
      message = this.#buffer.readMessage()
    } catch {
      // The parser's error would quote the line.
      message = null
    }
    // Empty lines are ignored.
    if (message) this.#take(message)
    else if (tooLong) this.onerror?.(new UnfitLine(`a line of ${length} bytes is too long and left out`))
    else if (length > 2) this.onerror?.(new UnfitLine(`a line of ${length} bytes is no JSON-RPC message`))
  }

  #take(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      if (this.#draining) return void this.#refuse(message.id, ending)
      // A subscription gets its answer only when it ends.
      if (message.method !== 'subscriptions/listen') this.#unanswered.add(message.id)
    } else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled')
      this.#settle(message.params?.['requestId'])
    this.onmessage?.(message)
  }

  #settle(id: unknown): void {
    this.#unanswered.delete(id)
    if (this.#unanswered.size === 0) this.#idle()
  }

  #refuse(id: Id, message: string): Promise<void> {
    return this.send({ jsonrpc: '2.0', id, error: { code: ended, message } })
  }
}
