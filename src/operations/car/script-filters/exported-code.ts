import { StoredText } from '../../stored-text.ts'

type Row = Readonly<Record<string, unknown>>

/** A record may have an id of its own besides that of its script. */
const idNames = ['scriptId', 'id']
const contentNames = ['content', 'scriptContent']

/** The records may be in a list, an envelope, or both. */
const maxDepth = 8

/** What stands for code that is not shown: nothing, a row of one sign, or a word for it. */
const masks = /^(?:[\s*•●·.#xX-]*|\W*(?:masked|hidden|redacted|protected)\W*)$/i

/** A text so short may be a mask, or words that look like base64; a longer one is neither. */
const maxShort = 200

/** The code in the content of a record; undefined if it shows none. What is no base64 is text as it is. */
export function codeIn(content: unknown): string | undefined {
  if (content instanceof StoredText) return codeIn(content.text)
  if (typeof content !== 'string') return undefined
  return content.length <= maxShort && masks.test(content) ? undefined : content
}

/** Base64; a long text also where it is that of URLs, or without its padding. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const longBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/

const maxLooked = 2_000
const maxUnreadable = 0.05
const minAscii = 0.75

/** The share of a text that a pattern matches. */
const shareOf = (text: string, pattern: RegExp): number =>
  text === '' ? 0 : (text.match(pattern)?.length ?? 0) / text.length

/** False for what is packed once more, or was no base64: its bytes are no text. */
function isReadable({ isExact, text, encoding }: StoredText): boolean {
  if (isExact) return true
  const head = text.slice(0, maxLooked)
  const unreadable = shareOf(head, /(?!\s)[\p{Cc}\ufffd]/gu)
  // Any bytes are windows-1252.
  const isText = encoding !== 'windows-1252' || shareOf(head, /[\t\n\r -~]/g) >= minAscii
  return isText && unreadable <= maxUnreadable
}

/** The code in content as Qualys sends it: base64, or the text itself. */
export function decodedCode(content: string): string | undefined {
  if (codeIn(content) === undefined) return undefined
  const packed = content.replace(/\s/g, '')
  const isShort = content.length <= maxShort
  if (!(isShort ? base64 : longBase64).test(packed)) return content
  const stored = new StoredText(Buffer.from(packed, 'base64'))
  if (isReadable(stored)) return codeIn(stored)
  // A few words of letters alone look like base64; a long text does not.
  return isShort ? content : undefined
}

/**
 * The contents of scripts in an export, by id, wherever its records are: no page shows its form. A script with several
 * contents, such as versions, is left out: nothing says which one is stored.
 */
export function contentsIn(json: unknown, ids: readonly string[]): ReadonlyMap<string, string> {
  const contents = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]))
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > maxDepth) return
    if (!Array.isArray(value)) addContent(value as Row, contents)
    for (const part of Object.values(value)) visit(part, depth + 1)
  }
  visit(json, 0)
  return new Map(
    [...contents].flatMap(([id, [content, ...others]]) =>
      content === undefined || others.length > 0 ? [] : [[id, content] as const],
    ),
  )
}

/** Adds the content of a record, if it is that of a script that was asked for. */
function addContent(record: Row, contents: ReadonlyMap<string, Set<string>>): void {
  const own = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined)
  const ofScript = idNames.map((name) => contents.get(String(own(name)))).find((set) => set !== undefined)
  const content = contentNames.map(own).find((text) => typeof text === 'string')
  if (typeof content === 'string') ofScript?.add(content)
}
