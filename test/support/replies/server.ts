import { text } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { assistantOn } from '../assistant.ts'
import { openGateway } from '../session/gateway.ts'
import type { Row } from './lists.ts'
import { pageOf } from './pages.ts'
import type { Source } from './walks.ts'

/** A server on which every list holds the same rows. */
export interface RowServer extends Sandbox {
  /** From now on every list holds these rows. */
  readonly put: (rows: readonly Row[]) => void
  /** How many pages were asked for since. */
  readonly asked: () => number
}

/** Opens one on a free port of this machine. */
async function openRowServer(): Promise<RowServer> {
  let rows: readonly Row[] = []
  let asked = 0
  const server = await openGateway(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://rows')
    const query = Object.fromEntries(searchParams)
    const { status, body, contentType } = pageOf(rows, { path, query, body: await text(request) })
    asked++
    response
      .writeHead(status ?? 200, { 'content-type': contentType ?? 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  return {
    ...server,
    put: (all) => {
      rows = all
      asked = 0
    },
    asked: () => asked,
  }
}

/** Opens one, and assistants on it. */
export async function openSource(): Promise<Source & { readonly close: () => Promise<void> }> {
  const server = await openRowServer()
  return {
    put: server.put,
    asked: server.asked,
    close: server.close,
    with: async (environment, act) => {
      const assistant = await assistantOn(server, environment)
      return act(assistant).finally(() => assistant.close())
    },
  }
}
