import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type Transport,
} from '@modelcontextprotocol/server'
import { interruptedMessage } from '../../shared/interruption.ts'
import { withArrival } from '../arrival.ts'
import { Backlog, type ReceivedLine } from './protocol/backlog.ts'
import { Batch } from './protocol/batch.ts'
import { errorText, idText, plainError } from './protocol/error-text.ts'
import { type Line, LineReader } from './protocol/line-reader.ts'
import { maxLineBytes, readLine, refusedInBatch } from './protocol/line-readings.ts'
import { errorCodes, type Id, isId, type Reading } from './protocol/protocol-message.ts'

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
  /** True while its answer waits to be read. */
  isAnswered: boolean
}

/** A client that has this much to read gets no further answers before it has read. */
const maxUnreadBytes = 1024 * 1024

/** More requests than this wait for their turn, so that what they hold is bounded. */
const maxRunning = 256

/** The id of the request that a notification cancels. */
const cancelledIn = ({ method, params }: JSONRPCNotification): unknown =>
  method === 'notifications/cancelled' ? params?.['requestId'] : undefined

/** The revision that a client begins with; the SDK refuses one that is no text. */
function revisionIn({ params }: JSONRPCRequest): string {
  const revision = params?.['protocolVersion']
  return typeof revision === 'string' ? revision : ''
}

/** A subscription is answered only when it ends. */
const isSubscription = ({ method }: RunningRequest): boolean => method === 'subscriptions/listen'

/**
 * A stdio transport for one client. Unlike the SDK's transport it stays open if the client stops sending or a
 * line is too long: running calls are still answered and further lines are still read. Every line that holds
 * the id of a request is answered. A client that does not read what it gets is paused: its requests wait, while its
 * notifications and its answers are still taken.
 */
