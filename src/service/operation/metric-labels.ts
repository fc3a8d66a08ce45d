// The values that labels may have. Each set is closed: whatever a caller sends, the number of series stays bounded.

/** Stands for every value outside of a set. */
const other = 'other'

/** The methods of MCP that a client may send, 2024-11-05 to 2026-07-28. */
const methods: ReadonlySet<string> = new Set([
  'completion/complete',
  'initialize',
  'logging/setLevel',
  'notifications/cancelled',
  'notifications/initialized',
  'notifications/progress',
  'notifications/roots/list_changed',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'server/discover',
  'subscriptions/listen',
  'tools/call',
  'tools/list',
])

/** How an operation may end: `ok`, a question to a person, or the kind of its error. */
const outcomes: ReadonlySet<string> = new Set([
  'ok',
  'asked',
  'cancelled',
  'input',
  'setup',
  'busy',
  'vendor',
  'drift',
  'unclear',
  'declined',
  'bug',
  'error',
])

/** What the service serves. */
export type Route = 'mcp' | 'healthz' | 'readyz' | 'metrics' | 'metadata' | 'page' | 'other'

/** The check that refused a request or a connection (design 12, in its order). */
export type RefusalReason =
  | 'connections'
  | 'proxy'
  | 'host'
  | 'origin'
  | 'path'
  | 'method'
  | 'size'
  | 'slowed'
  | 'caller'
  | 'role'
  | 'rate'
  | 'media type'
  | 'body'
  | 'draining'

/** What a request to Qualys is for. */
export type UpstreamProduct = 'car' | 'saq' | 'login'

/** How a login at Qualys ends; `refused` is about the credentials, `failed` about all else. */
export type LoginOutcome = 'ok' | 'refused' | 'failed'

/** The method, if MCP has it; otherwise `other`. */
export const methodLabel = (method: string): string => (methods.has(method) ? method : other)

/** The tool, if the server lists it; otherwise `other`. Empty, which means absent, without a tool. */
export function toolLabel(tool: string | undefined, tools: ReadonlySet<string>): string {
  if (tool === undefined) return ''
  return tools.has(tool) ? tool : other
}

/** The outcome, if it is one of ours; otherwise `error`. */
export const outcomeLabel = (outcome: string): string => (outcomes.has(outcome) ? outcome : 'error')

/** The class of a status: `2xx` for 204. `none` if there was no answer. */
export function statusLabel(status: number | undefined): string {
  if (status === undefined) return 'none'
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : other
}
