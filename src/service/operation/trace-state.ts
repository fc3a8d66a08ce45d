// `tracestate` of W3C Trace Context (https://www.w3.org/TR/trace-context/#tracestate-header): what tracing systems pass
// on among themselves. It is kept as it came, or dropped as a whole.

/** A receiver must pass on at least this much, and may drop what is longer. */
const maxLength = 512
const maxMembers = 32

const simpleKey = '[a-z][a-z0-9_\\-*/]{0,255}'
/** A key of a system that several tenants share. */
const tenantKey = '[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13}'
/** Printable ASCII without comma and equals sign; its last character is no blank. */
const value = '[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]'
const member = new RegExp(`^(${simpleKey}|${tenantKey})=${value}$`)

const blanksAround = /^[ \t]+|[ \t]+$/g

/** The state, without blanks between its members; undefined if there is none, or if it breaks the grammar. */
export function parseTraceState(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxLength) return undefined
  // Empty members are allowed.
  const members = text
    .split(',')
    .map((part) => part.replace(blanksAround, ''))
    .filter((part) => part !== '')
  const keys = new Set(members.map((part) => member.exec(part)?.[1]))
  // Each key may come once.
  if (keys.has(undefined) || keys.size < members.length || members.length > maxMembers) return undefined
  return members.length === 0 ? undefined : members.join(',')
}
