import { z } from 'zod'
import { isObject } from '../shared/json.ts'
import { outputJsonSchema } from './schema.ts'
import type { ToolManifest } from './tool.ts'

/**
 * Every reply has rows, and each row is an object; neither is listed, since it would stand in the schema of each tool.
 */
const rows = z.array(z.unknown()).optional()

/** Shallow, and only what a program goes on with: every tool lists one, and clients read all of them. */
const replyShape = z.object({ rows })
const pageShape = z.object({
  rows,
  total: z.number().optional(),
  continuationToken: z.string().optional(),
})

/** JSON Schemas by their shape: made with the first list that holds them. */
const converted = new Map<z.ZodObject, ReturnType<typeof outputJsonSchema>>()

/** The output schema of a tool with QUALYS_REPLY=json. */
export function replySchemaOf({ schema: { properties } }: ToolManifest) {
  const shape = isObject(properties) && 'continuationToken' in properties ? pageShape : replyShape
  const schema = converted.get(shape) ?? outputJsonSchema(shape)
  converted.set(shape, schema)
  return schema
}
