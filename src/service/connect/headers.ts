import { isObject, textOrEmpty } from '../../shared/json.ts'

// The headers that repeat parts of a message (MCP 2026-07-28, Streamable HTTP, "Standard Request Headers").

/** The parameter that the header Mcp-Name repeats, by method. */
const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** What a header can hold as it stands; what looks like an encoded value is encoded as well. */
const isPlain = (value: string): boolean =>
  /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value)

const headerValue = (value: string): string =>
  isPlain(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`

/** The headers of a request of 2026-07-28 or later. */
export function standardHeaders(
  { method, params }: { readonly method: string; readonly params?: unknown },
  version: string,
): Readonly<Record<string, string>> {
  const parameter = namedBy.get(method)
  const name = parameter !== undefined && isObject(params) ? params[parameter] : undefined
  return {
    'mcp-protocol-version': headerValue(version),
    'mcp-method': headerValue(textOrEmpty(method)),
    ...(typeof name === 'string' && { 'mcp-name': headerValue(name) }),
  }
}
