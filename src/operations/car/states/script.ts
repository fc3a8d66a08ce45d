import type { NewState } from '../../effects/new-state.ts'
import type { Input } from '../../operation.ts'
import { quoted } from '../../sentences.ts'
import { personIn, textIn, word } from './words.ts'

// The state of a script after an effect, as far as Qualys' answer tells it. No page shows a call that reads a script.

/** How a script that may not run yet gets approved. */
const waysToApprove =
  'by a reviewer in the Qualys UI, or, only if a person asks for exactly that, with car_update_script and scriptApprovalUserConsent true'

const isApproved = (status: string): boolean => status.toUpperCase() === 'APPROVED'

/**
 * What a reply advises for a new script that may not run: one that was not sent as approved, unless the answer shows
 * another status.
 */
export function approvalAdvice(record: Input, asksApproval: boolean): string | undefined {
  const status = textIn(record, 'status')
  const mayRun = status === undefined ? asksApproval : isApproved(status)
  return mayRun ? undefined : `It cannot run until it is approved: ${waysToApprove}.`
}

/** The status in Qualys' answer, and who approved it; undefined if the answer shows none. */
function shownStatus(record: Input, asksApproval: boolean, isNew: boolean): NewState | undefined {
  const status = textIn(record, 'status')
  if (status === undefined) return undefined
  const approver = personIn(record['approvedBy'] ?? record['approver'])
  const by = approver === undefined || !isApproved(status) ? '' : `, approved by ${word(approver)}`
  const fields = { status, ...(by !== '' && { approvedBy: approver }) }
  if (asksApproval && !isApproved(status))
    return { text: `BUT its status is ${word(status)}, though it was sent as approved`, fields }
  if (isNew && !asksApproval && isApproved(status))
    return { text: `BUT its status is ${word(status)}, though no approval was sent: it may run${by}`, fields }
  return { text: `status ${word(status)}${by}`, fields }
}

/**
 * The state of a new script. One that is not sent as approved waits for its test and its approval (script_status.htm,
 * clone_scripts.htm).
 */
export function newScriptState(record: Input, asksApproval: boolean, title: string | undefined): NewState {
  const state = shownStatus(record, asksApproval, true) ?? {
    text: asksApproval ? 'sent as approved, status not told' : 'not approved yet',
    fields: { approved: asksApproval ? 'sent as approved' : false },
  }
  return { ...state, fields: { ...(title !== undefined && { title }), ...state.fields } }
}

/** What is never a field of the script. */
const notFields: ReadonlySet<string> = new Set(['scriptId', 'comment', 'scriptApprovalUserConsent', 'edits'])

/** A field that was sent, with its value where that is short. */
function sentField(name: string, value: unknown): string {
  if (name === 'title' && typeof value === 'string') return `title ${quoted(value)}`
  return name === 'severity' ? `severity ${String(value)}` : name
}

/** The state of a script that was changed: what was sent, and its status if the answer tells it. */
export function changedScriptState(input: Input, record: Input): NewState {
  const asksApproval = input['scriptApprovalUserConsent'] === true
  const sent = Object.entries(input).filter(([name, value]) => value !== undefined && !notFields.has(name))
  const status =
    shownStatus(record, asksApproval, false) ??
    (asksApproval ? { text: 'sent as approved, status not told', fields: {} } : undefined)
  const changed = sent.length > 0 ? [`set: ${sent.map((field) => sentField(...field)).join(', ')}`] : []
  return {
    text: [...changed, ...(status ? [status.text] : [])].join('; '),
    fields: { ...(sent.length > 0 && { set: sent.map(([name]) => name) }), ...status?.fields },
  }
}
