import { htmlEntities } from './html-entities.ts'

/**
 * Stands at both sides of a blank that is written as a reference, since that is no layout. The character is for
 * internal use (Unicode, 23.7): where a text has it, it is replaced.
 */
export const blankGuard = '\ufdd0'

/** Characters that XML forbids (https://www.w3.org/TR/xml/#charsets). Decoders leave no half surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufdd0\ufffe\uffff]/g

const reference = /&(?:#x([0-9a-f]{1,32})|#(\d{1,32})|([a-z][a-z0-9]{1,31}));|&|\]\]>/gi

/** A text that may go on in the next slice: a reference, the end of CDATA, or markup. */
const unfinished = /(?:&[#\w]{0,40}|\]{1,2}|<)$/

const plainReference = /&(?:amp|lt|gt|quot|apos);/y

/**
 * True for the second character of `<?` or `<!`. It is looked for alone, since it is seldom in an answer and is found
 * fast.
 */
const isMarkup = (slice: string, at: number): boolean => slice.charAt(at - 1) === '<'

/** True if every reference in a slice is one that XML knows, and nothing in it is an instruction. */
function isPlain(slice: string): boolean {
  if (slice.endsWith('<') || slice.endsWith(']') || slice.includes(blankGuard)) return false
  for (let at = slice.indexOf('&'); at >= 0; at = slice.indexOf('&', at + 1)) {
    plainReference.lastIndex = at
    if (!plainReference.test(slice)) return false
  }
  for (let at = slice.indexOf('?'); at >= 0; at = slice.indexOf('?', at + 1))
    if (isMarkup(slice, at)) return false
  return true
}

/** The length of the beginning that is passed on as it is: all of most slices of Qualys' answers, or nothing. */
function plainLength(slice: string): number {
  if (!isPlain(slice)) return 0
  let end = slice.indexOf(']]>')
  for (let at = slice.indexOf('!'); at >= 0; at = slice.indexOf('!', at + 1)) {
    if (!isMarkup(slice, at)) continue
    // A comment or a doctype, or the end of CDATA without a start, which is escaped.
    if (!slice.startsWith('<![CDATA[', at - 1) || (end >= 0 && end < at)) return 0
    // CDATA that is open goes on in the next slice.
    if (end < 0) return at - 1
    at = end
    end = slice.indexOf(']]>', end + 3)
  }
  return end < 0 ? slice.length : 0
}

const xmlEntities = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])

function numericReference(code: number): string {
  const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0'
  if (/\p{Cs}/u.test(character) || character.search(forbidden) >= 0) return '\ufffd'
  return /\s/.test(character) ? `${blankGuard}&#${code};${blankGuard}` : `&#${code};`
}

/** Escapes each `&` that begins no reference, and resolves those that XML does not know. */
const withKnownReferences = (text: string): string =>
  text.replace(reference, (whole: string, hex?: string, decimal?: string, name?: string) => {
    if (whole === ']]>') return ']]&gt;'
    if (hex !== undefined) return numericReference(Number.parseInt(hex, 16))
    if (decimal !== undefined) return numericReference(Number(decimal))
    if (name === undefined) return '&amp;'
    if (xmlEntities.has(name)) return whole
    const character = htmlEntities.get(name)
    return character === undefined ? `&amp;${name};` : numericReference(character.codePointAt(0) ?? 0)
  })

/** A part of the text between two marks. A comment or an instruction is passed on as an empty comment. */
interface Section {
  readonly start: string
  readonly end: string
  readonly isKept: boolean
}

const sections: readonly Section[] = [
  { start: '<!--', end: '-->', isKept: false },
  { start: '<?', end: '?>', isKept: false },
  { start: '<![CDATA[', end: ']]>', isKept: true },
]

const maxStartLength = '<![CDATA['.length

/** Long enough for a doctype that only names a DTD, and for no other. */
const maxDoctypeLength = 1_000

/**
 * Makes XML as Qualys sends it well-formed where that changes no meaning, slice by slice: what stands before
 * the first element is left out, forbidden characters become U+FFFD, and a bare `&` is escaped. Throws at a
 * doctype that could define an entity.
 */
