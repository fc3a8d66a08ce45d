/** A JSON object, not a list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** By these JavaScript makes a text or a number of an object: as fields, they would make it fail at that. Qualys has none. */
const reserved: readonly string[] = ['toString', 'valueOf']
/** Also as escapes; only a text that has one of these is looked through, which takes twice the time. */
const mayBeReserved = /toString|valueOf|\\u00[67]/

const withoutReserved = (key: string, value: unknown): unknown => (reserved.includes(key) ? undefined : value)

/** The JSON value of a text; undefined where it is none. A byte order mark before it "may be ignored" (RFC 8259, 8.1). */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return mayBeReserved.test(json) ? JSON.parse(json, withoutReserved) : JSON.parse(json)
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
