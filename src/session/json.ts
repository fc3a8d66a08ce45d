/** A JSON object, not a list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as text, as far as it is none of parts: an object may say of itself that it cannot be one. */
export function plainText(value: unknown): string {
  return typeof value === 'object' ? '' : String(value)
}

/** The JSON value of a text; undefined where it is none. A byte order mark before it "may be ignored" (RFC 8259, 8.1). */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The same text for equal values, whatever the order of their members. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}
