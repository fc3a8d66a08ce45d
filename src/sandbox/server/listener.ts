import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Struck, skewOf, stageOf } from '../faults/active-faults.ts'
import { replacements } from '../faults/error-replies.ts'
import type { FaultKind } from '../faults/faults.ts'
import { bendings } from '../faults/mutate-reply.ts'
import type { Addressed } from '../http/envelope.ts'
import { gatewayError, type Reply } from '../http/reply.ts'
import type { World } from '../state/world.ts'
import { makeControl } from './control.ts'
import { deliver } from './delivery.ts'
import { type Parcel, parcelOf, wrappings } from './encode-reply.ts'
import { type Errand, makePlatform } from './routes.ts'

/**
 * Maximum body of a vendor request. Control requests may be larger: tests set canned answers for every route
 * at once.
 */
const maxBody = 20 * 1024 * 1024

/**
 * The HTTP server: reads requests, keeps the journal, applies faults, writes answers. `begin` makes the world
 * at the start and at each reset; a request in progress ends in the world in which it started.
 */
export function makeListener(begin: (earlier?: World) => World): RequestListener {
  let current = served(begin())
  const reset = (): void => {
    current = served(begin(current.world))
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    // Taken now, since the request drops its socket when the client disconnects.
    const { method = 'GET', url = '/', headers, socket } = request
    // `new URL` would silently resolve dots that a client must not send.
    const [path = '', search = ''] = url.split(/\?(.*)/s)
    const query = Object.fromEntries(new URLSearchParams(search))
    const inside = path.startsWith('/_sandbox/')
    const body = await readAll(request, inside ? Infinity : maxBody)
    const { world, platform, control } = current
    if (inside) return deliver(response, parcelOf(control({ method, path, body }, reset)))
    const entry = world.journal.add({ method, path, query, headers, body })
    const from = socket.remoteAddress ?? ''
    const errand = platform({ method, path, query, headers, body, from })
    const faults = world.faults.strike(errand.route)
    const wrecking = faults.find((fault) => stageOf(fault) === 'wreck')
    await waitFor('delay', faults)
    if (wrecking?.kind === 'reset') return void socket.resetAndDestroy()
    if (wrecking?.kind === 'notHttp') return void socket.end('220 mail.example ESMTP\r\n')
    const reply = await outcome(errand, faults, { path, headers })
    await waitFor('slowHeaders', faults)
    if (wrecking?.kind === 'resetAfterBody') return void socket.resetAndDestroy()
    entry.status = reply.status
    const date = new Date(world.now() + skewOf(faults) * 1000).toUTCString()
    const parcel = wrapped(parcelOf({ ...reply, headers: { date, ...reply.headers } }), faults)
    return deliver(response, parcel, wrecking)
  }

  return (request, response) => {
    const { socket } = request
    serve(request, response).catch((error: unknown) => {
      // A bug of the sandbox, or a client that disconnected. It must not crash the process that embeds the
      // sandbox.
      if (response.headersSent || socket.destroyed) return void socket.destroy()
      // The rest of the body may still arrive, so the connection cannot be reused.
      const reply = gatewayError(500, String(error), request.url ?? '')
      return deliver(response, parcelOf({ ...reply, headers: { connection: 'close' } }))
    })
  }
}

function served(world: World) {
  return { world, platform: makePlatform(world), control: makeControl(world) }
}

async function waitFor(kind: FaultKind, faults: readonly Struck[]): Promise<void> {
  for (const { ms = 0 } of faults.filter((fault) => fault.kind === kind)) {
    await pause(ms, undefined, { ref: false })
  }
}

async function outcome(errand: Errand, faults: readonly Struck[], call: Addressed): Promise<Reply> {
  for (const fault of faults) {
    const replacement = replacements[fault.kind]?.(fault, call)
    if (replacement) return replacement
  }
  const reply = await errand.run(skewOf(faults))
  return faults.reduce((bent, fault) => bendings[fault.kind]?.(bent, fault, call) ?? bent, reply)
}

function wrapped(parcel: Parcel, faults: readonly Struck[]): Parcel {
  return faults.reduce((inner, fault) => wrappings[fault.kind]?.(inner, fault) ?? inner, parcel)
}

async function readAll(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw new RangeError('body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
