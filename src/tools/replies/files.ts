import { base64Text } from '../../operations/fields.ts'
import { nounOf, type Operation } from '../../operations/operation.ts'
import type { Download } from '../../session/answer.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { decodeOutput } from '../../shared/text-decoding.ts'
import { cell, clip, fence, fenceNote } from './cells.ts'
import { cleanedNote, fitToBudget, type Reply, sizeOf } from './reply.ts'

const textTypes = /^text\/|[/+](json|xml|csv)$/

/**
 * A file from Qualys: text is shown, fenced; other content becomes an embedded resource with its type and
 * size.
 */
export function fileReply(operation: Operation, file: Download, budget: number, redact: Redact): Reply {
  const type = cell(redact(file.mediaType)).split(';')[0]?.trim().toLowerCase() || 'application/octet-stream'
  const name = file.filename === undefined ? undefined : cell(redact(file.filename))
  const label = name === undefined ? '' : ` "${name}"`
  const summary = `${nounOf(operation.name)}: file${label}, ${type}, ${formatNumber(file.bytes.length)} bytes`
  const row = { ...(name !== undefined && { name }), type, bytes: file.bytes.length }
  return textTypes.test(type)
    ? textReply(operation, summary, row, redact(plainText(operation, decodeOutput(file.bytes))), budget)
    : bytesReply(operation, summary, row, file.bytes, budget)
}

/**
 * A file in which the long text of an operation is plain text, as in all other replies: in base64, a secret in it would
 * not be recognized.
 */
function plainText({ wholeText }: Operation, file: string): string {
  if (wholeText === undefined) return file
  const member = new RegExp(`("${wholeText.field}"\\s*:\\s*)"([A-Za-z0-9+/=\\\\]+)"`, 'g')
  return file.replace(member, (all, name: string, value: string) => {
    // JSON may write a slash, and the line ends of wrapped base64, with a backslash.
    const packed = value.replace(/\\[nr]/g, '').replaceAll('\\/', '/')
    const { data } = base64Text.safeParse(packed)
    return data === undefined ? all : `${name}${JSON.stringify(data)}`
  })
}

function textReply(
  { wholeText }: Operation,
  summary: string,
  row: object,
  text: string,
  budget: number,
): Reply {
  const isCleaned = safeText(text) !== text
  return fitToBudget({ rows: 1, maxTextLength: budget, maxColumns: 1 }, budget, ({ maxTextLength }) => {
    const { text: content, rest } = clip(text, maxTextLength)
    const note = texts(
      rest > 0 && `The file is cut: a reply holds ${formatNumber(budget)} characters (QUALYS_REPLY_CHARS).`,
      rest > 0 && wholeText?.advice,
      cleanedNote([{ isCleaned }]),
    ).join(' ')
    return {
      summary,
      body: texts(fenceNote, fence('content', text, maxTextLength), note !== '' && `Note: ${note}`).join(
        '\n',
      ),
      rows: [{ ...row, content }],
      ...(note !== '' && { note }),
    }
  })
}

function bytesReply(
  operation: Operation,
  summary: string,
  row: { readonly name?: string; readonly type: string },
  bytes: Buffer,
  budget: number,
): Reply {
  const reply: Reply = { summary, body: '', rows: [row] }
  const blob = bytes.toString('base64')
  const uri = `qualys://${operation.name}/${encodeURIComponent(row.name ?? 'file')}`
  if (sizeOf(reply) + blob.length + uri.length <= budget)
    return { ...reply, file: { uri, mimeType: row.type, blob } }
  const note = `The file does not fit a reply of ${formatNumber(budget)} characters (QUALYS_REPLY_CHARS).`
  return { ...reply, body: `Note: ${note}`, note }
}
