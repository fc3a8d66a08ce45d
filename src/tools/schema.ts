import { closestMatch } from 'leven'
import { z } from 'zod'
import { oneLine } from '../session/untrusted.ts'

type Json = Record<string, unknown>

/**
 * What some clients and model providers stumble over, and bounds that a message explains better than a number in
 * every listing; validation keeps them all.
 */
const dropped = new Set(['$schema', 'additionalProperties', 'minLength', 'maxLength', 'minItems', 'maxItems'])

function cleaned(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(cleaned)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(
        ([key, value]) =>
          !(dropped.has(key) && typeof value !== 'object') && !(key === 'pattern' && 'format' in node),
      )
      .map(([key, value]) => [key, cleaned(value)]),
  )
}

function unknownArgument(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 3)
    .map((key) => {
      const near = closestMatch(key, known, { maxDistance: Math.max(2, Math.floor(key.length / 3)) })
      if (near !== undefined) return `there is no argument "${oneLine(key, 60)}"; did you mean ${near}?`
      return `there is no argument "${oneLine(key, 60)}"; there ${known.length > 0 ? `are ${known.join(', ')}` : 'is none at all'}`
    })
    .join('; ')
}

/** A tool's arguments: unknown ones are refused by name, and the listed JSON Schema is plain. */
export function argumentSchema(shape: z.ZodRawShape) {
  const known = Object.keys(shape)
  const schema = z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownArgument(issue.keys, known) : undefined),
  })
  return listed(schema)
}

/** A schema that validates as before and lists itself cleaned, converted once. */
export function listed<T extends z.ZodObject>(schema: T) {
  const { '~standard': standard } = schema
  let json: Json | undefined
  const convert = (io: 'input' | 'output') => (): Json => {
    json ??= cleaned(z.toJSONSchema(schema, { io })) as Json
    return json
  }
  return { '~standard': { ...standard, jsonSchema: { input: convert('input'), output: convert('output') } } }
}
