import { counted } from '../../../../../shared/format.ts'
import { unbroken } from '../../../preview/quoted.ts'
import type { FoundCall } from '../../pending/stored-call.ts'
import type { LoggedDecision, Viewer } from '../contract.ts'
import { askerText, callPath } from './call-view.ts'
import { type Html, html, visible } from './html.ts'
import { pageLink, pageText } from './layout.ts'
import { listTable } from './list-table.ts'
import { stateTag, timeView } from './state-view.ts'

const callRow = (viewer: Viewer, call: FoundCall): Html =>
  html`<tr><th scope="row">${pageLink(viewer, callPath(call.code), unbroken(call.preview.facts.headline))}</th><td>${stateTag(
    call.state,
  )}</td><td>${askerText(call)}</td><td>${timeView(call.record.asked)}</td><td>${timeView(call.record.until)}</td></tr>\n`

/** What waits, and below it what was decided in the last minutes. */
export function waitingPage(viewer: Viewer, calls: readonly FoundCall[]): string {
  const waiting = calls.filter(({ state }) => state === 'pending')
  const others = calls.filter(({ state }) => state !== 'pending')
  const columns = ['Request', 'State', 'Who asks', 'Asked', 'Good until']
  const list = (label: string, some: readonly FoundCall[]): Html =>
    listTable(
      label,
      columns,
      some.map((call) => callRow(viewer, call)),
    )
  return pageText({
    title: waiting.length === 0 ? 'Requests' : `${counted(waiting.length, 'request')} waiting`,
    viewer,
    current: '/waiting',
    body: html`<h1>Requests</h1>
<section class="card" aria-labelledby="waiting"><h2 id="waiting">Waiting for a decision</h2>
${waiting.length === 0 ? html`<p>Nothing waits.</p>` : list('Waiting for a decision', waiting)}</section>
${
  others.length > 0 &&
  html`<section class="card" aria-labelledby="decided"><h2 id="decided">Decided in the last minutes</h2>
${list('Decided in the last minutes', others)}</section>`
}`,
  })
}

const decisionRow = ({ at, decision, tool, effect, headline, by, outcome }: LoggedDecision): Html =>
  html`<tr><th scope="row">${timeView(at)}</th><td>${
    headline !== undefined && html`${unbroken(headline)}<br>`
  }<code>${visible(tool)}</code> (${visible(effect)})</td><td><span class="tag ${decision}">${decision}</span></td><td>${unbroken(by)}</td><td>${unbroken(
    outcome ?? '',
  )}</td></tr>\n`

/** The last decisions of the audit log; undefined if there is no log. */
export function decisionsPage(viewer: Viewer, decisions: readonly LoggedDecision[] | undefined): string {
  const text =
    decisions === undefined
      ? html`<p>This server writes no audit log: the operator can name a file with <code>QUALYS_AUDIT_FILE</code>.</p>`
      : decisions.length === 0
        ? html`<p>The audit log holds no decision yet.</p>`
        : listTable(
            'Decisions',
            ['When', 'Request', 'Decision', 'By', 'What became of it'],
            decisions.map(decisionRow),
          )
  return pageText({
    title: 'Decisions',
    viewer,
    current: '/decisions',
    body: html`<h1>Decisions</h1><section class="card" aria-label="The last decisions">${text}
<p class="hint">The last hundred, newest first, from the audit log. <code>qualys-mcp audit verify</code> checks that log.</p></section>`,
  })
}
