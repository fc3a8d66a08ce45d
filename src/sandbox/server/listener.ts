import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type AppliedFault, skewOf, stageOf } from '../faults/active-faults.ts'
import { replacementReplies } from '../faults/error-replies.ts'
import type { FaultKind } from '../faults/faults.ts'
import { replyMutations } from '../faults/mutate-reply.ts'
import type { RequestHead } from '../http/envelope.ts'
import { lengthenIds, shortenIds } from '../http/long-ids.ts'
import { gatewayError, type Reply } from '../http/reply.ts'
import type { World } from '../state/world.ts'
import { makeControl } from './control.ts'
import { deliver } from './delivery.ts'
import { type EncodedReply, encodeReply, encodingFaults } from './encode-reply.ts'
import { makePlatform, type RoutedRequest } from './routes.ts'
import type { IncomingRequest } from './virtual-host.ts'

/**
 * Maximum size of the body of a vendor request, in bytes. Control requests may be larger: tests set canned replies for every route
 * at once.
 */
const maxBody = 20 * 1024 * 1024

/**
 * The HTTP server: reads requests, keeps the journal, applies faults, writes replies. `createWorld` is called
 * at the start and at each reset; a request in progress ends in the world in which it started.
 */
export function makeListener(createWorld: (previous?: World) => World): RequestListener {
  let current = makeHandlers(createWorld())
  const reset = (): void => {
    current = makeHandlers(createWorld(current.world))
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    // Read before the first await: the request drops its socket when the client disconnects.
    const { method = 'GET', url = '/', headers, socket } = request
    // `new URL` would silently resolve dots that a client must not send.
    const [path = '', search = ''] = url.split(/\?(.*)/s)
    const query = Object.fromEntries(new URLSearchParams(search))
    const isControlRequest = path.startsWith('/_sandbox/')
    const body = await readBody(request, isControlRequest ? Infinity : maxBody)
    const { world, platform, control } = current
    if (isControlRequest) return deliver(response, encodeReply(control({ method, path, body }, reset)))
    const entry = world.journal.add({ method, path, query, headers, body })
    const from = socket.remoteAddress ?? ''
    const asked = { method, path, query, headers, body, from }
    const routed = platform(hasLongIds(world, path) ? withShortIds(asked) : asked)
    const faults = world.faults.takeNext(routed.route)
    const transportFault = faults.find((fault) => stageOf(fault) === 'wreck')
    await applyDelays('delay', faults)
    if (transportFault?.kind === 'reset') return void socket.resetAndDestroy()
    if (transportFault?.kind === 'notHttp') return void socket.end('220 mail.example ESMTP\r\n')
    const shortReply = await makeReply(routed, faults, { path, headers })
    const reply = hasLongIds(world, path) ? lengthenIds(shortReply) : shortReply
    await applyDelays('slowHeaders', faults)
    if (transportFault?.kind === 'resetAfterBody') return void socket.resetAndDestroy()
    entry.status = reply.status
    const date = new Date(world.now() + skewOf(faults) * 1000).toUTCString()
    const encoded = applyEncodings(encodeReply({ ...reply, headers: { date, ...reply.headers } }), faults)
    return deliver(response, encoded, transportFault)
  }

  return (request, response) => {
    const { socket } = request
    serve(request, response).catch((error: unknown) => {
      // A bug of the sandbox, or a client that disconnected. It must not crash the process that embeds the
      // sandbox.
      if (response.headersSent || socket.destroyed) return void socket.destroy()
      // The rest of the body may still arrive, so the connection cannot be reused.
      const reply = gatewayError(500, String(error), request.url ?? '')
      return deliver(response, encodeReply({ ...reply, headers: { connection: 'close' } }))
    })
  }
}

/** Only CAR has them. */
const hasLongIds = ({ knobs }: World, path: string): boolean => knobs.longIds && path.startsWith('/sm/')

const withShortIds = (request: IncomingRequest): IncomingRequest => ({
  ...request,
  path: shortenIds(request.path),
  query: Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, shortenIds(value)])),
  body: shortenIds(request.body),
})

function makeHandlers(world: World) {
  return { world, platform: makePlatform(world), control: makeControl(world) }
}

async function applyDelays(kind: FaultKind, faults: readonly AppliedFault[]): Promise<void> {
  for (const { ms = 0 } of faults.filter((fault) => fault.kind === kind)) {
    await pause(ms, undefined, { ref: false })
  }
}

async function makeReply(
  routed: RoutedRequest,
  faults: readonly AppliedFault[],
  head: RequestHead,
): Promise<Reply> {
  for (const fault of faults) {
    const replacement = replacementReplies[fault.kind]?.(fault, head)
    if (replacement) return replacement
  }
  const reply = await routed.run(skewOf(faults))
  return faults.reduce(
    (mutated, fault) => replyMutations[fault.kind]?.(mutated, fault, head) ?? mutated,
    reply,
  )
}

function applyEncodings(reply: EncodedReply, faults: readonly AppliedFault[]): EncodedReply {
  return faults.reduce((encoded, fault) => encodingFaults[fault.kind]?.(encoded, fault) ?? encoded, reply)
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new RangeError('body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
