import { z } from 'zod'
import { isObject } from '../shared/json.ts'
import { outputSchema } from './schema.ts'
import type { ToolManifest } from './tool.ts'

/**
 * Every reply has rows, and each row is an object; neither is listed, since it would stand in the schema of each tool.
 */
const rows = z.array(z.unknown()).optional()

/** Shallow, and only what a program goes on with: every tool lists one, and clients read all of them. */
const replySchema = outputSchema(z.object({ rows }))
const pageSchema = outputSchema(
  z.object({ rows, total: z.number().optional(), continuationToken: z.string().optional() }),
)

/** The output schema of a tool with QUALYS_REPLY=json. */
export function replySchemaOf({ schema: { properties } }: ToolManifest) {
  return isObject(properties) && 'continuationToken' in properties ? pageSchema : replySchema
}
