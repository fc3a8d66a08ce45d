import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  type Transport,
} from '@modelcontextprotocol/server'
import { interruptedMessage } from '../../shared/interruption.ts'
import { parseJson } from '../../shared/json.ts'
import { Batch } from './protocol/batch.ts'
import { type Line, LineReader, topLevelOf } from './protocol/line-reader.ts'
import { plainErrorMessage } from './protocol/protocol-error.ts'
import { errorCodes, type Id, type Reading, readMessage } from './protocol/protocol-message.ts'

const shutdownMessage =
  'qualys-mcp is ending and takes no more calls: make the call again once it is started again.'

/** JSON-RPC reserves -32000 to -32099 for servers. */
const serverErrorCode = -32_000

/** The one revision with batches: 2025-06-18 removed them again. */
const revisionWithBatches = '2025-03-26'

/** A line that is refused or ignored. The error does not quote the line. */
export class InvalidLineError extends Error {}

/** A request of the client that runs, and the batch that collects its answer. */
interface RunningRequest {
  readonly method: string
  readonly batch: Batch | undefined
}

/** The id of the request that a notification cancels. */
const cancelledIn = ({ method, params }: JSONRPCNotification): unknown =>
  method === 'notifications/cancelled' ? params?.['requestId'] : undefined

/** A subscription is answered only when it ends. */
const isSubscription = ({ method }: RunningRequest): boolean => method === 'subscriptions/listen'

/** The SDK's errors may hold the JSON of its validator: one sentence instead, as an error of the request. */
function plainError(message: JSONRPCMessage): JSONRPCMessage {
  const plain = 'error' in message ? plainErrorMessage(message.error.message) : undefined
  return plain === undefined ? message : { ...message, error: { code: errorCodes.params, message: plain } }
}

/** An error as JSON text. `id` is JSON already: a number that JavaScript cannot hold keeps its digits. */
const errorText = (id: string, code: number, message: string): string =>
  `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`

/** The id as the client wrote it. */
function idText(id: Id | null, text: string): string {
  if (typeof id !== 'number' || Math.abs(id) < 2 ** 53) return JSON.stringify(id)
  return /"id"\s*:\s*(-?\d[\d.eE+-]*)/.exec(topLevelOf(text))?.[1] ?? 'null'
}

/**
 * A stdio transport for one client. Unlike the SDK's transport it stays open if the client stops sending or a
 * line is too long: running calls are still answered and further lines are still read. Every line that holds
 * the id of a request is answered.
 */
export class StdioTransport implements Transport {
  readonly #input: Readable
  readonly #output: Writable
  readonly #lines = new LineReader(STDIO_DEFAULT_MAX_BUFFER_SIZE)
  readonly #running = new Map<unknown, RunningRequest>()
  /** The ids of the server's own requests that wait for an answer. */
  readonly #asked = new Set<Id>()
  #revision = ''
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

  setProtocolVersion(version: string): void {
    this.#revision = version
  }

  /** Resolves when the pipe has accepted the message or has failed. */
  async send(message: JSONRPCMessage): Promise<void> {
    const text = JSON.stringify(plainError(message))
    if (isJSONRPCRequest(message)) this.#asked.add(message.id)
    const givenUp = isJSONRPCNotification(message) ? cancelledIn(message) : undefined
    if (givenUp !== undefined) this.#asked.delete(givenUp as Id)
    if (!isJSONRPCResponse(message)) return this.#write(text)
    const { batch } = this.#running.get(message.id) ?? {}
    if (batch) batch.add(text)
    else await this.#write(text)
    this.#settle(message.id)
  }

