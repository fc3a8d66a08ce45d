/**
 * Parses QQL, the language of CAR's `filter`, as far as its pages describe it (components_of_a_qql_query.htm,
 * qql_best_practices.htm, and the samples of other modules): text to syntax tree. Undocumented parts are
 * listed in assumptions/car.ts.
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

export class QqlSyntaxError extends Error {
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

/** Parses a filter. Throws a QqlSyntaxError that names the position (from 1). */
export function parseQql(filter: string): Expression {
  if (filter.length > maxLength)
    throw new QqlSyntaxError(`longer than ${maxLength} characters`, maxLength + 1)
  return new Parser(filter).parse()
}

class Parser {
  readonly #text: string
  #position = 0
  #nesting = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Expression {
    const expression = this.#parseOr()
    if (this.#position < this.#text.length) throw this.#error(`unexpected ${this.#excerpt()}`)
    return expression
  }

  #parseOr(): Expression {
    const parts = [this.#parseAnd()]
    while (this.#takeKeyword('OR')) parts.push(this.#parseAnd())
    return combine('or', parts)
  }

  #parseAnd(): Expression {
    const parts = [this.#parseTerm()]
    // `a NOT b` means `a AND NOT b`.
    while (this.#takeKeyword('AND') || this.#isKeyword('NOT')) parts.push(this.#parseTerm())
    return combine('and', parts)
  }

  #parseTerm(): Expression {
    if (++this.#nesting > maxNesting) throw this.#error(`nested deeper than ${maxNesting}`)
    try {
      if (this.#takeKeyword('NOT')) return { kind: 'not', part: this.#parseTerm() }
      if (this.#takeCharacter('(')) return this.#expectBracket(this.#parseOr(), ')')
      return this.#parseClause() ?? { kind: 'any', value: this.#parseValue('a clause') }
    } finally {
      this.#nesting--
    }
  }

  #parseClause(): Expression | undefined {
    const head = this.#match(clauseHead)
    if (!head) return undefined
    const token = head[1] as string
    const comparison = head[2] as Comparison | undefined
    const value = () => this.#parseValue(`a value after ${token}`)
    if (comparison) return { kind: 'compare', token, comparison, value: value() }
    if (this.#takeCharacter('[')) return this.#parseBracket(token)
    if (this.#takeCharacter('('))
      return this.#expectBracket(this.#parseRange(token, this.#parseItem(token), false), ')')
    return { kind: 'is', token, value: value() }
  }

  #parseBracket(token: string): Expression {
    const first = this.#parseItem(token)
    if (this.#isAt(dots)) return this.#expectBracket(this.#parseRange(token, first, true), ']')
    const values = [first]
    while (this.#takeCharacter(',')) values.push(this.#parseItem(token))
    return this.#expectBracket({ kind: 'in', token, values }, ']')
  }

  #parseRange(token: string, from: Value, inclusive: boolean): Expression {
    if (!this.#match(dots)) throw this.#error(`expected .. in the range of ${token}`)
    return { kind: 'range', token, from, to: this.#parseItem(token), inclusive }
  }

  #parseItem(token: string): Value {
    const quoted = this.#parseQuoted()
    if (quoted) return quoted
    const text = this.#match(item)?.[0].trim()
    if (!text) throw this.#error(`expected a value for ${token}`)
    return { text, quoting: 'plain' }
  }

  /** A quoted value, or words up to the next AND, OR, NOT or `)`. */
  #parseValue(expected: string): Value {
    const quoted = this.#parseQuoted()
    if (quoted) return quoted
    const start = this.#position
    let end = start
    while (!this.#isKeyword('AND') && !this.#isKeyword('OR') && !this.#isKeyword('NOT') && this.#match(word))
      end = this.#position
    this.#position = end
    const text = this.#text.slice(start, end).trim()
    if (text === '') throw this.#error(`expected ${expected}`)
    this.#match(blank)
    if (this.#text[this.#position] === '(') throw this.#error('a value with parentheses needs quotes')
    return { text, quoting: 'plain' }
  }

  #parseQuoted(): Value | undefined {
    this.#match(blank)
    const quote = this.#text[this.#position] ?? ''
    const quoting = quotes[quote]
    if (!quoting) return undefined
    const end = this.#text.indexOf(quote, this.#position + 1)
    if (end < 0) throw this.#error(`${quote} is never closed`)
    const text = this.#text.slice(this.#position + 1, end)
    this.#position = end + 1
    this.#match(blank)
    return { text, quoting }
  }

  #expectBracket(expression: Expression, bracket: string): Expression {
    if (!this.#takeCharacter(bracket)) throw this.#error(`expected ${bracket}`)
    return expression
  }

  #takeCharacter(character: string): boolean {
    this.#match(blank)
    if (this.#text[this.#position] !== character) return false
    this.#position++
    this.#match(blank)
    return true
  }

  #takeKeyword(name: string): boolean {
    if (!this.#isKeyword(name)) return false
    this.#match(blank)
    this.#position += name.length
    this.#match(blank)
    return true
  }

  #isKeyword(name: string): boolean {
    const start = this.#position
    this.#match(blank)
    const matches = this.#match(keyword)?.[1]?.toUpperCase() === name
    this.#position = start
    return matches
  }

  #isAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#position
    return pattern.test(this.#text)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    if (pattern !== blank) this.#match(blank)
    pattern.lastIndex = this.#position
    const match = pattern.exec(this.#text)
    if (match) this.#position = pattern.lastIndex
    return match
  }

  #excerpt(): string {
    return this.#position < this.#text.length
      ? `'${this.#text.slice(this.#position, this.#position + 12)}'`
      : 'end'
  }

  #error(message: string): QqlSyntaxError {
    return new QqlSyntaxError(message, this.#position + 1)
  }
}

function combine(kind: 'and' | 'or', parts: Expression[]): Expression {
  const [first, ...others] = parts
  return first && others.length === 0 ? first : { kind, parts }
}
