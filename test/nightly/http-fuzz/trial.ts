import { type Response, readResponses } from './responses/responses.ts'

/**
 * What must come of a request. `whole`: exactly one response. `broken`: its framing or its syntax leaves open where it
 * ends, so that its connection ends, with or without a refusal, and nothing behind it is read. `lenient`: RFC 9112 lets a
 * server do either. `cut`: the client leaves in the middle.
 */
export type Nature = 'whole' | 'broken' | 'lenient' | 'cut'

/** A request as bytes, and what must come of it. */
export interface Sent {
  /** What is odd about it. */
  readonly title: string
  readonly bytes: Buffer
  readonly nature: Nature
  /** The statuses of a whole request. */
  readonly statuses: readonly number[]
  readonly isHead?: boolean
  /** True if the connection ends with its response: a client sends nothing behind it (RFC 9112, 9.6). */
  readonly isLast?: boolean
  /** What else is wrong with the response to a whole request. */
  readonly check?: (response: Response) => string | undefined
}

/** How a connection ends: by a last request that asks for it, by the server, or by a client that leaves. */
export type Ending = 'last request' | 'server' | 'end' | 'reset'

/** Requests on one connection. */
export interface Trial {
  readonly sent: readonly Sent[]
  readonly ending: Ending
  /** Sizes of the pieces in which it is written; the rest is one. */
  readonly pieces: readonly number[]
  /** What another connection sends while this one waits. */
  readonly meanwhile?: readonly Sent[]
}

/** What came on a connection. */
export interface Outcome {
  readonly bytes: Buffer
  /** True if the server had not ended the connection when the client lost patience. */
  readonly isLate: boolean
}

/** The statuses with which a broken request may be refused. */
const refusals: readonly number[] = [400, 408, 413, 417, 431, 501, 505]

/** Only a last request has this path. */
const lastPath = '/last-request'

/** The request with which the client ends a connection. */
export const lastRequest = (port: number): Buffer =>
  Buffer.from(`GET ${lastPath} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)

const told = (response: Response | undefined): string =>
  response
    ? `${response.status} ${JSON.stringify(response.body.toString('utf8').slice(0, 300))}`
    : 'no response'

/** What is wrong with the response to a whole request. */
function faultOfWhole({ statuses, check }: Sent, response: Response | undefined): string | undefined {
  if (!response || !statuses.includes(response.status))
    return `expected one response with ${statuses.join(', ')}, got ${told(response)}`
  const fault = check?.(response)
  return fault === undefined ? undefined : `${fault}, got ${told(response)}`
}

const isRefusal = ({ status, closes }: Response): boolean => closes && refusals.includes(status)

/**
 * Node's parser refuses what it cannot read as soon as it has read it, in place of the responses before it that are not
 * ready yet. It ends the connection at once where a tunnel is asked for (CONNECT).
 */
function isCutShort(response: Response | undefined, refused: boolean, later: readonly Sent[]): boolean {
  if (!response) return later.some(({ nature }) => nature === 'broken')
  const mayBeRefused = ({ nature, statuses }: Sent): boolean =>
    nature !== 'whole' || statuses.some((status) => refusals.includes(status))
  return refused && response.body.length === 0 && later.some(mayBeRefused)
}

/** How far the responses were understood. */
interface Position {
  /** The number of responses that belong to requests so far. */
  readonly taken: number
  /** True if the connection had to end here. */
  readonly isOver: boolean
  readonly fault?: string
}

function judgeOne(
  [sent, ...later]: readonly [Sent, ...Sent[]],
  responses: readonly Response[],
  taken: number,
): Position {
  const response = responses[taken]
  const isLast = taken === responses.length - 1
  const refused = response !== undefined && isLast && isRefusal(response)
  // Its head may be refused, and then its missing body.
  if (sent.nature === 'cut') return { taken: Math.min(responses.length, taken + 2), isOver: true }
  if (sent.nature === 'broken' || (sent.nature === 'lenient' && (!response || refused))) {
    if (response && !refused)
      return {
        taken,
        isOver: true,
        fault: `expected the end of the connection after one refusal at most, got ${responses.slice(taken).map(told).join(' and ')}`,
      }
    return { taken: taken + (response ? 1 : 0), isOver: true }
  }
  if (isCutShort(response, refused, later)) return { taken: responses.length, isOver: true }
  const fault = faultOfWhole(sent, response)
  return { taken: taken + 1, isOver: response?.closes ?? true, ...(fault !== undefined && { fault }) }
}

/** What is wrong with the responses on a connection; undefined if nothing is. */
export function faultOf({ sent, ending }: Trial, { bytes, isLate }: Outcome): string | undefined {
  // The client did not wait for what comes.
  if (ending === 'reset') return undefined
  const { responses, fault } = readResponses(bytes, (index) => sent[index]?.isHead === true)
  if (fault !== undefined)
    return `expected responses by RFC 9112, got ${responses.map(told).join(' and ')} and ${fault}`
  let position: Position = { taken: 0, isOver: false }
  for (const [index, one] of sent.entries()) {
    position = judgeOne([one, ...sent.slice(index + 1)], responses, position.taken)
    if (position.fault !== undefined) return `${one.title}: ${position.fault}`
    if (position.isOver) break
  }
  const { taken, isOver } = position
  if (isLate)
    return `expected the end of the connection, got ${responses.map(told).join(' and ') || 'nothing'} and no end`
  if (!isOver && ending === 'last request') {
    const last = responses[taken]
    if (last?.status !== 404) return `expected 404 for the last request, got ${told(last)}`
    return responses.length > taken + 1 ? `got one response too many: ${told(responses.at(-1))}` : undefined
  }
  return responses.length > taken
    ? `got ${responses.length - taken} responses too many: ${responses.slice(taken).map(told).join(' and ')}`
    : undefined
}
