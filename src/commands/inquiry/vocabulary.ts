import { z } from 'zod'
import { operations } from '../../operations/index.ts'
import type { Operation } from '../../operations/operation.ts'

/** A schema as it describes itself, as far as its fields are concerned (https://zod.dev/packages/core#internals). */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly in?: z.ZodType
  readonly out?: z.ZodType
}

/** Dotted paths of every field that a schema of a record names, lists as `[]`. */
export function pathsIn(schema: z.ZodType, at = ''): string[] {
  const { type, shape, element, innerType, options, in: before, out: behind } = schema.def as Definition
  if (type === 'object' && shape)
    return Object.entries(shape).flatMap(([name, field]) => {
      const path = at === '' ? name : `${at}.${name}`
      return [path, ...pathsIn(field, path)]
    })
  if (type === 'array' && element) return [`${at}[]`, ...pathsIn(element, `${at}[]`)]
  const inner = [innerType, before, behind, ...(options ?? [])].filter((part) => part !== undefined)
  return [...new Set(inner.flatMap((part) => pathsIn(part, at)))]
}

/** The paths of a record as Qualys sends it: those of the schema, and the columns by Qualys' own names. */
export function pathsOf({ record, columns, alsoMatched = [], mend }: Operation): string[] {
  const slips = new Map([...(mend ?? [])].map(([slip, name]) => [name, slip]))
  const shown = [...columns, ...alsoMatched].filter((column) => column !== '*')
  return [...new Set([...pathsIn(record), ...shown.map((column) => slips.get(column) ?? column)])]
}

/** Of envelopes and errors (car-api.md 1.3, saq-api.md 1.4, qualys-platform.md 4.1; https://www.rfc-editor.org/rfc/rfc9457). */
const envelopes =
  'User Template LibraryTemplate QuestionnaireCampaign Questionnaire responseMessage hasMore response datetime code text errors exception trace requestId type title detail instance errorCode message body list totalCount sortValues data ServiceResponse responseCode responseErrorDetails errorMessage errorResolution count COUNT hasMoreRecords lastId SIMPLE_RETURN RESPONSE DATETIME CODE TEXT timestamp status error path _error authentication_exceptions Portal-Version'

const namesIn = (path: string): string[] => path.split(/\.|\[\]/)

/** Names of fields that stand in this program: whoever reads it knows them already. */
export const vocabulary: ReadonlySet<string> = new Set([
  ...envelopes.split(' '),
  ...operations.flatMap(pathsOf).flatMap(namesIn),
  ...operations.flatMap(({ input }) => pathsIn(z.object(input))).flatMap(namesIn),
  ...operations.flatMap(({ mend }) => [...(mend?.keys() ?? [])]),
])
