import { text } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openGateway } from './gateway.ts'
import { type Asked, askedIn } from './qps-answers.ts'

export { type Asked, pageOf, refusal, response, row, simple, success } from './qps-answers.ts'

/** An API server of a few lines, for orders and amounts of rows that the sandbox does not have. */
export async function openApi(
  answer: (asked: Asked) => string,
): Promise<Sandbox & { readonly asked: readonly Asked[] }> {
  const asked: Asked[] = []
  const server = await openGateway(async (request, response) => {
    const one = askedIn(await text(request))
    asked.push(one)
    response.writeHead(200, { 'content-type': 'application/xml' }).end(answer(one))
  })
  return { ...server, asked }
}
