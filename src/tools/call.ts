import { z } from 'zod'
import { hintsOf, nounOf, type Operation } from '../operations/operation.ts'
import type { Answer, Download } from '../session/answer.ts'
import type { Row } from '../session/record.ts'
import { safeText } from '../session/untrusted.ts'
import { cell, fenced } from './cells.ts'
import { chooseColumns, flatten } from './columns.ts'
import { pageReply, type Reply, recordReply } from './reply.ts'
import type { Running, Tool } from './tool.ts'

type Args = Readonly<Record<string, unknown>>

const pageSize = z
  .number({ error: 'must be a whole number from 1 to 200' })
  .int({ error: 'must be a whole number from 1 to 200' })
  .min(1, { error: 'must be a whole number from 1 to 200' })
  .max(200, { error: 'must be a whole number from 1 to 200' })
  .describe('rows per page, default 20')
  .optional()

const continuationToken = z
  .string({ error: 'must be the text from the last page' })
  .min(1, { error: 'must not be empty; leave it out to start at the first row' })
  .max(2000, { error: 'is longer than any that was given out' })
  .describe('from the last page, to go on')
  .optional()

const fields = z
  .array(z.string().min(1).max(80), { error: 'must be a list such as ["id","title"] or ["*"]' })
  .min(1)
  .max(50)
  .describe('other columns; ["*"] for all')
  .optional()

const match = z
  .string({ error: 'must be plain words' })
  .min(1, { error: 'must not be empty' })
  .max(200)
  .describe('plain words; keeps rows whose columns hold them all')
  .optional()

/** What every list takes besides the operation's own input. */
function listInput(operation: Operation): z.ZodRawShape {
  const tests = Object.entries(operation.rowTests ?? {}).map(([name, words]) => {
    const [first = '', ...others] = Object.keys(words)
    return [
      name,
      z.enum([first, ...others], { error: `must be one of ${Object.keys(words).join(', ')}` }).optional(),
    ] as const
  })
  return { match, ...Object.fromEntries(tests), fields, pageSize, continuationToken }
}

/** Tells which rows `match` and the operation's own words keep; undefined when all are wanted. */
function keeper(operation: Operation, args: Args): ((row: Row) => boolean) | undefined {
  const words = String(args['match'] ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const tests = Object.entries(operation.rowTests ?? {}).flatMap(
    ([name, byWord]) => byWord[String(args[name])] ?? [],
  )
  if (words.length === 0 && tests.length === 0) return undefined
  const holds = (row: Row): boolean => {
    const flat = flatten(row)
    const text = chooseColumns([flat], operation.columns, undefined)
      .names.map((name) => cell(flat[name]))
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return (row) => tests.every((test) => test(row)) && (words.length === 0 || holds(row))
}

/** A file from Qualys: text is shown, fenced; anything else is handed over as a resource with its type and size. */
function fileReply(operation: Operation, { bytes, mediaType, filename }: Download, budget: number): Reply {
  const type = safeText(mediaType).split(';')[0]?.trim() || 'application/octet-stream'
  const size = `${bytes.length.toLocaleString('en')} bytes`
  const name = filename === undefined ? '' : ` "${cell(filename)}"`
  const summary = `${nounOf(operation.name)}: file${name}, ${type}, ${size}`
  const asText = /^text\/|[/+](json|xml|csv)$/.test(type)
  if (asText) {
    const label = `${type} from Qualys`
    return {
      summary,
      body: fenced(label, bytes.toString('utf8'), budget - 1000, 'it does not fit a reply'),
      rows: [{ name: filename, type, bytes: bytes.length }],
    }
  }
  const blob = bytes.toString('base64')
  const uri = `qualys://${operation.name}/${encodeURIComponent(filename ?? 'file')}`
  const fits = blob.length < budget
  const note = fits ? undefined : `The file is too large for a reply (QUALYS_REPLY_CHARS is ${budget}).`
  return {
    summary,
    body: note ?? '',
    rows: [{ name: filename, type, bytes: bytes.length }],
    ...(note !== undefined && { note }),
    ...(fits && { file: { uri, mimeType: type, blob } }),
  }
}

function replyTo(operation: Operation, answer: Answer, args: Args, running: Running): Reply {
  const { replyChars } = running.configuration.settings
  switch (answer.kind) {
    case 'record':
      return recordReply(operation, answer, replyChars)
    case 'file':
      return fileReply(operation, answer, replyChars)
    case 'page':
      return pageReply(operation, answer, {
        budget: replyChars,
        sifted: keeper(operation, args) !== undefined,
        ...(Array.isArray(args['fields']) && { fields: args['fields'] }),
        ...(Array.isArray(args['sort']) && { sort: args['sort'] }),
      })
  }
}

/** A guess says so where the assistant reads first. */
function described({ description, evidence }: Operation): string {
  return evidence === 'guessed' ? `${description} (unverified: its path is not public).` : `${description}.`
}

/** The tool that an operation becomes. */
export function toolOf(operation: Operation): Tool {
  return {
    name: operation.name,
    title: operation.title,
    description: described(operation),
    hints: hintsOf[operation.effect],
    input: operation.returns === 'rows' ? { ...operation.input, ...listInput(operation) } : operation.input,
    run: async (args, running) => {
      const { session, signal, progress } = running
      const answer = await session.call(operation, args, { signal, progress, keep: keeper(operation, args) })
      return replyTo(operation, answer, args, running)
    },
  }
}
