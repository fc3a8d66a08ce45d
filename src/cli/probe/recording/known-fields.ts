import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'

// The fields that this program knows, as paths: `tags[].id` is a field of the elements of a list.

/** The parts of a schema's own description that lead to its fields (https://zod.dev/packages/core#internals). */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

export const joinPath = (parent: string, name: string): string =>
  parent === '' || name === '[]' ? `${parent}${name}` : `${parent}.${name}`

/** The path of the parent, and the name; `[]` is the name of a list's elements. */
export function splitPath(path: string): readonly [parent: string, name: string] {
  const [, parent = '', name = ''] = /^(.*?)\.?(\[\]|[^.[\]]+)$/.exec(path) ?? []
  return [parent, name]
}

function pathsIn(schema: z.ZodType, path = ''): string[] {
  const { shape = {}, element, innerType, in: input, out, options = [] } = schema.def as Definition
  const fields = Object.entries({ ...shape, ...(element && { '[]': element }) })
  const samePlace = [innerType, input, out, ...options].filter((part) => part !== undefined)
  return [
    ...fields.flatMap(([name, field]) => [joinPath(path, name), ...pathsIn(field, joinPath(path, name))]),
    ...samePlace.flatMap((part) => pathsIn(part, path)),
  ]
}

/** Each path after the paths of its parents, once. */
function withParents(paths: readonly string[]): string[] {
  const parentsOf = (path: string): string[] => (path === '' ? [] : [...parentsOf(splitPath(path)[0]), path])
  return [...new Set(paths.flatMap(parentsOf))]
}

/** The columns under the names that Qualys uses. */
export function columnsOf({ fieldAliases = new Map() }: Operation, columns: readonly string[]): string[] {
  const qualysNames = new Map([...fieldAliases].map(([qualysName, name]) => [name, qualysName]))
  return columns.filter((column) => column !== '*').map((column) => qualysNames.get(column) ?? column)
}

/** The fields of an operation's records: those of its schema, its aliases and its columns. */
export function knownFields(operation: Operation): string[] {
  const { record, fieldAliases = new Map<string, string>(), columns, alsoMatched = [] } = operation
  return withParents([
    ...pathsIn(record),
    ...[...fieldAliases].flat(),
    ...columnsOf(operation, [...columns, ...alsoMatched]),
  ])
}

/**
 * The fields around records, and of errors (car-api.md 1.3, saq-api.md 1.4, qualys-platform.md 4.1;
 * https://www.rfc-editor.org/rfc/rfc9457).
 */
export const envelopeFields: readonly string[] = withParents(
  `errorCode message body.list body.totalCount body.hasMore list totalCount hasMore responseCode responseMessage
  _error.errorCode _error.code _error.message _error.error authentication_exceptions
  timestamp status error path exception trace requestId type title detail instance
  ServiceResponse.responseCode ServiceResponse.count ServiceResponse.COUNT ServiceResponse.data
  ServiceResponse.hasMoreRecords ServiceResponse.lastId ServiceResponse.responseErrorDetails.errorMessage
  ServiceResponse.responseErrorDetails.errorResolution
  SIMPLE_RETURN.RESPONSE.DATETIME SIMPLE_RETURN.RESPONSE.CODE SIMPLE_RETURN.RESPONSE.TEXT`.split(/\s+/),
)
