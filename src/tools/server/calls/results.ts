import type { CallToolResult } from '@modelcontextprotocol/server'
import { messageOf, QualysError } from '../../../shared/errors.ts'
import { texts } from '../../../shared/format.ts'
import { factsOf, type Log } from '../../../shared/log.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { noteOf, placeLines, type Reply, structureOf, textOf } from '../../replies/reply.ts'
import { nameWithheld, replyWithSettings } from '../../replies/withheld-names.ts'

/** The form in which a client gets a result. */
export interface ResultForm {
  /** `sandbox: `, or nothing. */
  readonly prefix: string
  /** True for programs: rows as objects. */
  readonly isJson: boolean
  /** True if the call itself names a form, as only programs do: they get the next step of an error apart. */
  readonly isNamed: boolean
  /** True if the client takes resource links. */
  readonly hasLinks: boolean
  /** Tool name to the setting that withholds it. */
  readonly withheldTools?: ReadonlyMap<string, string>
}

function contentOf(text: string, { file, link }: Reply, { hasLinks }: ResultForm): CallToolResult['content'] {
  return [
    { type: 'text', text },
    ...(file ? [{ type: 'resource' as const, resource: file }] : []),
    ...(link && hasLinks ? [{ type: 'resource_link' as const, ...link }] : []),
  ]
}

/** The text beside the structured form, for hosts that show the model the text alone: all but rows and token. */
function briefTextOf(reply: Reply): string {
  const { summary, path, link, rows, continuationToken } = reply
  const note = noteOf(reply)
  const members = texts(rows.length > 0 && 'rows', continuationToken !== undefined && 'token')
  return texts(
    summary,
    note && `Note: ${note}`,
    link && (path ? placeLines(path, link.uri) : `Resource: ${link.uri}`),
    members.length > 0 && `${members.join(' and ')}: structuredContent`,
  ).join('\n')
}

/** The result of a reply. For a program all of it is in the structured content. */
export function resultOf(reply: Reply, form: ResultForm): CallToolResult {
  const named = replyWithSettings(reply, form.withheldTools)
  const prefixed = { ...named, summary: form.prefix + named.summary }
  return form.isJson
    ? {
        content: contentOf(briefTextOf(prefixed), reply, form),
        structuredContent: structureOf(prefixed),
      }
    : { content: contentOf(textOf(prefixed), reply, form) }
}

/** Longer than any sentence of this program. Text of Qualys is clipped before. */
const maxSentenceLength = 4_000

function failedResult(text: string, error: Readonly<Record<string, unknown>>): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'qualys-mcp/error': error } }
}

/** The result of an error. Some hosts put `_meta` before the model, so it repeats the text only for programs. */
export function errorResult(
  error: unknown,
  { prefix, isNamed, withheldTools }: ResultForm,
  log: Log,
): CallToolResult {
  if (error instanceof QualysError) {
    const { kind, details } = error
    // Both may quote Qualys. On one line they cannot be taken for a line of the server.
    const [message, next] = [error.message, error.next].map((text) =>
      nameWithheld(oneLine(text, maxSentenceLength), withheldTools),
    )
    const facts = { kind, ...(isNamed && next && { next }), ...details }
    return failedResult(`${prefix}${message} ${next}`.trim(), facts)
  }
  // The stack overflows on nesting that no page of Qualys shows.
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return failedResult(
      `${prefix}Qualys' answer is nested too deeply to be read. Ask for fewer fields, or report it.`,
      { kind: 'drift' },
    )
  log.error(factsOf(error), 'unexpected')
  return failedResult(
    `${prefix}qualys-mcp failed unexpectedly (${oneLine(messageOf(error))}). The server's log has the details; report it.`,
    { kind: 'bug' },
  )
}
