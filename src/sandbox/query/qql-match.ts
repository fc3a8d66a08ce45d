import type { CarStore } from '../data/car/store.ts'
import type { Comparison, Expression, Value } from './qql.ts'

/**
 * What a filter token reads, and how its values compare. text: by words; word: ids and enumerations, whole
 * and in any case; number, date, boolean: by value.
 */
export interface FilterToken<Row> {
  type: 'text' | 'word' | 'number' | 'date' | 'boolean'
  read(row: Row, store: CarStore): Scalar | readonly Scalar[]
}

type Scalar = string | number | boolean | undefined
export type TokenTable<Row> = Readonly<Record<string, FilterToken<Row>>>

export interface MatchOptions {
  unknownToken: 'reject' | 'nothing' | 'ignore'
  /** The time of `now`, in epoch milliseconds. */
  now: number
  /** What else the tokens are read from. */
  store: CarStore
}

type Predicate<Item> = (item: Item) => boolean

/** A filter with valid syntax that cannot be evaluated: an unknown token, an invalid number. */
export class FilterError extends Error {}

/** Compiles a filter into a predicate of rows. Throws a FilterError. */
export function compileQql<Row>(
  expression: Expression,
  tokens: TokenTable<Row>,
  options: MatchOptions,
): Predicate<Row> {
  const compile = (node: Expression): Predicate<Row> | undefined => {
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
        return bareValuePredicate(tokens, node.value, options.store)
      default:
        return compileClause(node)
    }
  }
  /** undefined: the clause is ignored. */
  const compileClause = (node: Extract<Expression, { token: string }>): Predicate<Row> | undefined => {
    const token = Object.hasOwn(tokens, node.token) ? tokens[node.token] : undefined
    if (token) {
      const accepts = valuePredicate(node, token.type, options.now)
      return (row) => toScalars(token.read(row, options.store)).some(accepts)
    }
    if (options.unknownToken === 'reject') throw new FilterError(`unknown token ${node.token}`)
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

function toScalars(value: Scalar | readonly Scalar[]): readonly Scalar[] {
  return Array.isArray(value) ? value : [value as Scalar]
}

/** The predicate of a bare value: some field contains all of its words. */
function bareValuePredicate<Row>(tokens: TokenTable<Row>, value: Value, store: CarStore): Predicate<Row> {
  const accepts = textPredicate(value)
  const searched = Object.values(tokens).filter((token) => token.type === 'text' || token.type === 'word')
  return (row) => searched.some((token) => toScalars(token.read(row, store)).some(accepts))
}

type Clause = Extract<Expression, { token: string }>

function valuePredicate(node: Clause, type: FilterToken<unknown>['type'], now: number): Predicate<Scalar> {
  switch (node.kind) {
    case 'is':
      return equalPredicate(node.value, type, node.token, now)
    case 'in': {
      if (type === 'word' && !node.values.some(({ text }) => text.endsWith('*'))) {
        const expected = new Set(node.values.map(({ text }) => text.toLowerCase()))
        return (actual) => actual !== undefined && expected.has(String(actual).toLowerCase())
      }
      const tests = node.values.map((value) => equalPredicate(value, type, node.token, now))
      return (actual) => tests.some((test) => test(actual))
    }
    case 'compare':
      if (node.comparison === '=') return equalPredicate(node.value, type, node.token, now)
      return orderPredicate(node.comparison, toSpan(node.value, type, node.token, now))
    case 'range': {
      const from = orderPredicate(node.inclusive ? '>=' : '>', toSpan(node.from, type, node.token, now))
      const to = orderPredicate(node.inclusive ? '<=' : '<', toSpan(node.to, type, node.token, now))
      return (actual) => from(actual) && to(actual)
    }
  }
}

function equalPredicate(
  value: Value,
  type: FilterToken<unknown>['type'],
  token: string,
  now: number,
): Predicate<Scalar> {
  if (value.quoting === 'plain' && value.text === '*')
    return (actual) => actual !== undefined && actual !== ''
  switch (type) {
    case 'text':
      return textPredicate(value)
    case 'word': {
      const expected = value.text.toLowerCase()
      if (value.quoting === 'plain' && expected.endsWith('*')) {
        const start = expected.slice(0, -1)
        return (actual) => actual !== undefined && String(actual).toLowerCase().startsWith(start)
      }
      return (actual) => actual !== undefined && String(actual).toLowerCase() === expected
    }
    case 'boolean': {
      if (!/^(true|false)$/i.test(value.text)) throw new FilterError(`${token} is true or false`)
      const expected = value.text.toLowerCase() === 'true'
      return (actual) => actual === expected
    }
    case 'number':
    case 'date': {
      const { from, to } = toSpan(value, type, token, now)
      return (actual) => typeof actual === 'number' && actual >= from && actual <= to
    }
  }
}

function textPredicate({ text, quoting }: Value): Predicate<Scalar> {
  if (quoting === 'exact') return (actual) => actual !== undefined && String(actual) === text
  const prefix = quoting === 'plain' && text.endsWith('*')
  const expected = splitWords(text)
  if (expected.length === 0) return () => false
  const last = expected.length - 1
  const matches = (word: string, index: number) =>
    word === expected[index] || (prefix && index === last && word.startsWith(expected[last] as string))
  if (quoting === 'phrase' || prefix) {
    return (actual) => {
      const words = splitWords(actual)
      return words.some((_, start) =>
        expected.every(
          (_, index) => start + index < words.length && matches(words[start + index] as string, index),
        ),
      )
    }
  }
  return (actual) => {
    const words = new Set(splitWords(actual))
    return expected.every((word) => words.has(word))
  }
}

function splitWords(value: Scalar): string[] {
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

function orderPredicate(comparison: Exclude<Comparison, '='>, { from, to }: Span): Predicate<Scalar> {
  const compare: Record<typeof comparison, Predicate<number>> = {
    '>': (actual) => actual > to,
    '>=': (actual) => actual >= from,
    '<': (actual) => actual < from,
    '<=': (actual) => actual <= to,
  }
  return (actual) => typeof actual === 'number' && compare[comparison](actual)
}

const unitMs: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }

/** The range of instants or numbers of a value: a date without a time is the whole day. */
function toSpan(value: Value, type: FilterToken<unknown>['type'], token: string, now: number): Span {
  const text = value.text.trim()
  if (type === 'number' || (type === 'date' && /^\d{5,}$/.test(text))) {
    const number = Number(text)
    if (text === '' || !Number.isFinite(number)) throw new FilterError(`${token} is a number, not ${text}`)
    return { from: number, to: number }
  }
  if (type !== 'date') throw new FilterError(`${token} takes no comparison`)
  const relative = /^now(?:\s*([+-])\s*(\d{1,9})([smhdw]))?$/i.exec(text)
  if (relative) {
    const distance = Number(relative[2] ?? 0) * (unitMs[relative[3]?.toLowerCase() ?? 's'] as number)
    const instant = relative[1] === '+' ? now + distance : now - distance
    return { from: instant, to: instant }
  }
  const instant = parseInstant(text)
  if (instant === undefined) throw new FilterError(`${token} is a date, not ${text}`)
  return { from: instant, to: text.length === 10 ? instant + 86_399_999 : instant }
}

/** Parses an ISO 8601 date, or date and time, with Z, +00:00 or +0000; undefined if it is invalid. */
export function parseInstant(text: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  )
  if (!parts) return undefined
  const zone = (parts[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const instant = Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}${zone}`)
  const day = Date.parse(`${parts[1]}T00:00Z`)
  // Date.parse reads the 31st of February as the 3rd of March.
  const exists = !Number.isNaN(day) && new Date(day).toISOString().startsWith(parts[1] as string)
  return exists && !Number.isNaN(instant) ? instant : undefined
}
