import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { factsOf, type Log } from '../../shared/log.ts'
import type { ClientConnection } from '../../tools/server/stdio.ts'
import { InvalidLineError, StdioTransport } from '../../tools/server/stdio-transport.ts'
import { claimedRevision } from './envelope.ts'
import { errorReply, type Json, type Reply, replyIn } from './reply.ts'
import type { ServiceSide } from './service-side.ts'

type Id = JSONRPCRequest['id']

/** What a client over stdio is connected with. */
export interface ConnectionOptions {
  readonly input: Readable
  readonly output: Writable
  readonly service: ServiceSide
  readonly log: Log
}

const progressIn = ({ method, params }: JSONRPCNotification): unknown =>
  method === 'notifications/progress' ? params?.['progress'] : undefined

/** Connects one client over two pipes with the service. stdout carries nothing else. */
export function openConnection({ input, output, service, log }: ConnectionOptions): ClientConnection {
  const transport = new StdioTransport(input, output)
  const closed = transport.closed()
  const ending = new AbortController()
  const running = new Map<Id, AbortController>()
  /** The questions that the client has not answered. */
  const asked = new Map<Id, (reply: Reply) => void>()
  let lastQuestion = 0

  /** Asks the client with a request. If the call that asks is cancelled, so is the question. */
  async function ask(method: string, params: Json | undefined, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted()
    const id = `qualys-mcp-${++lastQuestion}`
    const answer = new Promise<Reply>((resolve, reject) => {
      asked.set(id, resolve)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    try {
      const sent = transport.send({ jsonrpc: '2.0', id, method, ...(params && { params: { ...params } }) })
      return (await Promise.all([answer, sent]))[0]
    } catch (error) {
      const given = { requestId: id, reason: 'The call that asked has ended.' }
      void transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: given })
      throw error
    } finally {
      asked.delete(id)
    }
  }

  /** Passes notifications on. Progress that does not grow is left out: the request may have been sent again. */
  function notificationsFor(signal: AbortSignal): (notification: JSONRPCNotification) => Promise<void> {
    let last = Number.NEGATIVE_INFINITY
    return async (notification) => {
      const progress = progressIn(notification)
      if (signal.aborted || (typeof progress === 'number' && progress <= last)) return
      if (typeof progress === 'number') last = progress
      await transport.send(notification)
    }
  }

  async function replyTo(request: JSONRPCRequest, signal: AbortSignal): Promise<Reply> {
    if (claimedRevision(request) === undefined) {
      if (request.method === 'ping') return { result: {} }
      if (request.method === 'server/discover')
        return errorReply('Method not found', ProtocolErrorCode.MethodNotFound)
    }
    const reply = await service.replyTo({
      request,
      signal,
      onNotification: notificationsFor(signal),
      ask: (method, params) => ask(method, params, signal),
    })
    const revision = request.method === 'initialize' && reply.result?.['protocolVersion']
    if (typeof revision === 'string') {
      log.info({ revision }, 'a client connected')
      transport.setProtocolVersion(revision)
    }
    return reply
  }

  async function answer(request: JSONRPCRequest): Promise<void> {
    const { id } = request
    const controller = new AbortController()
    running.set(id, controller)
    const { signal } = controller
    const reply = await replyTo(request, signal).catch((error: unknown) => {
      if (!signal.aborted) log.error(factsOf(error), 'unexpected')
      return errorReply(
        'qualys-mcp failed unexpectedly: its log has the details.',
        ProtocolErrorCode.InternalError,
      )
    })
    if (running.get(id) === controller) running.delete(id)
    // A cancelled request gets no answer (MCP, cancellation).
    if (!signal.aborted) await transport.send({ jsonrpc: '2.0', id, ...reply } as JSONRPCMessage)
  }

  async function hear(notification: JSONRPCNotification): Promise<void> {
    if (notification.method === 'notifications/cancelled')
      running.get(notification.params?.['requestId'] as Id)?.abort()
    await service.notify(notification, ending.signal).catch((error: unknown) => {
      if (!ending.signal.aborted) log.error(factsOf(error), 'unexpected')
    })
  }

  transport.onmessage = (message) => {
    if (isJSONRPCRequest(message)) void answer(message)
    else if (isJSONRPCNotification(message)) void hear(message)
    else if (message.id !== undefined)
      asked.get(message.id)?.(replyIn(message) ?? errorReply('The client answered without a result.'))
  }
  transport.onerror = (error) =>
    log.warn(
      { error: error instanceof InvalidLineError ? error.message : 'a message that was not expected' },
      'protocol',
    )
  void transport.start()

  return {
    closed,
    drain: () => transport.drain(),
    close: async () => {
      ending.abort()
      for (const controller of running.values()) controller.abort()
      // It answers what ran.
      await transport.close()
    },
  }
}