  /** Refuses further calls; resolves when every running call is answered. */
  drain(): Promise<void> {
    this.#draining = true
    return new Promise((resolve) => {
      this.#onIdle = resolve
      this.#checkIdle()
    })
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#read)
    this.#input.pause()
    for (const [id, request] of [...this.#running]) {
      if (isSubscription(request)) continue
      const error = { code: serverErrorCode, message: interruptedMessage }
      void this.send({ jsonrpc: '2.0', id: id as Id, error })
    }
    this.onclose?.()
  }

  /** Resolves when the pipe has accepted the text or has failed. */
  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(`${text}\n`, () => resolve())
    })
  }

  readonly #read = (chunk: Buffer): void => {
    for (const line of this.#lines.read(chunk)) this.#readLine(line)
  }

  #readLine(line: Line): void {
    if (line.text.trim() === '') return
    const value = parseJson(line.text)
    const reading: Reading =
      value === undefined
        ? { kind: 'refused', id: null, code: errorCodes.parse, why: 'The line is no JSON.' }
        : readMessage(value, this.#asked)
    if (reading.kind === 'batch') this.#readBatch(reading.members, line)
    else this.#handle(line.isTooLong ? tooLong(reading) : reading, line)
  }

  /** Answers a batch with a batch where the revision has them. Elsewhere each of its requests is refused. */
  #readBatch(members: readonly Reading[], line: Line): void {
    if (line.isTooLong) {
      this.#handle(tooLong({ kind: 'refused', id: null, code: errorCodes.request, why: '' }), line)
      return
    }
    if (this.#revision !== revisionWithBatches) {
      for (const member of members) this.#handle(refusedInBatch(member), line)
      return
    }
    const batch = new Batch((text) => void this.#write(text))
    for (const member of members) this.#handle(member, line, batch)
    batch.end()
  }

  #handle(reading: Reading, line: Line, batch?: Batch): void {
    const { bytes } = line
    if (reading.kind === 'message') this.#receive(reading.message, line, batch)
    else if (reading.kind === 'ignored')
      this.onerror?.(new InvalidLineError(`a line of ${bytes} bytes is ignored: ${reading.why}`))
    else if (reading.kind === 'refused') {
      this.onerror?.(new InvalidLineError(`a line of ${bytes} bytes is refused: ${reading.why}`))
      const text = errorText(idText(reading.id, line.text), reading.code, reading.why)
      batch?.expect()
      if (batch) batch.add(text)
      else void this.#write(text)
    }
  }

  #receive(message: JSONRPCMessage, line: Line, batch: Batch | undefined): void {
    if (isJSONRPCRequest(message)) {
      const { id, method } = message
      const refusal = this.#refusalOf(id)
      if (refusal) {
        this.#handle(refusal, line, batch)
        return
      }
      // The answer of the server may come after the next line.
      if (method === 'initialize') this.#revision = String(message.params?.['protocolVersion'])
      this.#running.set(id, { method, batch })
      batch?.expect()
    } else if (isJSONRPCNotification(message)) {
      const cancelled = cancelledIn(message)
      if (cancelled !== undefined) this.#cancel(cancelled)
    } else if (isJSONRPCResponse(message)) this.#asked.delete(message.id as Id)
    this.onmessage?.(message)
  }

  #refusalOf(id: Id): Reading | undefined {
    if (this.#draining) return { kind: 'refused', id, code: serverErrorCode, why: shutdownMessage }
    // The first request keeps its id, so that it can still be answered and cancelled.
    const why = 'A request with this id is still running: use another id.'
    return this.#running.has(id) ? { kind: 'refused', id, code: errorCodes.request, why } : undefined
  }

  #cancel(id: unknown): void {
    // A cancelled request gets no answer (MCP, cancellation).
    this.#running.get(id)?.batch?.skip()
    this.#settle(id)
  }

  #settle(id: unknown): void {
    this.#running.delete(id)
    this.#checkIdle()
  }

  #checkIdle(): void {
    for (const request of this.#running.values()) if (!isSubscription(request)) return
    this.#onIdle()
  }
}

/** A request is refused where there are no batches. Notifications and answers mean the same in a batch as alone. */
function refusedInBatch(member: Reading): Reading {
  if (member.kind !== 'message' || !isJSONRPCRequest(member.message)) return member
  const why = 'A batch is not possible in this protocol revision: send one message a line.'
  return { kind: 'refused', id: member.message.id, code: errorCodes.request, why }
}

/** What becomes of a line of which only the top level is known. */
function tooLong(reading: Reading): Reading {
  const why = `The message is longer than ${STDIO_DEFAULT_MAX_BUFFER_SIZE / 1024 / 1024} MiB: send less.`
  if (reading.kind === 'refused') return { ...reading, code: errorCodes.request, why }
  if (reading.kind !== 'message') return { kind: 'ignored', why }
  const { message } = reading
  if (isJSONRPCRequest(message)) return { kind: 'refused', id: message.id, code: errorCodes.request, why }
  if (isJSONRPCNotification(message) || message.id === undefined) return { kind: 'ignored', why }
  // An answer that cannot be read: the question fails, so that its call does not wait.
  const error = { code: errorCodes.request, message: why }
  return { kind: 'message', message: { jsonrpc: '2.0', id: message.id, error } }
}
