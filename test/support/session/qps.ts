import { text } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openGateway } from './gateway.ts'
import { parseSearch, type SearchRequest } from './qps-answers.ts'

export { pageOf, refusal, response, row, type SearchRequest, simpleReturn, success } from './qps-answers.ts'

/** A small API server, for orders and amounts of rows that the sandbox does not have. */
export async function openApi(
  answer: (requests: SearchRequest) => string,
): Promise<Sandbox & { readonly asked: readonly SearchRequest[] }> {
  const asked: SearchRequest[] = []
  const server = await openGateway(async (request, response) => {
    const one = parseSearch(await text(request))
    asked.push(one)
    response.writeHead(200, { 'content-type': 'application/xml' }).end(answer(one))
  })
  return { ...server, asked }
}
