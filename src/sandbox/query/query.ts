import type { FieldTable } from '../data/car/fields.ts'
import { badRequest } from '../http/reply.ts'
import { parseInstant } from './qql-match.ts'

/** One key of `sort`. */
export interface SortKey {
  path: string
  descending: boolean
}

export type SortValue = string | number | null

/** The parsed body of a search. */
export interface Query {
  filter: string
  pageNumber: number
  pageSize: number
  sort: SortKey[]
  searchAfter?: SortValue[]
  startAt?: number
  endAt?: number
  includeScriptResult: boolean
}

export type QueryField = keyof Query

/** "Less than 10,000 (9999 jobs or asset jobs)": getting_started.htm. */
const resultLimit = 9_999

/**
 * Parses the fields that a route takes and ignores the others. Throws a 400 for an invalid value. The
 * documentation also writes numbers and booleans as strings, and `sort` as JSON in a string.
 */
export function readQuery(
  body: Record<string, unknown>,
  allowedFields: readonly QueryField[],
  fields: FieldTable,
  defaultSort: SortKey[],
): Query {
  const fieldOf = (name: QueryField) => (allowedFields.includes(name) ? (body[name] ?? undefined) : undefined)
  const filter = fieldOf('filter') ?? ''
  if (typeof filter !== 'string') throw badRequest('filter must be a string')
  const pageNumber = readCount(fieldOf('pageNumber'), 'pageNumber', 0, 0)
  const pageSize = readCount(fieldOf('pageSize'), 'pageSize', 10, 1)
  const sort = readSort(fieldOf('sort'), fields)
  const searchAfter = readSearchAfter(fieldOf('searchAfter'), sort, fields)
  if (searchAfter && pageNumber > 0) throw badRequest('pageNumber must be 0 when searchAfter is used')
  if (pageSize > resultLimit) throw badRequest(`pageSize must not exceed ${resultLimit}`)
  if ((pageNumber + 1) * pageSize > resultLimit && pageNumber > 0) {
    throw badRequest(`Records beyond ${resultLimit} cannot be fetched by pageNumber; use searchAfter`)
  }
  const startAt = readTime(fieldOf('startAt'), 'startAt')
  const endAt = readTime(fieldOf('endAt'), 'endAt')
  return {
    filter,
    pageNumber,
    pageSize,
    sort: sort.length > 0 ? sort : defaultSort,
    ...(searchAfter && { searchAfter }),
    ...(startAt !== undefined && { startAt }),
    ...(endAt !== undefined && { endAt }),
    includeScriptResult: readFlag(fieldOf('includeScriptResult'), 'includeScriptResult'),
  }
}

/** A whole number, or a numeric string. */
export function readCount(value: unknown, name: string, fallback: number, min: number): number {
  if (value === undefined) return fallback
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < min) {
    throw badRequest(`${name} must be a whole number, at least ${min}`)
  }
  return number
}

function readFlag(value: unknown, name: string): boolean {
  if (value === undefined || value === false || value === 'false') return false
  if (value === true || value === 'true') return true
  throw badRequest(`${name} must be true or false`)
}

function readTime(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  const instant = typeof value === 'string' ? parseInstant(value) : undefined
  if (instant === undefined) throw badRequest(`${name} must be an ISO 8601 date`)
  return instant
}

function readSort(value: unknown, fields: FieldTable): SortKey[] {
  if (value === undefined || value === '') return []
  const list = typeof value === 'string' ? parseSortText(value) : value
  if (!Array.isArray(list)) throw badRequest('sort must be an array of {field: "asc" | "desc"}')
  return list.map((key: unknown) => {
    const entries = typeof key === 'object' && key !== null ? Object.entries(key) : []
    const [name, direction] = entries[0] ?? []
    if (entries.length !== 1 || name === undefined || !/^(asc|desc)$/i.test(String(direction))) {
      throw badRequest('sort must be an array of {field: "asc" | "desc"}')
    }
    // The pages write both Created.dateTime and created.dateTime.
    const path = Object.keys(fields).find((field) => field.toLowerCase() === name.toLowerCase())
    if (path === undefined || path.includes('[]')) throw badRequest(`No field to sort by is called ${name}`)
    return { path, descending: String(direction).toLowerCase() === 'desc' }
  })
}

function parseSortText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('sort is a string that is not JSON')
  }
}

/** The values must have the types of the sort values that they come from. */
function readSearchAfter(value: unknown, sort: SortKey[], fields: FieldTable): SortValue[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest('searchAfter must be an array')
  if (sort.length === 0) throw badRequest('searchAfter needs sort')
  if (value.length !== sort.length) {
    throw badRequest(`searchAfter has ${value.length} values, sort has ${sort.length} keys`)
  }
  return value.map((item: unknown, index) => {
    const path = sort[index]?.path ?? ''
    const type = fields[path] === 'string' ? 'string' : 'number'
    if (item === null) return null
    if ((typeof item !== 'string' && typeof item !== 'number') || typeof item !== type) {
      throw badRequest(`searchAfter value for ${path} must be a ${type}`)
    }
    return item
  })
}
