import { invalidCriteria, invalidValue, missingElement, unexpectedElement } from '../http/api-error.ts'
import type { XmlElement } from '../xml/writer.ts'
import { childrenOf, textOf } from './request.ts'

/** One field that a Criteria element may name. */
export type Filter<Row> = { read(row: Row): Values } & (
  | { type: 'Long' | 'Integer' | 'uuid' | 'text' | 'Boolean' }
  | { type: 'keyword'; values: readonly string[] }
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

type Predicate<Row> = (row: Row) => boolean

/**
 * Compiles the filters of a request. A row must match all of them; without filters every row matches.
 * `mayPageById`: id GREATER is allowed. `ignoredFields`: criteria of these are left out.
 */
export function compileFilters<Row>(
  filters: XmlElement | undefined,
  table: FilterTable<Row>,
  mayPageById: boolean,
  ignoredFields: readonly string[] = [],
): Predicate<Row> {
  const isIgnored = ({ attributes }: XmlElement): boolean => ignoredFields.includes(attributes['field'] ?? '')
  const predicates = filters
    ? childrenOf(filters)
        .filter((criteria) => !isIgnored(criteria))
        .map((criteria) => compileCriteria(criteria, table, mayPageById))
    : []
  return (row) => predicates.every((accepts) => accepts(row))
}

function compileCriteria<Row>(
  criteria: XmlElement,
  table: FilterTable<Row>,
  mayPageById: boolean,
): Predicate<Row> {
  if (criteria.name !== 'Criteria') throw unexpectedElement(criteria.name)
  const { field, operator, ...others } = criteria.attributes
  if (field === undefined) throw missingElement('Criteria.field')
  if (operator === undefined) throw missingElement('Criteria.operator')
  const [unexpected] = Object.keys(others)
  if (unexpected !== undefined) throw unexpectedElement(`Criteria.${unexpected}`)
  const filter = Object.hasOwn(table, field) ? table[field] : undefined
  if (!filter) {
    throw invalidValue(
      'Criteria.field',
      field,
      `Specify one of the fields: ${Object.keys(table).join(', ')}.`,
    )
  }
  const value = textOf(criteria)
  if (operator === 'GREATER' && field === 'id' && mayPageById) {
    const last = Number(parseValue(filter, field, value))
    return (row) => Number(filter.read(row)) > last
  }
  const allowed = operators[filter.type]
  if (!allowed.includes(operator)) {
    throw invalidValue(
      'Criteria.operator',
      operator,
      `Specify one of the operators for '${field}': ${allowed.join(', ')}.`,
    )
  }
  if (operator === 'CONTAINS') {
    const substring = String(parseValue(filter, field, value)).toLowerCase()
    return (row) =>
      toList(filter.read(row)).some((text) => text?.toString().toLowerCase().includes(substring) ?? false)
  }
  const values = operator === 'IN' ? value.split(',') : [value]
  const expected = new Set(values.map((text) => parseValue(filter, field, text)))
  return (row) => toList(filter.read(row)).some((actual) => expected.has(actual))
}

const toList = (values: Values): readonly Value[] => (Array.isArray(values) ? values : [values as Value])

function parseValue(filter: Filter<never>, field: string, text: string): Value {
  const value = text.trim()
  const expected = (values: readonly string[]) => `Values expected: ${values.join(', ')}.`
  switch (filter.type) {
    case 'Long':
    case 'Integer':
      if (/^\d{1,18}$/.test(value)) return Number(value)
      throw invalidCriteria(field, value, `Specify criteria value(s) as ${filter.type}.`)
    case 'Boolean':
      if (value === 'true' || value === 'false') return value === 'true'
      throw invalidCriteria(field, value, expected(['true', 'false']))
    case 'keyword':
      if (filter.values.includes(value)) return value
      throw invalidCriteria(field, value, expected(filter.values))
    case 'uuid':
    case 'text':
      if (value === '') throw invalidCriteria(field, value, 'Specify criteria value(s) as Text.')
      return filter.type === 'uuid' ? value.toLowerCase() : text
  }
}
