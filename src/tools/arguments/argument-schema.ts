import { z } from 'zod'
import { isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Outcome, objectErrorMessage, standardSchema } from '../schema.ts'
import { plainArguments, separator } from './plain-arguments.ts'

type Json = Readonly<Record<string, unknown>>
type Path = readonly PropertyKey[]

/** What a tool takes. */
interface ArgumentRules {
  readonly input: z.ZodRawShape
  /** True if the tool changes an object that keeps what is left out. */
  readonly keepsStored?: true | undefined
}

/** The schema of what is at a path. */
function schemaAt(schema: Json, path: Path): Json {
  return path.reduce<Json>(({ items, properties }, step) => {
    const member = isObject(properties) ? properties[String(step)] : items
    return isObject(member) ? member : {}
  }, schema)
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (whole, step) =>
      typeof whole === 'object' && whole !== null ? (whole as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  )

/** A finding of zod with what was written: an argument that is missing, or the form that is meant. */
function explained(message: string, value: unknown, { type, items }: Json): string {
  if (value === undefined) return `${message}; it is missing`
  if (type === 'string' && typeof value === 'number') {
    // Digits beyond 2^53 are lost already.
    const form = Math.abs(value) < 2 ** 53 ? JSON.stringify(String(value)) : 'it as text, with all its digits'
    return `${message}; write ${form}`
  }
  const isList = type === 'array' && isObject(items) && items['type'] === 'string'
  if (!isList || typeof value !== 'string' || !separator.test(value)) return message
  const values = value.split(separator).map((part) => part.trim())
  return `${message}; write ${oneLine(JSON.stringify(values), 120)}`
}

const emptyMessage = 'is empty, and cannot be emptied here; leave it out to keep what is stored'

/** The schema of a tool's arguments: listed as the manifest has it, built at the first call. */
export function argumentSchema(listed: Json, rules: () => Promise<ArgumentRules>) {
  let validator: Promise<(args: unknown) => Outcome<Json>> | undefined
  const build = ({ input, keepsStored }: ArgumentRules) => {
    const schema = z.strictObject(input)
    const json = z.toJSONSchema(schema, { io: 'input' })
    return (args: unknown): Outcome<Json> => {
      const { value, emptied } = plainArguments(args, json, keepsStored === true)
      const { data, error } = schema.safeParse(value, { error: objectErrorMessage })
      const isReported = (path: Path): boolean =>
        emptied.some((empty) => empty.every((step, at) => step === path[at]))
      const issues = [
        ...emptied.map((path) => ({ path, message: emptyMessage })),
        ...(error?.issues ?? [])
          .filter(({ path }) => !isReported(path))
          .map(({ path, message }) => ({
            path,
            message: explained(message, valueAt(value, path), schemaAt(json, path)),
          })),
      ]
      return issues.length > 0 ? { issues } : { value: data as Json }
    }
  }
  return standardSchema(
    async (args) => {
      validator ??= rules().then(build)
      return (await validator)(args)
    },
    () => listed,
  )
}
