import { closestMatch } from 'leven'
import { z } from 'zod'
import { isObject } from '../shared/json.ts'
import { oneLine } from '../shared/safe-text.ts'
import type { Listing } from './tool.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * Keywords that some clients and model providers do not support, and bounds that an error message explains
 * better than a number in every listing. Validation still applies them.
 */
const dropped = new Set([
  '$schema',
  'additionalProperties',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
])

function cleaned(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(cleaned)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      // An argument may have the name of a keyword: its schema is an object with members.
      .filter(([key, value]) => !dropped.has(key) || (isObject(value) && Object.keys(value).length > 0))
      .map(([key, value]) => [key, cleaned(value)]),
  )
}

function unknownArgument(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 3)
    .map((key) => {
      const name = oneLine(key, 60)
      const near = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) })
      const advice =
        near === undefined
          ? `there ${known.length > 0 ? `are ${known.join(', ')}` : 'is none at all'}`
          : `did you mean ${near}?`
      return `there is no argument ${JSON.stringify(name)}; ${advice}`
    })
    .join('; ')
}

/** The message for a wrong object, at any depth; the schema has the other messages. */
function misshapen({ code, keys, inst }: z.core.$ZodRawIssue): string | undefined {
  if (!(inst instanceof z.ZodObject)) return undefined
  const known = Object.keys(inst.shape)
  return code === 'unrecognized_keys'
    ? unknownArgument(keys, known)
    : `must be an object of ${known.join(', ')}`
}

/** The plain JSON Schema of a tool's arguments. */
export function listingOf(shape: z.ZodRawShape): Json {
  return cleaned(z.toJSONSchema(z.strictObject(shape), { io: 'input' })) as Json
}

/** The schema of a tool's arguments: built at the first call, listed from the stored listing. */
export function argumentSchema(listing: Listing, shapeOf: () => Promise<z.ZodRawShape>) {
  let schema: Promise<z.ZodObject> | undefined
  const whole = (): Promise<z.ZodObject> => {
    schema ??= shapeOf().then((shape) => z.strictObject(shape))
    return schema
  }
  return standard(whole, () => listing.schema)
}

/** A schema that validates as before and lists itself cleaned; converted once. */
export function listed<T extends z.ZodObject>(schema: T) {
  return standard(
    async () => schema,
    () => cleaned(z.toJSONSchema(schema, { io: 'output' })) as Json,
  )
}

/**
 * The interface that the SDK expects of a schema (https://standardschema.dev), with this program's messages.
 */
function standard<T extends z.ZodObject>(schema: () => Promise<T>, list: () => Json) {
  const validate = async (value: unknown) => {
    const { data, error } = (await schema()).safeParse(value, { error: misshapen })
    // Each message once per argument, and at most ten: a list may be wrong in a hundred thousand places.
    const told = new Set<string>()
    const isNew = ({ path, message }: z.core.$ZodIssue): boolean =>
      told.size < told.add(`${String(path[0])} ${message}`).size
    return error ? { issues: error.issues.filter(isNew).slice(0, 10) } : { value: data as z.output<T> }
  }
  let json: Json | undefined
  const once = (): Json => {
    json ??= list()
    return json
  }
  const { '~standard': own } = z.object({})
  return { '~standard': { ...own, validate, jsonSchema: { input: once, output: once } } }
}
