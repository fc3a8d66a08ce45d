import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'
import { possibleFields } from './possible-fields.ts'

/** A field that this program knows; `tags[].id` is in each element of a list. */
export interface KnownField {
  readonly path: string
  readonly parent: string
  /** `[]` for the elements of a list. */
  readonly name: string
  readonly schema?: z.ZodType
}

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

function fieldsIn(around: z.ZodType, parent = ''): KnownField[] {
  const { shape = {}, element, innerType, in: input, out, options = [] } = around.def as Definition
  const fields = Object.entries({ ...shape, ...(element && { '[]': element }) })
  const samePlace = [innerType, input, out, ...options].filter((part) => part !== undefined)
  return [
    ...fields.flatMap(([name, schema]) => {
      const path = joinPath(parent, name)
      return [{ path, parent, name, schema }, ...fieldsIn(schema, path)]
    }),
    ...samePlace.flatMap((part) => fieldsIn(part, parent)),
  ]
}

/** The field at a path of names, after those around it. */
function fieldsTo(path: string): KnownField[] {
  const names = path.split(/\.|(?=\[\])/)
  return names.map((name, at) => {
    const parent = names.slice(0, at).reduce(joinPath, '')
    return { path: joinPath(parent, name), parent, name }
  })
}

const withoutRepeats = (fields: readonly KnownField[]): KnownField[] =>
  fields.filter(({ path }, at) => fields.findIndex((field) => field.path === path) === at)

/** The columns under the names that Qualys uses, without those that this program computes. */
export function columnsOf(
  { fieldAliases = new Map(), computedColumns = {} }: Operation,
  columns: readonly string[],
): string[] {
  const qualysNames = new Map([...fieldAliases].map(([qualysName, name]) => [name, qualysName]))
  return columns
    .filter((column) => column !== '*' && !Object.hasOwn(computedColumns, column))
    .map((column) => qualysNames.get(column) ?? column)
}

/** The fields of an operation's records: those of its schema, its aliases, its columns, and possible ones. */
export function knownFields(operation: Operation): KnownField[] {
  const { record, fieldAliases = new Map<string, string>(), columns, possibleColumns = [] } = operation
  const names = [...columns, ...possibleColumns.map(({ name }) => name)]
  const others = [...[...fieldAliases].flat(), ...columnsOf(operation, names)]
  const possible = possibleFields[operation.name] ?? []
  return withoutRepeats([...fieldsIn(record), ...[...others, ...possible].flatMap(fieldsTo)])
}

/**
 * The fields around records, and of errors (car-api.md 1.3, saq-api.md 1.4, qualys-platform.md 4.1;
 * https://www.rfc-editor.org/rfc/rfc9457).
 */
export const envelopeFields: readonly KnownField[] = withoutRepeats(
  `errorCode message body.list body.totalCount body.hasMore list totalCount hasMore responseCode responseMessage
  _error.errorCode _error.code _error.message _error.error authentication_exceptions
  timestamp status error path exception trace requestId type title detail instance
  ServiceResponse.responseCode ServiceResponse.count ServiceResponse.COUNT ServiceResponse.data
  ServiceResponse.hasMoreRecords ServiceResponse.lastId ServiceResponse.responseErrorDetails.errorMessage
  ServiceResponse.responseErrorDetails.errorResolution
  SIMPLE_RETURN.RESPONSE.DATETIME SIMPLE_RETURN.RESPONSE.CODE SIMPLE_RETURN.RESPONSE.TEXT`
    .split(/\s+/)
    .flatMap(fieldsTo),
)
