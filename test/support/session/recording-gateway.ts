import { createServer, request as forward } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { listening } from './gateway.ts'

/** An answer as Qualys sent it. */
export interface RecordedAnswer {
  /** `POST /sm/v2/jobs/search`, without the query. */
  readonly route: string
  readonly status: number
  readonly bytes: Buffer
}

/** A sandbox behind a gateway that records every answer but those of the login. */
export interface RecordedSandbox extends Sandbox {
  /** The answers since the last call. */
  readonly takeAnswers: () => RecordedAnswer[]
}

/** Opens such a gateway. The sandbox stays open when it closes. */
export async function openRecordingGateway(sandbox: Sandbox): Promise<RecordedSandbox> {
  const answers: RecordedAnswer[] = []
  const server = createServer((incoming, response) => {
    const { url = '/', method = 'GET', headers } = incoming
    const outgoing = forward(new URL(url, sandbox.gatewayUrl), { method, headers }, async (answer) => {
      const bytes = await buffer(answer)
      const status = answer.statusCode ?? 502
      const [path = ''] = url.split('?')
      if (!path.startsWith('/auth')) answers.push({ route: `${method} ${path}`, status, bytes })
      response.writeHead(status, answer.headers).end(bytes)
    })
    // The client or the sandbox has closed its connection.
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  const { port, close } = await listening(server)
  const url = `http://127.0.0.1:${port}`
  return { ...sandbox, gatewayUrl: url, apiUrl: url, takeAnswers: () => answers.splice(0), close }
}
