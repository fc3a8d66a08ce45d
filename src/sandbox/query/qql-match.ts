import type { Comparison, Expression, Value } from './qql.ts'

/**
 * What a filter token reads, and how its values compare. text: by words; word: ids and enumerations, whole
 * and in any case; number, date, boolean: by value.
 */
export interface Token<Row> {
  type: 'text' | 'word' | 'number' | 'date' | 'boolean'
  /** documented: a page or a sample filters these rows by it. The others are listed in invented.ts. */
  evidence: 'documented' | 'invented'
  read(row: Row): Scalar | readonly Scalar[]
}

type Scalar = string | number | boolean | undefined
export type TokenTable<Row> = Readonly<Record<string, Token<Row>>>

export interface MatchOptions {
  unknownToken: 'reject' | 'nothing' | 'ignore'
  /** The meaning of `now`, in milliseconds. */
  now: number
}

type Test<Item> = (item: Item) => boolean

/** A filter with valid syntax that cannot be evaluated: an unknown token, an invalid number. */
export class FilterProblem extends Error {}

/** Compiles a filter into a test of rows. Throws a FilterProblem. */
export function compileQql<Row>(
  expression: Expression,
  tokens: TokenTable<Row>,
  options: MatchOptions,
): Test<Row> {
  const compile = (node: Expression): Test<Row> | undefined => {
    switch (node.kind) {
      case 'and':
      case 'or': {
        const tests = node.parts.map(compile).filter((test) => test !== undefined)
        if (tests.length === 0) return undefined
        return node.kind === 'and'
          ? (row) => tests.every((test) => test(row))
          : (row) => tests.some((test) => test(row))
      }
      case 'not': {
        const test = compile(node.part)
        return test && ((row) => !test(row))
      }
      case 'any':
        return anywhere(tokens, node.value)
      default:
        return clause(node)
    }
  }
  /** undefined: the clause counts as absent. */
  const clause = (node: Extract<Expression, { token: string }>): Test<Row> | undefined => {
    const token = Object.hasOwn(tokens, node.token) ? tokens[node.token] : undefined
    if (token) {
      const accepts = valueTest(node, token.type, options.now)
      return (row) => scalars(token.read(row)).some(accepts)
    }
    if (options.unknownToken === 'reject') throw new FilterProblem(`unknown token ${node.token}`)
    return options.unknownToken === 'nothing' ? () => false : undefined
  }
  return compile(expression) ?? (() => true)
}

/** The tokens that a filter names. */
export function tokensIn(expression: Expression): string[] {
  if ('token' in expression) return [expression.token]
  if (expression.kind === 'not') return tokensIn(expression.part)
  return expression.kind === 'any' ? [] : expression.parts.flatMap(tokensIn)
}

function scalars(value: Scalar | readonly Scalar[]): readonly Scalar[] {
  return Array.isArray(value) ? value : [value as Scalar]
}

/** Tests for a bare value: some field contains all of its words. */
function anywhere<Row>(tokens: TokenTable<Row>, value: Value): Test<Row> {
  const holds = textTest(value)
  const searched = Object.values(tokens).filter((token) => token.type === 'text' || token.type === 'word')
  return (row) => searched.some((token) => scalars(token.read(row)).some(holds))
}

type Clause = Extract<Expression, { token: string }>

function valueTest(node: Clause, type: Token<unknown>['type'], now: number): Test<Scalar> {
  switch (node.kind) {
    case 'is':
      return equalTest(node.value, type, node.token, now)
    case 'in': {
      if (type === 'word' && !node.values.some(({ text }) => text.endsWith('*'))) {
        const wanted = new Set(node.values.map(({ text }) => text.toLowerCase()))
        return (actual) => actual !== undefined && wanted.has(String(actual).toLowerCase())
      }
      const tests = node.values.map((value) => equalTest(value, type, node.token, now))
      return (actual) => tests.some((test) => test(actual))
    }
    case 'compare':
      if (node.comparison === '=') return equalTest(node.value, type, node.token, now)
      return orderTest(node.comparison, span(node.value, type, node.token, now))
    case 'range': {
      const from = orderTest(node.inclusive ? '>=' : '>', span(node.from, type, node.token, now))
      const to = orderTest(node.inclusive ? '<=' : '<', span(node.to, type, node.token, now))
      return (actual) => from(actual) && to(actual)
    }
  }
}

