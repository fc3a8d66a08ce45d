import type { Reply } from './reply.ts'

// Ids beyond 2^53, for the knob longIds: added to on the way out, and taken away on the way in. This file writes its
// own JSON, since JSON.stringify takes no bigint.

const offset = 2n ** 60n

const isIdName = (name: string): boolean => /^ids?$|Ids?$/.test(name)

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number stays a number, and a numeric text a text. */
function lengthened(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value) + offset
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? String(BigInt(value) + offset) : value
}

/** The sort values of a row; the one that is its id is as long as its id. */
function sortValuesOf(values: readonly unknown[], row: Json): unknown[] {
  const { id } = isObject(row['data']) ? row['data'] : row
  return values.map((value) => (value === id ? lengthened(value) : value))
}

function withLongIds(value: unknown, isId: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => withLongIds(item, isId))
  if (!isObject(value)) return isId ? lengthened(value) : value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'sortValues' && Array.isArray(part)
        ? sortValuesOf(part, value)
        : withLongIds(part, isIdName(name)),
    ]),
  )
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => write(item ?? null)).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, part]) => part !== undefined)
  return `{${members.map(([name, part]) => `${JSON.stringify(name)}:${write(part)}`).join(',')}}`
}

/** The reply with all its ids beyond 2^53. */
export function lengthenIds(reply: Reply): Reply {
  const { content } = reply
  return 'json' in content
    ? { ...reply, content: { text: write(withLongIds(content.json, false)), type: 'application/json' } }
    : reply
}

/** The text of a request with the ids that the data has. Other digits stay, so that a rounded id is unknown. */
export function shortenIds(text: string): string {
  return text.replace(/(?<!\d)\d{19}(?!\d)/g, (digits) => {
    const id = BigInt(digits) - offset
    return id >= 0n && id < 2n ** 53n ? String(id) : digits
  })
}
