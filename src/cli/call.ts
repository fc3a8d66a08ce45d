import { closestMatch } from 'leven'
import { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import type { Catalogue } from '../tools/server/catalogue.ts'
import type { Channel } from '../tools/server/in-process-client.ts'

/** The parts of a tools/call result that are printed. */
const callResult = z.object({
  isError: z.boolean().optional(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      resource: z.object({ mimeType: z.string().optional() }).optional(),
    }),
  ),
  structuredContent: z.unknown().optional(),
  _meta: z.object({ 'qualys-mcp/error': z.looseObject({}).optional() }).optional(),
})

/**
 * Throws a SettingsError for a tool that is not listed; names the nearest tool, or the setting that withholds
 * it.
 */
export function checkTool(name: string, { listings, withheld }: Catalogue): void {
  const names = listings.map((listing) => listing.name)
  if (names.includes(name)) return
  const by = withheld.get(name)
  if (by !== undefined)
    throw new SettingsError(`The tool ${name} is withheld by ${by}: change that setting to use it.`)
  const near = closestMatch(name, names, { maxDistance: Math.max(3, Math.floor(name.length / 3)) })
  throw new SettingsError(
    `There is no tool "${name.slice(0, 60)}": ${near ? `did you mean ${near}?` : '`qualys-mcp tools` lists them.'}`,
  )
}

/** The arguments of a call: a JSON object, or nothing. */
export function readArguments(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new SettingsError(
    `The arguments must be one JSON object, e.g. '{"pageSize":3}' (or - to read it from stdin).`,
  )
}

/** `qualys-mcp call`: the text that an assistant would get, or the structured result. */
export async function callText(
  channel: Channel,
  name: string,
  args: Readonly<Record<string, unknown>>,
  json: boolean,
): Promise<{ readonly text: string; readonly failed: boolean }> {
  const meta = { progressToken: 'call', ...(json && { 'qualys-mcp/reply': 'json' }) }
  const result = callResult.parse(await channel.request('tools/call', { name, arguments: args, _meta: meta }))
  const failed = result.isError === true
  const text = result.content
    // The text already names linked resources.
    .filter(({ type }) => type !== 'resource_link')
    .map((part) => part.text ?? `[${part.type} ${part.resource?.mimeType ?? ''}]`)
    .join('\n')
  if (!json) return { text, failed }
  const error = { message: text, ...result._meta?.['qualys-mcp/error'] }
  return {
    text: JSON.stringify(failed ? { error } : (result.structuredContent ?? { summary: text }), undefined, 2),
    failed,
  }
}
