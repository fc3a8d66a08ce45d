import { Complaint, invalidCriteria, mustNotBeSet, required } from '../http/api-error.ts'
import type { XmlElement } from '../xml/writer.ts'
import { childrenOf, textOf } from './request.ts'

/** One field that a Criteria element may name. */
export type Filter<Row> = { of(row: Row): Values } & (
  | { type: 'Long' | 'Integer' | 'uuid' | 'text' | 'Boolean' }
  | { type: 'keyword'; words: readonly string[] }
)
type Value = string | number | boolean | undefined
type Values = Value | readonly Value[]

export type FilterTable<Row> = Readonly<Record<string, Filter<Row>>>

/** The operators that the tables of the search pages allow for each type; the framework has more. */
const operators: Readonly<Record<Filter<never>['type'], readonly string[]>> = {
  Long: ['EQUALS', 'IN'],
  Integer: ['EQUALS', 'IN'],
  keyword: ['EQUALS', 'IN'],
  uuid: ['EQUALS'],
  text: ['CONTAINS', 'EQUALS'],
  Boolean: ['EQUALS'],
}

type Test<Row> = (row: Row) => boolean

/**
 * Compiles the filters of a request: all must hold, and without filters every row matches. `cursor`: id
 * GREATER is allowed.
 */
export function compiled<Row>(
  filters: XmlElement | undefined,
  table: FilterTable<Row>,
  cursor: boolean,
): Test<Row> {
  const tests = filters ? childrenOf(filters).map((criteria) => test(criteria, table, cursor)) : []
  return (row) => tests.every((holds) => holds(row))
}

function test<Row>(criteria: XmlElement, table: FilterTable<Row>, cursor: boolean): Test<Row> {
  if (criteria.name !== 'Criteria') throw mustNotBeSet(criteria.name)
  const { field, operator, ...others } = criteria.attributes
  if (field === undefined) throw required('Criteria.field')
  if (operator === undefined) throw required('Criteria.operator')
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) throw mustNotBeSet(`Criteria.${stranger}`)
  const filter = Object.hasOwn(table, field) ? table[field] : undefined
  if (!filter) {
    throw wrong('field', field, `Specify one of the fields: ${Object.keys(table).join(', ')}.`)
  }
  const value = textOf(criteria)
  if (operator === 'GREATER' && field === 'id' && cursor) {
    const last = Number(read(filter, field, value))
    return (row) => Number(filter.of(row)) > last
  }
  const allowed = operators[filter.type]
  if (!allowed.includes(operator)) {
    throw wrong('operator', operator, `Specify one of the operators for '${field}': ${allowed.join(', ')}.`)
  }
  if (operator === 'CONTAINS') {
    const part = String(read(filter, field, value)).toLowerCase()
    return (row) =>
      listed(filter.of(row)).some((one) => one?.toString().toLowerCase().includes(part) ?? false)
  }
  const values = operator === 'IN' ? value.split(',') : [value]
  const wanted = new Set(values.map((one) => read(filter, field, one)))
  return (row) => listed(filter.of(row)).some((one) => wanted.has(one))
}

const wrong = (attribute: string, value: string, resolution: string) =>
  new Complaint('INVALID_REQUEST', `Criteria.${attribute}: Invalid value (${value}).`, resolution)

const listed = (values: Values): readonly Value[] => (Array.isArray(values) ? values : [values as Value])

function read(filter: Filter<never>, field: string, text: string): Value {
  const value = text.trim()
  const expected = (words: readonly string[]) => `Values expected: ${words.join(', ')}.`
  switch (filter.type) {
    case 'Long':
    case 'Integer':
      if (/^\d{1,18}$/.test(value)) return Number(value)
      throw invalidCriteria(field, value, `Specify criteria value(s) as ${filter.type}.`)
    case 'Boolean':
      if (value === 'true' || value === 'false') return value === 'true'
      throw invalidCriteria(field, value, expected(['true', 'false']))
    case 'keyword':
      if (filter.words.includes(value)) return value
      throw invalidCriteria(field, value, expected(filter.words))
    case 'uuid':
    case 'text':
      if (value === '') throw invalidCriteria(field, value, 'Specify criteria value(s) as Text.')
      return filter.type === 'uuid' ? value.toLowerCase() : text
  }
}