export class StdioTransport implements Transport {
  readonly #input: Readable
  readonly #output: Writable
  readonly #lines = new LineReader(maxLineBytes)
  readonly #backlog = new Backlog()
  readonly #running = new Map<unknown, RunningRequest>()
  /** The ids of the server's own requests that wait for an answer. */
  readonly #asked = new Set<Id>()
  #revision = ''
  /** Number of requests that run and will be answered. */
  #answersMissing = 0
  #isDraining = false
  #isGoingOn = false
  #isClosed = false
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
    this.#input.once('end', this.#readEnd)
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
    const request = this.#running.get(message.id)
    if (request) request.isAnswered = true
    const batch = request?.batch
    if (batch) batch.add(text)
    else await this.#write(text)
    this.#settle(message.id)
  }

  /** Refuses further calls; resolves when every running call is answered. */
  drain(): Promise<void> {
    this.#isDraining = true
    return new Promise((resolve) => {
      this.#onIdle = resolve
      this.#checkIdle()
    })
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#read)
    this.#input.pause()
    this.#isClosed = true
    // As one text: a client that has not read may have sent a hundred thousand of them, and the end must not wait.
    const refusals = this.#backlog
      .takeRequests()
      .map((id) => errorText(JSON.stringify(id), serverErrorCode, shutdownMessage))
    if (refusals.length > 0) void this.#write(refusals.join('\n'))
    for (let line = this.#backlog.take(); line; line = this.#backlog.take())
      this.#handleLine(readLine(line, this.#asked), { ...line, isLate: true })
    for (const [id, request] of [...this.#running]) {
      if (isSubscription(request) || request.isAnswered) continue
      const error = { code: serverErrorCode, message: interruptedMessage }
      void this.send({ jsonrpc: '2.0', id: id as Id, error })
    }
    this.onclose?.()
  }

  /** Resolves when the pipe has accepted the text or has failed. */
  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(`${text}\n`, () => {
        this.#goOn()
        resolve()
      })
    })
  }

  readonly #read = (chunk: Buffer): void => {
    for (const line of this.#lines.read(chunk)) this.#take(this.#received(line))
    if (this.#backlog.isFull) this.#input.pause()
  }

  /** The last line of a client may have no end. */
  readonly #readEnd = (): void => {
    for (const line of this.#lines.end()) this.#take(this.#received(line))
  }

  #received(line: Line): ReceivedLine {
    return { ...line, at: performance.now(), isLate: this.#isDraining }
  }

  /** True if a further request would add to what the client has not read, or to what runs for it. */
  get #isBusy(): boolean {
    return this.#output.writableLength > maxUnreadBytes || this.#answersMissing >= maxRunning
  }

  #take(line: ReceivedLine): void {
    if (line.text.trim() === '') return
    const reading = readLine(line, this.#asked)
    if (this.#backlog.isEmpty && !this.#isBusy) {
      this.#handleLine(reading, line)
      return
    }
    const message = reading.kind === 'message' ? reading.message : undefined
    // Nothing is written to a notification or an answer.
    if (reading.kind === 'ignored' || (message && !isJSONRPCRequest(message))) this.#handle(reading, line)
    else this.#backlog.add(line, isJSONRPCRequest(message) ? message.id : undefined)
  }

  /** Takes lines that wait, as long as the client reads. */
  #goOn(): void {
    if (this.#isGoingOn) return
    this.#isGoingOn = true
    for (let line = this.#next(); line; line = this.#next())
      this.#handleLine(readLine(line, this.#asked), line)
    this.#isGoingOn = false
    if (!this.#isClosed && !this.#backlog.isFull && this.#input.isPaused()) this.#input.resume()
    this.#checkIdle()
  }

  #next(): ReceivedLine | undefined {
    return this.#isBusy ? undefined : this.#backlog.take()
  }

  #handleLine(reading: Reading, line: ReceivedLine): void {
    if (reading.kind === 'batch') this.#readBatch(reading.members, line)
    else this.#handle(reading, line)
  }

  /** Answers a batch with a batch where the revision has them. Elsewhere each of its requests is refused. */
  #readBatch(members: readonly Reading[], line: ReceivedLine): void {
    if (this.#revision !== revisionWithBatches) {
      for (const member of members) this.#handle(refusedInBatch(member), line)
      return
    }
    const batch = new Batch((text) => void this.#write(text))
    for (const member of members) this.#handle(member, line, batch)
    batch.end()
  }

  #handle(reading: Reading, line: ReceivedLine, batch?: Batch): void {
    const { bytes } = line
    if (reading.kind === 'message') this.#receive(reading.message, line, batch)
    else if (reading.kind === 'ignored')
      this.onerror?.(new InvalidLineError(`a line of ${bytes} bytes is ignored: ${reading.why}`))
    else if (reading.kind === 'refused') {
      // A client that has not read may have sent any number of lines.
      if (!this.#isClosed)
        this.onerror?.(new InvalidLineError(`a line of ${bytes} bytes is refused: ${reading.why}`))
      const text = errorText(idText(reading.id, line.text), reading.code, reading.why)
      batch?.expect()
      if (batch) batch.add(text)
      else void this.#write(text)
    }
  }

  #receive(message: JSONRPCMessage, line: ReceivedLine, batch: Batch | undefined): void {
    if (isJSONRPCRequest(message)) {
      const { id, method } = message
      const refusal = this.#refusalOf(id, line)
      if (refusal) {
        this.#handle(refusal, line, batch)
        return
      }
      // The answer of the server may come after the next line.
      if (method === 'initialize') this.#revision = revisionIn(message)
      const request: RunningRequest = { method, batch, isAnswered: false }
      this.#running.set(id, request)
      if (!isSubscription(request)) this.#answersMissing++
      batch?.expect()
    } else if (isJSONRPCNotification(message)) {
      const cancelled = cancelledIn(message)
      if (cancelled !== undefined) this.#cancel(cancelled)
    } else if (isJSONRPCResponse(message)) this.#asked.delete(message.id as Id)
    withArrival(line.at, () => this.onmessage?.(message))
  }

  #refusalOf(id: Id, { isLate }: ReceivedLine): Reading | undefined {
    if (isLate) return { kind: 'refused', id, code: serverErrorCode, why: shutdownMessage }
    // The first request keeps its id, so that it can still be answered and cancelled.
    const why = 'A request with this id is still running: use another id.'
    return this.#running.has(id) ? { kind: 'refused', id, code: errorCodes.request, why } : undefined
  }

  #cancel(id: unknown): void {
    if (isId(id) && !this.#running.has(id)) this.#backlog.cancel(id)
    // A cancelled request gets no answer (MCP, cancellation).
    this.#running.get(id)?.batch?.skip()
    this.#settle(id)
  }

  #settle(id: unknown): void {
    const request = this.#running.get(id)
    if (request && !isSubscription(request)) this.#answersMissing--
    this.#running.delete(id)
    this.#goOn()
  }

  #checkIdle(): void {
    if (this.#answersMissing === 0 && this.#backlog.isEmpty) this.#onIdle()
  }
}
