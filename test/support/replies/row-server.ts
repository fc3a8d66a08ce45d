import { text } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openAssistantOn } from '../assistant.ts'
import { openGateway } from '../session/gateway.ts'
import type { Row } from './lists.ts'
import { pageOf } from './pages.ts'
import type { Source } from './walks.ts'

/** A server on which every list has the same rows. */
export interface RowServer extends Sandbox {
  /** Sets the rows of every list. */
  readonly put: (rows: readonly Row[]) => void
  /** The number of page requests since. */
  readonly pageRequests: () => number
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
    pageRequests: () => asked,
  }
}

/** Opens one, and connects assistants to it. */
export async function openSource(): Promise<Source & { readonly close: () => Promise<void> }> {
  const server = await openRowServer()
  return {
    put: server.put,
    pageRequests: server.pageRequests,
    close: server.close,
    with: async (environment, act) => {
      const assistant = await openAssistantOn(server, environment)
      return act(assistant).finally(() => assistant.close())
    },
  }
}
