// Responses as a client must read them, by RFC 9112 alone: nothing here is shared with Node's own parser.

/** A final response of a server. */
export interface Response {
  readonly status: number
  /** Values by name in lower case, in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  /** True if no other response may follow on its connection. */
  readonly closes: boolean
  /** Statuses of the interim responses before it. */
  readonly interim: readonly number[]
}

/** What a connection brought. */
export interface Reading {
  readonly responses: readonly Response[]
  /** Why the rest is no response. */
  readonly fault?: string
}

/** Whether the next response has no body, whatever its headers say: the answer to HEAD. */
type IsBodyless = (index: number) => boolean

class Fault extends Error {}

const token = /^[!#$%&'*+.^_`|~\w-]+$/
const crlf = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')

/** The lines of a head, and where its end is. */
function headAt(bytes: Buffer, start: number): { lines: string[]; next: number } {
  const end = bytes.indexOf(headEnd, start)
  if (end < 0)
    throw new Fault(`a head without end: ${JSON.stringify(bytes.toString('latin1', start, start + 80))}`)
  return { lines: bytes.toString('latin1', start, end).split('\r\n'), next: end + headEnd.length }
}

function headersIn(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    if (colon < 0 || !token.test(name)) throw new Fault(`no header: ${JSON.stringify(line.slice(0, 80))}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these may not occur
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
      throw new Fault(`a control character in the header ${name}`)
    headers.set(name, [...(headers.get(name) ?? []), value])
  }
  return headers
}

function chunkedBody(bytes: Buffer, start: number): { body: Buffer; next: number } {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf(crlf, at)
    const size = lineEnd < 0 ? '' : bytes.toString('latin1', at, lineEnd)
    if (!/^[\da-f]{1,8}$/i.test(size))
      throw new Fault(`a chunk that is cut: ${JSON.stringify(size.slice(0, 40))}`)
    const from = lineEnd + crlf.length
    const to = from + Number.parseInt(size, 16)
    if (!bytes.subarray(to, to + crlf.length).equals(crlf)) throw new Fault('a chunk without its end')
    if (to === from) return { body: Buffer.concat(parts), next: to + crlf.length }
    parts.push(bytes.subarray(from, to))
    at = to + crlf.length
  }
}

function bodyOf(
  bytes: Buffer,
  start: number,
  headers: ReadonlyMap<string, readonly string[]>,
): { body: Buffer; next: number; isToEnd?: true } {
  const [lengths = [], encodings = []] = [headers.get('content-length'), headers.get('transfer-encoding')]
  if (lengths.length + encodings.length > 1) throw new Fault('a length that is told twice')
  if (encodings.length > 0) {
    if (encodings[0] !== 'chunked') throw new Fault(`Transfer-Encoding: ${encodings[0]}`)
    return chunkedBody(bytes, start)
  }
  const [length] = lengths
  if (length === undefined) return { body: bytes.subarray(start), next: bytes.length, isToEnd: true }
  const next = start + Number(length)
  if (!/^\d+$/.test(length) || next > bytes.length)
    throw new Fault(`a body of ${bytes.length - start} bytes instead of ${length}`)
  return { body: bytes.subarray(start, next), next }
}

function readOne(bytes: Buffer, start: number, isBodyless: boolean): { response: Response; next: number } {
  const interim: number[] = []
  for (let at = start; ; ) {
    const { lines, next } = headAt(bytes, at)
    const [, digits] = /^HTTP\/1\.1 ([1-5]\d\d) [\t -~]*$/.exec(lines[0] ?? '') ?? []
    if (digits === undefined) throw new Fault(`no status line: ${JSON.stringify(lines[0]?.slice(0, 80))}`)
    const status = Number(digits)
    const headers = headersIn(lines.slice(1))
    if (status < 200) {
      interim.push(status)
      at = next
      continue
    }
    const none = { body: Buffer.alloc(0), next }
    const read = isBodyless || status === 204 || status === 304 ? none : bodyOf(bytes, next, headers)
    const closes = (headers.get('connection') ?? []).some((value) => /\bclose\b/i.test(value))
    return {
      response: { status, headers, body: read.body, closes: closes || 'isToEnd' in read, interim },
      next: read.next,
    }
  }
}

/** Reads all that a server sent on a connection until its end. */
export function readResponses(bytes: Buffer, isBodyless: IsBodyless): Reading {
  const responses: Response[] = []
  try {
    for (let at = 0; at < bytes.length; ) {
      const { response, next } = readOne(bytes, at, isBodyless(responses.length))
      responses.push(response)
      at = next
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { responses, fault: error.message }
  }
  return { responses }
}
