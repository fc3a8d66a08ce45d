import { base64 } from '../../fields.ts'
import { StoredText } from '../../stored-text.ts'

const idNames = ['id', 'scriptId']
const contentNames = ['content', 'scriptContent']

/** The records may be in a list, an envelope, or both. */
const maxDepth = 8

const stored = base64((bytes) => new StoredText(bytes))

/** What stands for code that is not shown: nothing, a row of one sign, or a word for it. */
const masks = /^(?:[\s*•●·.#xX-]*|\W*(?:masked|hidden|redacted|protected)\W*)$/i

/** A text so short may be a mask; a longer one is not searched for one. */
const maxMask = 200

/** The code in the content of a record; undefined if it shows none. What is no base64 is text as it is. */
export function codeIn(content: unknown): string | undefined {
  if (content instanceof StoredText) return codeIn(content.text)
  if (typeof content !== 'string') return undefined
  return content.length <= maxMask && masks.test(content) ? undefined : content
}

/** The code in content as Qualys sends it. */
export const decodedCode = (content: string): string | undefined =>
  codeIn(content) === undefined ? undefined : codeIn(stored.safeParse(content).data ?? content)

/** The contents of scripts in an export, by id, wherever its records are: no page shows its form. */
export function contentsIn(json: unknown, ids: readonly string[]): ReadonlyMap<string, string> {
  const wanted = new Set(ids)
  const found = new Map<string, string>()
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > maxDepth || found.size === wanted.size) return
    const record = new Map(Object.entries(value))
    const id = idNames.map((name) => String(record.get(name))).find((text) => wanted.has(text))
    const content = contentNames.map((name) => record.get(name)).find((text) => typeof text === 'string')
    if (id !== undefined && typeof content === 'string' && !found.has(id)) found.set(id, content)
    for (const part of record.values()) visit(part, depth + 1)
  }
  visit(json, 0)
  return found
}
