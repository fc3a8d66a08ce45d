/**
 * Parses QQL, the language of CAR's `filter`, as far as its pages describe it (components_of_a_qql_query.htm,
 * qql_best_practices.htm, and the samples of other modules): text to syntax tree. Undocumented parts are
 * listed in invented.ts.
 */

/** plain: words; phrase: "words next to one another"; exact: `the whole value`, or 'the whole value'. */
export interface Value {
  text: string
  quoting: 'plain' | 'phrase' | 'exact'
}

export type Comparison = '>' | '>=' | '<' | '<=' | '='

export type Expression =
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'any'; value: Value }
  | { kind: 'is'; token: string; value: Value }
  | { kind: 'in'; token: string; values: Value[] }
  | { kind: 'compare'; token: string; comparison: Comparison; value: Value }
  | { kind: 'range'; token: string; from: Value; to: Value; inclusive: boolean }

export class SyntaxProblem extends Error {
  constructor(message: string, position: number) {
    super(`${message} at position ${position}`)
  }
}

const maxLength = 4_000
const maxNesting = 40

const blank = /\s*/y
const keyword = /(AND|OR|NOT)(?=[\s()]|$)/iy
const clauseHead = /([A-Za-z_][\w.-]*)(?:\s*(>=|<=|>|<|=)|\s*:)\s*/y
/** One word of an unquoted value; `)` belongs to the surrounding group. */
const word = /[^\s()]+/y
/** A value in brackets, up to the separator before the next. */
const item = /(?:(?!\.\.|[,[\]()]).)+/suy
const dots = /\s*\.{2,3}\s*/y
const quotes: Readonly<Record<string, Value['quoting']>> = { '"': 'phrase', '`': 'exact', "'": 'exact' }

/** Parses a filter. Throws a SyntaxProblem that names the position (from 1). */
export function parseQql(filter: string): Expression {
  if (filter.length > maxLength) throw new SyntaxProblem(`longer than ${maxLength} characters`, maxLength + 1)
  return new Parser(filter).whole()
}

class Parser {
  readonly #text: string
  #at = 0
  #nesting = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Expression {
    const expression = this.#either()
    if (this.#at < this.#text.length) throw this.#problem(`unexpected ${this.#here()}`)
    return expression
  }

  #either(): Expression {
    const parts = [this.#both()]
    while (this.#skip('OR')) parts.push(this.#both())
    return joined('or', parts)
  }

  #both(): Expression {
    const parts = [this.#one()]
    // `a NOT b` means `a AND NOT b`.
    while (this.#skip('AND') || this.#peek('NOT')) parts.push(this.#one())
    return joined('and', parts)
  }

  #one(): Expression {
    if (++this.#nesting > maxNesting) throw this.#problem(`nested deeper than ${maxNesting}`)
    try {
      if (this.#skip('NOT')) return { kind: 'not', part: this.#one() }
      if (this.#take('(')) return this.#closed(this.#either(), ')')
      return this.#clause() ?? { kind: 'any', value: this.#value('a clause') }
    } finally {
      this.#nesting--
    }
  }

  #clause(): Expression | undefined {
    const head = this.#match(clauseHead)
    if (!head) return undefined
    const token = head[1] as string
    const comparison = head[2] as Comparison | undefined
    const value = () => this.#value(`a value after ${token}`)
    if (comparison) return { kind: 'compare', token, comparison, value: value() }
    if (this.#take('[')) return this.#bracket(token)
    if (this.#take('(')) return this.#closed(this.#range(token, this.#item(token), false), ')')
    return { kind: 'is', token, value: value() }
  }

  #bracket(token: string): Expression {
    const first = this.#item(token)
    if (this.#sees(dots)) return this.#closed(this.#range(token, first, true), ']')
    const values = [first]
    while (this.#take(',')) values.push(this.#item(token))
    return this.#closed({ kind: 'in', token, values }, ']')
  }

  #range(token: string, from: Value, inclusive: boolean): Expression {
    if (!this.#match(dots)) throw this.#problem(`expected .. in the range of ${token}`)
    return { kind: 'range', token, from, to: this.#item(token), inclusive }
  }

  #item(token: string): Value {
    const quoted = this.#quoted()
    if (quoted) return quoted
    const text = this.#match(item)?.[0].trim()
    if (!text) throw this.#problem(`expected a value for ${token}`)
    return { text, quoting: 'plain' }
  }

  /** A quoted value, or words up to the next AND, OR, NOT or `)`. */
  #value(expected: string): Value {
    const quoted = this.#quoted()
    if (quoted) return quoted
    const start = this.#at
    let end = start
    while (!this.#peek('AND') && !this.#peek('OR') && !this.#peek('NOT') && this.#match(word)) end = this.#at
    this.#at = end
    const text = this.#text.slice(start, end).trim()
    if (text === '') throw this.#problem(`expected ${expected}`)
    this.#match(blank)
    if (this.#text[this.#at] === '(') throw this.#problem('a value with parentheses needs quotes')
    return { text, quoting: 'plain' }
  }

  #quoted(): Value | undefined {
    this.#match(blank)
    const quote = this.#text[this.#at] ?? ''
    const quoting = quotes[quote]
    if (!quoting) return undefined
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw this.#problem(`${quote} is never closed`)
    const text = this.#text.slice(this.#at + 1, end)
    this.#at = end + 1
    this.#match(blank)
    return { text, quoting }
  }

  #closed(expression: Expression, bracket: string): Expression {
    if (!this.#take(bracket)) throw this.#problem(`expected ${bracket}`)
    return expression
  }

  #take(character: string): boolean {
    this.#match(blank)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#match(blank)
    return true
  }

  #skip(name: string): boolean {
    if (!this.#peek(name)) return false
    this.#match(blank)
    this.#at += name.length
    this.#match(blank)
    return true
  }

  #peek(name: string): boolean {
    const start = this.#at
    this.#match(blank)
    const found = this.#match(keyword)?.[1]?.toUpperCase() === name
    this.#at = start
    return found
  }

  #sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    return pattern.test(this.#text)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    if (pattern !== blank) this.#match(blank)
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match) this.#at = pattern.lastIndex
    return match
  }

  #here(): string {
    return this.#at < this.#text.length ? `'${this.#text.slice(this.#at, this.#at + 12)}'` : 'end'
  }

  #problem(message: string): SyntaxProblem {
    return new SyntaxProblem(message, this.#at + 1)
  }
}

function joined(kind: 'and' | 'or', parts: Expression[]): Expression {
  const [only, ...others] = parts
  return only && others.length === 0 ? only : { kind, parts }
}
