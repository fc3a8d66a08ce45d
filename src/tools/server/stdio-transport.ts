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
import { interruptedMessage } from '../../shared/interruption.ts'

const shutdownMessage =
  'qualys-mcp is ending and takes no more calls: make the call again once it is started again.'

/** JSON-RPC reserves -32000 to -32099 for servers. */
const serverErrorCode = -32_000

const lineFeed = 0x0a

type Id = string | number

/** A line that is too long or no JSON-RPC message. The error does not quote the line. */
export class InvalidLineError extends Error {}

/**
 * A stdio transport for one client. Unlike the SDK's transport it stays open if the client stops sending or a
 * line is too long: running calls are still answered and further lines are still read.
 */
export class StdioTransport implements Transport {
  readonly #input: Readable
  readonly #output: Writable
  readonly #buffer = new ReadBuffer()
  readonly #unanswered = new Set<unknown>()
  /** Number of bytes of the current line, including those beyond the buffer. */
  #lineLength = 0
  #tooLong = false
  #draining = false
  #onIdle: () => void = () => undefined
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']

  constructor(input: Readable, output: Writable) {
    this.#input = input
    this.#output = output
  }

  /** Resolves with the reason when the client is gone. */
  closed(): Promise<string> {
    return new Promise((resolve) => {
      for (const event of ['end', 'close', 'error'])
        this.#input.once(event, () => resolve('the client closed stdin'))
      // A client that closes stdout is gone, even if stdin stays open.
      for (const event of ['close', 'error'])
        this.#output.once(event, () => resolve('the client closed stdout'))
    })
  }

  async start(): Promise<void> {
    // Errors of a pipe after the client is gone are ignored.
    for (const pipe of [this.#input, this.#output]) pipe.on('error', () => undefined)
    this.#input.on('data', this.#read)
  }

  /** Resolves when the pipe has accepted the message or has failed. */
  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(serializeMessage(message), () => {
        if (isJSONRPCResponse(message)) this.#markAnswered(message.id)
        resolve()
      })
    })
  }

  /** Refuses further calls; resolves when every running call is answered. */
  drain(): Promise<void> {
    this.#draining = true
    return new Promise((resolve) => {
      this.#onIdle = resolve
      if (this.#unanswered.size === 0) resolve()
    })
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#read)
    this.#input.pause()
    for (const id of this.#unanswered) void this.#refuse(id as Id, interruptedMessage)
    this.onclose?.()
  }

  readonly #read = (chunk: Buffer): void => {
    // Processes one line at a time, so that a line that is too long does not affect the others.
    for (let start = 0; start < chunk.length; ) {
      const feed = chunk.indexOf(lineFeed, start)
      const next = feed < 0 ? chunk.length : feed + 1
      this.#append(chunk.subarray(start, next))
      if (feed >= 0) this.#endLine()
      start = next
    }
  }

  #append(piece: Buffer): void {
    this.#lineLength += piece.length
    if (this.#tooLong) return
    try {
      this.#buffer.append(piece)
    } catch {
      this.#tooLong = true
    }
  }

  #endLine(): void {
    const [length, tooLong] = [this.#lineLength, this.#tooLong]
    this.#lineLength = 0
    this.#tooLong = false
    let message: JSONRPCMessage | null
    try {
      message = this.#buffer.readMessage()
    } catch {
      // The parser's error would quote the line.
      message = null
    }
    // Empty lines are ignored.
    if (message) this.#receive(message)
    else if (tooLong)
      this.onerror?.(new InvalidLineError(`a line of ${length} bytes is too long and left out`))
    else if (length > 2)
      this.onerror?.(new InvalidLineError(`a line of ${length} bytes is no JSON-RPC message`))
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      if (this.#draining) return void this.#refuse(message.id, shutdownMessage)
      // A subscription is answered only when it ends.
      if (message.method !== 'subscriptions/listen') this.#unanswered.add(message.id)
    } else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled')
      this.#markAnswered(message.params?.['requestId'])
    this.onmessage?.(message)
  }

  #markAnswered(id: unknown): void {
    this.#unanswered.delete(id)
    if (this.#unanswered.size === 0) this.#onIdle()
  }

  #refuse(id: Id, message: string): Promise<void> {
    return this.send({ jsonrpc: '2.0', id, error: { code: serverErrorCode, message } })
  }
}
