import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { bendings, replacements } from './breakage.ts'
import { makeControl } from './control.ts'
import { type Fault, type FaultKind, faultKinds } from './faults.ts'
import { gatewayError, type Reply } from './reply.ts'
import type { Addressed } from './saq/envelope.ts'
import { type Errand, makePlatform } from './vendor.ts'
import type { World } from './world.ts'
import { xmlText } from './xml-writer.ts'

/** Of a vendor request. Tests may send more to the sandbox itself: canned answers for every route at once. */
const maxBody = 20 * 1024 * 1024

/** HTTP in, HTTP out: reads requests, keeps the journal, lets faults strike, writes answers. */
export function makeListener(world: World): RequestListener {
  const platform = makePlatform(world)
  const control = makeControl(world)

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    // The request lets go of its socket when the client goes away.
    const { method = 'GET', url = '/', headers, socket } = request
    // Not by `new URL`, which would quietly resolve dots that a client should never have sent.
    const [path = '', search = ''] = url.split(/\?(.*)/s)
    const query = Object.fromEntries(new URLSearchParams(search))
    const inside = path.startsWith('/_sandbox/')
    const body = await readAll(request, inside ? Infinity : maxBody)
    if (inside) return send(response, control({ method, path, body }), undefined)
    const entry = world.journal.add({ method, path, query, headers, body })
    const from = socket.remoteAddress ?? ''
    const errand = platform({ method, path, query, headers, body, from })
    const faults = world.faults.strike(errand.route)
    const wrecking = faults.find(({ kind }) => faultKinds[kind].stage === 'wreck')?.kind
    for (const { ms = 0 } of faults.filter(({ kind }) => kind === 'delay')) {
      await pause(ms, undefined, { ref: false })
    }
    if (wrecking === 'reset') return void socket.resetAndDestroy()
    const reply = await outcome(errand, faults, { path, headers })
    if (wrecking === 'resetAfterBody') return void socket.resetAndDestroy()
    entry.status = reply.status
    const date = new Date(world.now()).toUTCString()
    send(response, { ...reply, headers: { date, ...reply.headers } }, wrecking)
  }

  return (request, response) => {
    const { socket } = request
    serve(request, response).catch((error: unknown) => {
      // A bug of ours, or a client that went away: never a crash of the process that embeds the sandbox.
      if (response.headersSent || socket.destroyed) socket.destroy()
      else {
        // The rest of a body may still be under way: nothing can follow it on this connection.
        const reply = gatewayError(500, String(error), request.url ?? '')
        send(response, { ...reply, headers: { connection: 'close' } }, undefined)
      }
    })
  }
}

async function outcome(errand: Errand, faults: Fault[], call: Addressed): Promise<Reply> {
  for (const fault of faults) {
    const replacement = replacements[fault.kind]?.(fault, call)
    if (replacement) return replacement
  }
  const reply = await errand.run()
  return faults.reduce((bent, fault) => bendings[fault.kind]?.(bent, fault, call) ?? bent, reply)
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

function written({ content }: Reply): { text: string | Buffer; type: string } {
  if ('json' in content) return { text: JSON.stringify(content.json), type: 'application/json' }
  return 'xml' in content ? { text: xmlText(content.xml), type: 'application/xml' } : content
}

function send(response: ServerResponse, reply: Reply, wrecking: FaultKind | undefined): void {
  const { text, type } = written(reply)
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const bodiless = reply.status === 204 || reply.status === 304
  response.writeHead(reply.status, {
    ...(type !== '' && { 'content-type': type }),
    ...(!bodiless && { 'content-length': bytes.length }),
    ...reply.headers,
  })
  if (wrecking !== 'truncate' && wrecking !== 'stall') {
    response.end(bodiless ? undefined : bytes)
    return
  }
  response.write(bytes.subarray(0, bytes.length >> 1), () => {
    if (wrecking === 'truncate') response.destroy()
  })
}
