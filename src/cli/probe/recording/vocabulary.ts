import { z } from 'zod'
import { operations } from '../../../operations/index.ts'
import type { Operation } from '../../../operations/operation.ts'

/**
 * The parts of a schema's own description that concern its fields (https://zod.dev/packages/core#internals).
 */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly entries?: Readonly<Record<string, string>>
}

const definitionOf = (schema: z.ZodType): Definition => schema.def as Definition

/** The schemas inside a schema that keep its path. */
const innerOf = ({ innerType, in: input, out: output, options }: Definition): z.ZodType[] =>
  [innerType, input, output, ...(options ?? [])].filter((part) => part !== undefined)

/** Dotted paths of all fields in a record's schema; `[]` for lists. */
function pathsIn(schema: z.ZodType, parent = ''): string[] {
  const definition = definitionOf(schema)
  const { type, shape, element } = definition
  if (type === 'object' && shape)
    return Object.entries(shape).flatMap(([name, field]) => {
      const path = parent === '' ? name : `${parent}.${name}`
      return [path, ...pathsIn(field, path)]
    })
  if (type === 'array' && element) return [`${parent}[]`, ...pathsIn(element, `${parent}[]`)]
  return [...new Set(innerOf(definition).flatMap((part) => pathsIn(part, parent)))]
}

/** The words of all enumerations in a schema. */
function choicesIn(schema: z.ZodType): string[] {
  const definition = definitionOf(schema)
  const { shape = {}, element, entries = {} } = definition
  const parts = [...Object.values(shape), ...(element ? [element] : []), ...innerOf(definition)]
  return [...Object.values(entries), ...parts.flatMap(choicesIn)]
}

/** The columns under the names that Qualys uses. */
export function columnsOf({ fieldAliases }: Operation, columns: readonly string[]): string[] {
  const qualysNames = new Map([...(fieldAliases ?? [])].map(([qualysName, name]) => [name, qualysName]))
  return columns.filter((column) => column !== '*').map((column) => qualysNames.get(column) ?? column)
}

/** The paths of a record as Qualys sends it: those of the schema, and the columns. */
export function pathsOf(operation: Operation): string[] {
  const { record, columns, alsoMatched = [] } = operation
  return [...new Set([...pathsIn(record), ...columnsOf(operation, [...columns, ...alsoMatched])])]
}

/**
 * Names in envelopes and errors (car-api.md 1.3, saq-api.md 1.4, qualys-platform.md 4.1;
 * https://www.rfc-editor.org/rfc/rfc9457).
 */
const envelopeNames =
  'User Template LibraryTemplate QuestionnaireCampaign Questionnaire responseMessage hasMore response datetime code text errors exception trace requestId type title detail instance errorCode message body list totalCount sortValues data ServiceResponse responseCode responseErrorDetails errorMessage errorResolution count COUNT hasMoreRecords lastId SIMPLE_RETURN RESPONSE DATETIME CODE TEXT timestamp status error path _error authentication_exceptions Portal-Version'

const namesIn = (path: string): string[] => path.split(/\.|\[\]/)

/** Field names that occur in this program and so are public already. */
export const vocabulary: ReadonlySet<string> = new Set([
  ...envelopeNames.split(' '),
  ...operations.flatMap(pathsOf).flatMap(namesIn),
  ...operations.flatMap(({ input }) => pathsIn(z.object(input))).flatMap(namesIn),
  ...operations.flatMap(({ fieldAliases }) => [...(fieldAliases?.keys() ?? [])]),
])

/** Words on Qualys' pages that are not choices of a tool (car-api.md 3.1, saq-api.md 3). */
const documentedWords =
  'Manual Automated PowerShell PowerShell-Command Button Radio Combo booleanQuestion numericQuestion textQuestion'

/** Values that occur in this program: the choices of its tools, and words from Qualys' pages. */
export const knownWords: ReadonlySet<string> = new Set([
  ...documentedWords.split(' '),
  ...operations.flatMap(({ input, record }) => [...choicesIn(z.object(input)), ...choicesIn(record)]),
])
