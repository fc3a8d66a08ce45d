import type { Outcome } from './post.ts'
import { errorReply, failureReply, type Reply } from './reply.ts'

// What a client is told about a request that got no answer of MCP.

/** Where requests go, and what to do where it asks for a token. */
export interface Destination {
  readonly url: URL
  readonly tokenAdvice: string | undefined
}

const lookFirst = 'The call may or may not have happened: look before repeating.'

const brokenCall = ({ href }: URL): string =>
  `The connection to ${href} broke while the call ran: it may or may not have happened. Look before repeating.`

const statusAdvice: Readonly<Record<number, string>> = {
  403: 'ask its operator what the token may do',
  404: 'check the address, which usually ends in /mcp',
  405: 'check the address, which usually ends in /mcp',
  407: 'check HTTPS_PROXY and its credentials',
  413: 'send less',
  429: 'wait a minute, then try again',
}

function refusal(
  { status, reply, headers }: Outcome & { kind: 'refused' },
  method: string,
  { url, tokenAdvice }: Destination,
): Reply {
  if (status === 401 && tokenAdvice !== undefined)
    return failureReply(method, `${url.href} asks for a token: ${tokenAdvice}.`)
  // A proxy may have passed the call on, or the service have begun it; with this header nothing was taken.
  const mayHaveRun = method === 'tools/call' && status >= 500 && headers['retry-after'] === undefined
  if (reply?.error && mayHaveRun) return errorReply(`${reply.error.message} ${lookFirst}`, reply.error.code)
  // The words of the service: to the client they are an error of its own request.
  if (reply) return reply
  if (mayHaveRun) return failureReply(method, brokenCall(url))
  if (status >= 300 && status <= 399)
    return failureReply(
      method,
      `${url.href} leads elsewhere (${status}), and the token is not sent there: name the address itself.`,
    )
  const advice = statusAdvice[status] ?? 'try again, or ask its operator'
  return failureReply(method, `${url.href} refuses the request (${status}): ${advice}.`)
}

/** The reply to the client for what became of its request. */
export function replyOf(outcome: Outcome, method: string, destination: Destination): Reply {
  const { href } = destination.url
  switch (outcome.kind) {
    case 'answered':
      return outcome.reply
    case 'refused':
      return refusal(outcome, method, destination)
    case 'unsent':
      return failureReply(method, `${outcome.why} Nothing was sent.`)
    case 'broken':
      return method === 'tools/call'
        ? failureReply(method, brokenCall(destination.url))
        : errorReply(`The connection to ${href} broke before the answer was complete: try again.`)
    case 'odd':
    case 'accepted':
      return method === 'tools/call'
        ? failureReply(method, brokenCall(destination.url))
        : errorReply(`${href} answers with something that is no MCP message: check the address.`)
  }
}