export class XmlFilter {
  /** What is not passed on yet. */
  #rest = ''
  #section: Section | undefined
  #isBeforeRoot = true
  readonly #checksCharacters: boolean
  /** True if what is left of the slice after a section, or before the root, may be passed on as it is. */
  #mayBePlain = false
  #hasGuards = false

  /** Without `checksCharacters` most forbidden characters are passed on: a parser throws at them. */
  constructor({ checksCharacters }: { readonly checksCharacters: boolean }) {
    this.#checksCharacters = checksCharacters
  }

  /** True if blank guards were passed on. */
  get hasGuards(): boolean {
    return this.#hasGuards
  }

  /** What can be passed on after this slice. */
  write(slice: string): string {
    const isBetween = this.#rest === '' && !this.#section && !this.#isBeforeRoot
    const mayBePlain = isBetween && !(this.#checksCharacters && slice.search(forbidden) >= 0)
    const plain = mayBePlain ? plainLength(slice) : 0
    if (plain === slice.length) return slice
    const rest = slice.slice(plain)
    const mayBeForbidden = this.#checksCharacters || rest.includes(blankGuard)
    this.#rest += mayBeForbidden ? rest.replace(forbidden, '\ufffd') : rest
    this.#mayBePlain = !isBetween
    return slice.slice(0, plain) + this.#pass(false)
  }

  /** What is left after the last slice. */
  end(): string {
    return this.#pass(true)
  }

  #pass(isLast: boolean): string {
    let passed = ''
    for (;;) {
      const before = this.#rest.length
      passed += this.#section ? this.#inSection(this.#section) : this.#outside(isLast)
      if (this.#rest.length < before) continue
      this.#hasGuards ||= passed.includes(blankGuard)
      return passed
    }
  }

  /** Removes the first characters from the rest. */
  #take(length: number): string {
    const taken = this.#rest.slice(0, length)
    this.#rest = this.#rest.slice(length)
    return taken
  }

  #inSection({ end, isKept }: Section): string {
    const at = this.#rest.indexOf(end)
    // The last characters may begin the end of the section.
    const text = this.#take(at < 0 ? Math.max(0, this.#rest.length - (end.length - 1)) : at)
    if (at >= 0) this.#section = undefined
    const close = at < 0 ? '' : this.#take(end.length)
    if (isKept) return text + close
    return at < 0 ? '' : '-->'
  }

  #outside(isLast: boolean): string {
    if (this.#isBeforeRoot) {
      const start = this.#rest.indexOf('<')
      this.#take(start < 0 ? this.#rest.length : start)
      this.#isBeforeRoot = /^(?:<[!?]|.?$)/s.test(this.#rest)
      if (this.#rest.length < 2) return ''
    }
    if (this.#mayBePlain && !this.#isBeforeRoot) {
      this.#mayBePlain = false
      const plain = plainLength(this.#rest)
      if (plain > 0) return this.#take(plain)
    }
    const markup = this.#rest.search(/<[!?]/)
    if (markup === 0) return this.#enter(isLast)
    const held = markup > 0 || isLast ? '' : (unfinished.exec(this.#rest)?.[0] ?? '')
    return withKnownReferences(this.#take(markup > 0 ? markup : this.#rest.length - held.length))
  }

  #enter(isLast: boolean): string {
    const section = sections.find(({ start }) => this.#rest.startsWith(start))
    if (section) {
      this.#section = section
      const start = this.#take(section.start.length)
      return section.isKept ? start : '<!--'
    }
    if (this.#isBeforeRoot) {
      // Old parts of Qualys begin with `<!DOCTYPE SIMPLE_RETURN SYSTEM "…">`. It defines nothing and is not fetched.
      const [doctype] = /^<!DOCTYPE\s[^[>]*>/.exec(this.#rest.slice(0, maxDoctypeLength)) ?? []
      if (doctype !== undefined) {
        this.#take(doctype.length)
        return ''
      }
    }
    const needed = this.#isBeforeRoot ? maxDoctypeLength : maxStartLength
    // Markup that the end of the text cuts is not passed on: the document has no end.
    if (isLast && !this.#rest.includes('>')) return ''
    if (isLast || this.#rest.length >= needed) throw new Error('a DTD')
    return ''
  }
}
