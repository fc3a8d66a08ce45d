import { closestMatch } from 'leven'
import { z } from 'zod'
import { formatNumber } from '../shared/format.ts'
import { groupBy } from '../shared/group.ts'
import { isObject } from '../shared/json.ts'
import { oneLine } from '../shared/safe-text.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * Keywords that are removed from listed schemas: some clients and model providers do not support them, and
 * bounds are better explained by an error message. Validation still applies them.
 */
const omittedKeywords = new Set([
  '$schema',
  'additionalProperties',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
  // Marks for this program alone: an input that may be empty, what to do if it is, an object that is sent with
  // all its members, and one that may be given as text.
  'emptiable',
  'whenEmpty',
  'sentWhole',
  'takesText',
])

/** `listedItems` is what is listed of the items of a list, where all of them would cost too many tokens. */
const withListedItems = ({ listedItems, ...node }: Json): Json =>
  listedItems === undefined ? node : { ...node, items: listedItems }

/**
 * Some clients turn a schema into a signature, in which a required parameter must not follow an optional one.
 */
function requiredFirst(schema: Json): Json {
  const { properties, required } = schema
  if (!isObject(properties) || !Array.isArray(required)) return schema
  const rank = ([name]: readonly [string, unknown]): number => (required.includes(name) ? 0 : 1)
  const sorted = Object.entries(properties).sort((a, b) => rank(a) - rank(b))
  return { ...schema, properties: Object.fromEntries(sorted) }
}

function simplify(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplify)
  if (!isObject(node)) return node
  const kept = Object.entries(withListedItems(node))
    // An argument may have the name of a keyword: its schema is an object with members.
    .filter(([key, value]) => !omittedKeywords.has(key) || (isObject(value) && Object.keys(value).length > 0))
    .map(([key, value]) => [key, simplify(value)])
  return requiredFirst(Object.fromEntries(kept))
}

function unknownArgumentMessage(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 3)
    .map((key) => {
      const name = oneLine(key, 60)
      const suggestion = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) })
      const advice =
        suggestion === undefined
          ? `there ${known.length > 0 ? `are ${known.join(', ')}` : 'is none at all'}`
          : `did you mean ${suggestion}?`
      return `there is no argument ${JSON.stringify(name)}; ${advice}`
    })
    .join('; ')
}

/** The error message for a wrong object or text, at any depth. All other messages are in the schemas. */
export function errorMessage({ code, keys, inst, expected }: z.core.$ZodRawIssue): string | undefined {
  if (code === 'invalid_type' && expected === 'string') return 'must be text'
  if (!(inst instanceof z.ZodObject)) return undefined
  const known = Object.keys(inst.shape)
  return code === 'unrecognized_keys'
    ? unknownArgumentMessage(keys, known)
    : `must be an object of ${known.join(', ')}`
}

/** The plain JSON Schema of a tool's arguments. */
export function toJsonSchema(shape: z.ZodRawShape): Json {
  return simplify(z.toJSONSchema(z.strictObject(shape), { io: 'input' })) as Json
}

/** A schema that validates unchanged and is listed without the omitted keywords. */
export function outputSchema<T extends z.ZodObject>(schema: T) {
  return standardSchema(
    async (value) => {
      const { data, error } = schema.safeParse(value, { error: errorMessage })
      return error ? { issues: summarize(error.issues) } : { value: data as z.output<T> }
    },
    () => simplify(z.toJSONSchema(schema, { io: 'output' })) as Json,
  )
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

const maxIssues = 10
const maxPlaces = 10

function placesOf(others: readonly Issue[]): string {
  if (others.length === 0) return ''
  const shown = others.slice(0, maxPlaces - 1).map(({ path }) => path.map(String).join('.'))
  const rest = others.length - shown.length
  return ` (also at ${shown.join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''})`
}

/**
 * Each message once per argument, with the other places where it holds, and at most ten messages: a list may be
 * wrong in a hundred thousand places. `explain`: what is said of an issue.
 */
export function summarize<T extends Issue>(
  issues: readonly T[],
  explain: (issue: T) => string = ({ message }) => message,
): readonly Issue[] {
  const groups = [...groupBy(issues, ({ path, message }) => `${String(path[0])} ${message}`).values()]
  const rest = groups.length - maxIssues
  return [
    ...groups.slice(0, maxIssues).flatMap(([issue, ...others]) =>
      // A group has at least one.
      issue ? { path: issue.path, message: `${explain(issue)}${placesOf(others)}` } : [],
    ),
    ...(rest > 0 ? [{ path: [], message: `and ${formatNumber(rest)} more` }] : []),
  ]
}

/** What a validation finds: the value, or what is wrong with it. */
export type Outcome<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly value?: undefined }

/**
 * The interface that the SDK expects of a schema (https://standardschema.dev), with this program's messages.
 */
export function standardSchema<T>(validate: (value: unknown) => Promise<Outcome<T>>, convert: () => Json) {
  let jsonSchema: Json | undefined
  const convertOnce = (): Json => {
    jsonSchema ??= convert()
    return jsonSchema
  }
  const { '~standard': standardProps } = z.object({})
  return {
    '~standard': {
      ...standardProps,
      validate,
      jsonSchema: { input: convertOnce, output: convertOnce },
    },
  }
}
