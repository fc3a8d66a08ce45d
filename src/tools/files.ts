import { nounOf, type Operation } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import type { Download } from '../session/answer.ts'
import { safeText } from '../session/untrusted.ts'
import { cell, clipped, fenced, fenceNote } from './cells.ts'
import type { Reply } from './reply.ts'

const isText = /^text\/|[/+](json|xml|csv)$/
/** For the summary, the fence and what stands around them. */
const reserve = 1_000

/** A file from Qualys: text is shown, fenced; anything else is handed over as a resource with its type and size. */
export function fileReply(operation: Operation, file: Download, budget: number, redact: Redact): Reply {
  const { bytes, mediaType, filename } = file
  const type = safeText(redact(mediaType)).split(';')[0]?.trim() || 'application/octet-stream'
  const name = filename === undefined ? '' : ` "${cell(redact(filename))}"`
  const summary = `${nounOf(operation.name)}: file${name}, ${type}, ${bytes.length.toLocaleString('en')} bytes`
  const row = { ...(filename !== undefined && { name: cell(redact(filename)) }), type, bytes: bytes.length }
  if (isText.test(type)) {
    const text = redact(bytes.toString('utf8'))
    const body = `${fenceNote}\n${fenced('content', text, budget - reserve, 'they do not fit a reply')}`
    return { summary, body, rows: [{ ...row, content: clipped(text, budget - reserve).text }] }
  }
  const blob = bytes.toString('base64')
  if (blob.length > budget - reserve) {
    const note = `The file does not fit a reply of ${budget.toLocaleString('en')} characters (QUALYS_REPLY_CHARS).`
    return { summary, body: `Note: ${note}`, rows: [row], note }
  }
  const uri = `qualys://${operation.name}/${encodeURIComponent(filename ?? 'file')}`
  return { summary, body: '', rows: [row], file: { uri, mimeType: type, blob } }
}
