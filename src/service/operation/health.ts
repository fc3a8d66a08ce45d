import type { IncomingMessage, ServerResponse } from 'node:http'
import { factsOf, type Log } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Metrics } from './metrics.ts'

/** Why the service is not ready, as one sentence without secrets; undefined if nothing speaks against it. */
export type ReadinessCheck = () => string | undefined

/** What the pages of operation show. */
export interface OperationSources {
  /** The service is ready if all of them return undefined. */
  readonly checks: readonly ReadinessCheck[]
  readonly metrics: Pick<Metrics, 'text'>
  readonly log: Log
}

/** Answers one request. Never throws. */
type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

const plainText = (status: number, body: string): Reply => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
})

/** What is wrong by these checks. One that fails counts as a reason, and the others are still asked. */
function reasonsOf({ checks, log }: OperationSources): string[] {
  return checks.flatMap((check) => {
    try {
      const reason = check()
      return reason === undefined ? [] : [oneLine(reason)]
    } catch (error) {
      log.error(factsOf(error), 'a readiness check failed')
      return ['a check failed']
    }
  })
}

function readiness(sources: OperationSources): Reply {
  const reasons = reasonsOf(sources)
  const isReady = reasons.length === 0
  return {
    status: isReady ? 200 : 503,
    contentType: 'application/json',
    body: JSON.stringify(isReady ? { status: 'ready' } : { status: 'not ready', reasons }),
  }
}

async function metricsPage({ metrics, log }: OperationSources): Promise<Reply> {
  try {
    return { status: 200, ...(await metrics.text()) }
  } catch (error) {
    log.error(factsOf(error), 'the metrics failed')
    return plainText(500, 'The metrics failed. The log says more.\n')
  }
}

type Page = (sources: OperationSources) => Reply | Promise<Reply>

const pages: ReadonlyMap<string, Page> = new Map<string, Page>([
  ['/healthz', () => plainText(200, 'ok')],
  ['/readyz', readiness],
  ['/metrics', metricsPage],
])

/** Sends a reply. Node leaves out the body for HEAD. */
function send(response: ServerResponse, { status, contentType, body }: Reply, more = {}): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...more,
  })
  response.end(body)
}

const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD'

/** Answers 404. The connection ends, since the request may have a body that nobody reads. */
export function sendNotFound(response: ServerResponse): void {
  send(response, plainText(404, 'Not found.\n'), { connection: 'close' })
}

/**
 * The handler of `/healthz`, `/readyz` or `/metrics`, for a path without a query; undefined for another path. Whether the
 * caller may see the page is for the server to check before.
 */
export function operationHandler(path: string, sources: OperationSources): Handler | undefined {
  const page = pages.get(path)
  if (!page) return undefined
  return async (request, response) => {
    if (isReading(request)) return send(response, await page(sources))
    send(response, plainText(405, 'Only GET and HEAD.\n'), { allow: 'GET, HEAD', connection: 'close' })
  }
}
