import { counted } from '../../../../../shared/format.ts'
import { safeText } from '../../../../../shared/safe-text.ts'
import { unbroken } from '../../../preview/quoted.ts'
import { goesOnAlone, rolloutGoesOn } from '../../pending/after-yes.ts'
import type { Approval, CallState, FoundCall } from '../../pending/stored-call.ts'
import { type Html, html, visible } from './html.ts'

/** A time as people read it, in UTC; `at` in ms since 1970 or as ISO text. */
export function timeView(at: number | string): Html {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  if (!Number.isFinite(ms)) return html`${safeText(String(at))}`
  const text = new Date(ms).toISOString()
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)} UTC</time>`
}

/** One word for each state. */
const stateWords: Readonly<Record<CallState, string>> = {
  pending: 'waiting',
  approved: 'approved',
  declined: 'declined',
  used: 'run',
}

export const stateTag = (state: CallState): Html =>
  html`<span class="tag ${state}">${stateWords[state]}</span>`

/** By whom and how, as one clause. */
function approvedBy({ way, by, person }: Approval): Html {
  const who = person === undefined ? '' : html` by ${visible(person)}`
  if (by === 'passkey') return html`${who} with a passkey`
  return html`${who} ${way === 'terminal' ? 'in a terminal' : 'on the approval page'}`
}

function timeLeft(until: string, now: number): string {
  const seconds = Math.round((Date.parse(until) - now) / 1_000)
  if (seconds <= 0) return 'it ends now'
  return seconds < 90 ? `${counted(seconds, 'second')} left` : `${Math.round(seconds / 60)} minutes left`
}

function stateText({ state, record, approval, declined, at, outcome }: FoundCall, now: number): Html {
  switch (state) {
    case 'pending':
      return html`<strong>Waiting for a decision</strong> until ${timeView(record.until)} (${timeLeft(record.until, now)}).`
    case 'approved':
      return html`<strong>Approved</strong>${approval && approvedBy(approval)}, ${timeView(approval?.at ?? at)}${
        goesOnAlone(record)
          ? `: ${rolloutGoesOn()}.`
          : html`. It runs with the call that waits for it, or with the next identical one until ${timeView(record.until)}.`
      }`
    case 'declined':
      return html`<strong>Declined</strong>${
        declined?.person !== undefined && html` by ${visible(declined.person)}`
      } ${declined?.way === 'terminal' ? 'in a terminal' : 'on the approval page'}, ${timeView(at)}. Nothing was sent.`
    case 'used':
      return html`<strong>Run</strong> ${timeView(at)}${approval && html`, approved${approvedBy(approval)}`}. ${
        outcome === undefined ? 'What Qualys answered is not known yet.' : unbroken(outcome)
      }`
  }
}

/** What became of a call so far. */
export const stateView = (call: FoundCall, now: number): Html =>
  html`<p class="state ${call.state}">${stateText(call, now)}</p>`
