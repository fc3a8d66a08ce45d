import { awaitedId, cancelledId, complaintOf, isObject, lineOf } from '../../fuzz/json-rpc-line.ts'
import type { Response } from './responses.ts'

// What a body of JSON-RPC is answered with.

type Json = Readonly<Record<string, unknown>>

/** The code of errors about HTTP, which name no request: the checks before a message is read, and the SDK's own. */
const httpError = -32_000

/** The messages in a body, as JSON texts; undefined if it is neither JSON nor a stream of events. */
function textsIn({ headers, body }: Response): readonly string[] | undefined {
  const [type = ''] = headers.get('content-type') ?? []
  const text = body.toString('utf8')
  if (type === 'text/event-stream') {
    const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'))
    return events.map((event) => event.replace(/^event: message\ndata: /, ''))
  }
  if (!type.startsWith('application/json')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map((one) => JSON.stringify(one)) : [text]
  } catch {
    return undefined
  }
}

/** The messages of a response, and what they are: `result`, `error -32601`, `notifications/progress`. */
export function messagesIn(response: Response): readonly Json[] {
  return (textsIn(response) ?? []).flatMap((text) => {
    const value: unknown = complaintOf(text) === undefined ? JSON.parse(text) : undefined
    return isObject(value) ? [value] : []
  })
}

/** What a message is, for a tally. */
export function kindOf({ method, error }: Json): string {
  if (typeof method === 'string') return method
  return isObject(error) ? `error ${String(error['code'])}` : 'result'
}

/** The members of a batch, as JSON; the message itself if it is none. */
function membersOf(sent: string | Buffer): readonly string[] {
  const text = (typeof sent === 'string' ? sent : sent.toString('utf8')).replace(/^\ufeff/, '')
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map((member) => JSON.stringify(member)) : [text]
  } catch {
    return []
  }
}

const isBatch = (sent: string | Buffer): boolean => /^\ufeff?\s*\[/.test(sent.toString())

/** A batch may be refused as a whole: one error, with the id of one of its members or none. */
function isRefusedWhole(answers: readonly Json[], asked: readonly string[]): boolean {
  const [only, ...others] = answers
  return (
    others.length === 0 &&
    isObject(only?.['error']) &&
    ['null', ...asked].includes(JSON.stringify(only['id']))
  )
}

function faultOfIds(sent: string | Buffer, answers: readonly Json[]): string | undefined {
  const members = membersOf(sent)
  const asked = lineOf(sent).requestIds
  const ids = answers.map(({ id }) => JSON.stringify(id))
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) return `${twice} is answered twice`
  const stranger = ids.find((id) => id !== 'null' && !asked.includes(id))
  if (stranger !== undefined) return `${stranger} is answered, which nobody asked`
  const cancelled = members.map(cancelledId)
  const awaited = members.flatMap((member) => awaitedId(member) ?? []).filter((id) => !cancelled.includes(id))
  if (isBatch(sent) && isRefusedWhole(answers, asked)) return undefined
  const missing = awaited.find((id) => !ids.includes(id))
  return missing === undefined ? undefined : `expected an answer with the id ${missing.slice(0, 80)}`
}

/** A number that no double holds is repeated with its own digits, or not at all. */
function faultOfDigits(sent: string | Buffer, { body }: Response): string | undefined {
  const [, digits] = /^\{"jsonrpc":"2.0","id":(-?\d{16,}),/.exec(sent.toString()) ?? []
  const [, answered] = /"id":(-?\d+)/.exec(body.toString()) ?? []
  return digits === undefined || answered === undefined || answered === digits
    ? undefined
    : `the id ${digits} is answered as ${answered}`
}

/** What is wrong with the response to a body; undefined if nothing is. */
export function faultOfAnswer(sent: string | Buffer, response: Response): string | undefined {
  const { status, body } = response
  if (status === 202) {
    if (body.length > 0) return 'expected no body with 202'
    return faultOfIds(sent, [])
  }
  const texts = textsIn(response)
  if (texts === undefined) return 'expected JSON or events'
  for (const text of texts) {
    const complaint = complaintOf(text)
    if (complaint !== undefined) return `the body holds ${complaint}`
  }
  const messages = messagesIn(response)
  const question = messages.find((message) => typeof message['method'] === 'string' && 'id' in message)
  if (question) return `the service asks ${String(question['method'])}`
  const answers = messages.filter(({ method }) => typeof method !== 'string')
  if (status >= 400 && !(answers.length === 1 && isObject(answers[0]?.['error']))) return 'expected one error'
  const [answer] = answers
  if (isObject(answer?.['error']) && answer['error']['code'] === httpError && answer['id'] === null)
    return undefined
  return faultOfDigits(sent, response) ?? faultOfIds(sent, answers)
}
