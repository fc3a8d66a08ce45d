import type { Settings } from '../../config/settings.ts'
import { makeAgent, proxyFor } from '../../session/http/agent.ts'
import { classifyNetworkError } from '../../session/http/network-errors.ts'
import { ConnectError, messageOf, SetupError } from '../../shared/errors.ts'

type Agent = Awaited<ReturnType<typeof makeAgent>>

/** One request, to a host that is known already. */
export interface WebRequest {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Longest wait for the answer to begin, and longest pause within it, in ms; the settings say both if absent. */
  readonly timeoutMs?: number
}

/** The beginning of an answer, and its body. */
export type WebAnswer = Awaited<ReturnType<Agent['request']>>

/** Why no answer began. */
export class WebError extends Error {
  /** False if the request certainly never left. */
  readonly isSent: boolean
  /** True if the server may only be away for a moment. */
  readonly isAway: boolean

  constructor(message: string, { isSent, isAway }: { readonly isSent: boolean; readonly isAway: boolean }) {
    super(message)
    this.isSent = isSent
    this.isAway = isAway
  }
}

/** Sends requests with the CAs, proxies and time-outs of the settings. Redirects are not followed. */
export interface Web {
  /** Rejects with a WebError, or with the reason of the signal. */
  readonly send: (request: WebRequest) => Promise<WebAnswer>
  readonly close: () => Promise<void>
}

/** The server does not listen, or no way leads to it, which may end soon. */
const awayCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]

/** The first code in the chain of causes; the first of several addresses stands for all. */
function codeIn(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  return codeIn(inner)
}

/** The way to send requests with these settings. */
export function openWeb(settings: Settings): Web {
  const agents = new Map<string, Promise<Agent>>()
  const { connectTimeoutSeconds: connect, headersTimeoutSeconds, bodyTimeoutSeconds } = settings

  function agentFor(url: URL): Promise<Agent> {
    const agent = agents.get(url.origin) ?? makeAgent(settings, proxyFor(url, settings)?.url)
    agents.set(url.origin, agent)
    return agent
  }

  function errorFor(error: unknown, url: URL): unknown {
    const known = classifyNetworkError(error, url.origin, proxyFor(url, settings), {
      connect: `${connect} s (QUALYS_CONNECT_TIMEOUT_SECONDS)`,
      headers: `${headersTimeoutSeconds} s (QUALYS_HEADERS_TIMEOUT_SECONDS)`,
      body: `${bodyTimeoutSeconds} s`,
    })
    if (!known) return error
    const isUnsent = known instanceof SetupError || known instanceof ConnectError
    return new WebError(known.message, { isSent: !isUnsent, isAway: awayCodes.includes(codeIn(error)) })
  }

  return {
    send: async ({ url, method, headers, body, signal, timeoutMs }) => {
      try {
        const agent = await agentFor(url)
        return await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { 'user-agent': 'qualys-mcp', ...headers },
          signal,
          ...(body !== undefined && { body }),
          ...(timeoutMs !== undefined && { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
        })
      } catch (error) {
        signal.throwIfAborted()
        // A file of CAs that cannot be used.
        if (error instanceof SetupError)
          throw new WebError(messageOf(error), { isSent: false, isAway: false })
        throw errorFor(error, url)
      }
    },
    close: async () => {
      const opened = await Promise.allSettled(agents.values())
      await Promise.all(opened.map((one) => one.status === 'fulfilled' && one.value.destroy()))
    },
  }
}

/** The text of a body. Throws if it has more bytes. */
export async function textIn(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes / 1024 / 1024} MiB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