function equalTest(value: Value, type: Token<unknown>['type'], token: string, now: number): Test<Scalar> {
  if (value.quoting === 'plain' && value.text === '*')
    return (actual) => actual !== undefined && actual !== ''
  switch (type) {
    case 'text':
      return textTest(value)
    case 'word': {
      const wanted = value.text.toLowerCase()
      if (value.quoting === 'plain' && wanted.endsWith('*')) {
        const start = wanted.slice(0, -1)
        return (actual) => actual !== undefined && String(actual).toLowerCase().startsWith(start)
      }
      return (actual) => actual !== undefined && String(actual).toLowerCase() === wanted
    }
    case 'boolean': {
      if (!/^(true|false)$/i.test(value.text)) throw new FilterProblem(`${token} is true or false`)
      const wanted = value.text.toLowerCase() === 'true'
      return (actual) => actual === wanted
    }
    case 'number':
    case 'date': {
      const { from, to } = span(value, type, token, now)
      return (actual) => typeof actual === 'number' && actual >= from && actual <= to
    }
  }
}

function textTest({ text, quoting }: Value): Test<Scalar> {
  if (quoting === 'exact') return (actual) => actual !== undefined && String(actual) === text
  const prefix = quoting === 'plain' && text.endsWith('*')
  const wanted = wordsOf(text)
  if (wanted.length === 0) return () => false
  const last = wanted.length - 1
  const fits = (word: string, index: number) =>
    word === wanted[index] || (prefix && index === last && word.startsWith(wanted[last] as string))
  if (quoting === 'phrase' || prefix) {
    return (actual) => {
      const words = wordsOf(actual)
      return words.some((_, start) =>
        wanted.every(
          (_, index) => start + index < words.length && fits(words[start + index] as string, index),
        ),
      )
    }
  }
  return (actual) => {
    const words = new Set(wordsOf(actual))
    return wanted.every((word) => words.has(word))
  }
}

function wordsOf(value: Scalar): string[] {
  return value === undefined
    ? []
    : (String(value)
        .toLowerCase()
        .match(/[\p{L}\p{N}_]+/gu) ?? [])
}

interface Span {
  from: number
  to: number
}

function orderTest(comparison: Exclude<Comparison, '='>, { from, to }: Span): Test<Scalar> {
  const compare: Record<typeof comparison, Test<number>> = {
    '>': (actual) => actual > to,
    '>=': (actual) => actual >= from,
    '<': (actual) => actual < from,
    '<=': (actual) => actual <= to,
  }
  return (actual) => typeof actual === 'number' && compare[comparison](actual)
}

const unitMs: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }

/** The range of instants or numbers of a value: a date without a time is the whole day. */
function span(value: Value, type: Token<unknown>['type'], token: string, now: number): Span {
  const text = value.text.trim()
  if (type === 'number' || (type === 'date' && /^\d{5,}$/.test(text))) {
    const number = Number(text)
    if (text === '' || !Number.isFinite(number)) throw new FilterProblem(`${token} is a number, not ${text}`)
    return { from: number, to: number }
  }
  if (type !== 'date') throw new FilterProblem(`${token} takes no comparison`)
  const relative = /^now(?:\s*([+-])\s*(\d{1,9})([smhdw]))?$/i.exec(text)
  if (relative) {
    const distance = Number(relative[2] ?? 0) * (unitMs[relative[3]?.toLowerCase() ?? 's'] as number)
    const instant = relative[1] === '+' ? now + distance : now - distance
    return { from: instant, to: instant }
  }
  const instant = readInstant(text)
  if (instant === undefined) throw new FilterProblem(`${token} is a date, not ${text}`)
  return { from: instant, to: text.length === 10 ? instant + 86_399_999 : instant }
}

/** Parses an ISO 8601 date, or date and time, with Z, +00:00 or +0000; undefined if it is invalid. */
export function readInstant(text: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  )
  if (!parts) return undefined
  const zone = (parts[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const instant = Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}${zone}`)
  const day = Date.parse(`${parts[1]}T00:00Z`)
  // Date.parse reads the 31st of February as the 3rd of March.
  const real = !Number.isNaN(day) && new Date(day).toISOString().startsWith(parts[1] as string)
  return real && !Number.isNaN(instant) ? instant : undefined
}
