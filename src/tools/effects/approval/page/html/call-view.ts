import { texts } from '../../../../../shared/format.ts'
import { unbroken } from '../../../preview/quoted.ts'
import type { FoundCall } from '../../pending/stored-call.ts'
import type { Viewer } from '../contract.ts'
import { type Choices, decisionView } from './decision-view.ts'
import { type Html, html, visible } from './html.ts'
import { hiddenInputs, pageLink, pageText } from './layout.ts'
import { factsView, notesView, warningsView } from './preview-view.ts'
import { stateView, timeView } from './state-view.ts'

/** The one caller over stdio: see tools/tool.ts. */
const localCallerId = 'stdio'

export interface CallPage {
  readonly call: FoundCall
  readonly viewer: Viewer
  /** Absent for a call that waits no longer. */
  readonly choices?: Choices | undefined
  /** What went wrong with what the viewer just did. */
  readonly alert?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Who asks, as people know them. */
export function askerText({ record: { caller }, person }: Pick<FoundCall, 'record' | 'person'>): Html {
  if (caller === localCallerId) return html`the assistant on this machine`
  return person === undefined || person === caller
    ? html`the assistant of ${visible(caller)}`
    : html`the assistant of ${visible(person)} (caller ${visible(caller)})`
}

const field = (label: string, value: Html | string): Html =>
  html`<div><dt>${label}</dt><dd>${value}</dd></div>`

const summary = (call: FoundCall): Html => {
  const { record, code, needsOther } = call
  return html`<dl class="fields">
${field('Who asks', askerText(call))}
${field('What', html`<code>${record.tool}</code>, effect <strong>${record.effect}</strong>`)}
${field('Platform', visible(record.platform))}
${field('Asked', timeView(record.asked))}
${field('Good until', timeView(record.until))}
${needsOther === true && field('Four eyes', 'Another person than the one who asks has to approve.')}
${field('Code', html`<code>${code}</code>`)}
</dl>`
}

const titles = { pending: 'Approve?', approved: 'Approved:', declined: 'Declined:', used: 'Run:' } as const

/** The path of a call's page. */
export const callPath = (code: string): string => `/approve/${code}`

/** The page of one call: its state, all that is approved, and what the viewer can do. */
export function callPage({ call, viewer, choices, alert, now }: CallPage): string {
  const { code, digest, preview, state } = call
  const path = callPath(code)
  const headline = unbroken(preview.facts.headline)
  const body = html`${alert !== undefined && html`<p class="alert" role="alert">${alert}</p>`}
${stateView(call, now)}
<section class="card" aria-labelledby="headline"><h1 id="headline">${headline}</h1>
${warningsView(preview)}
${summary(call)}
${choices && html`<p><a href="#decide">Go to the decision</a></p>`}
</section>
<section class="card" aria-labelledby="facts"><h2 id="facts">${
    state === 'pending' ? 'What you approve' : 'What was asked'
  }</h2>
${factsView(preview)}
<p class="hint">Digest of this request (SHA-256), which an approval is bound to: <code class="digest">${digest}</code></p>
</section>
${notesView(preview)}
${choices && decisionView(path, viewer, choices)}
${!choices && html`<div>${pageLink(viewer, path, 'Look again')}</div>`}
<form id="again" method="post" action="${path}" hidden>${hiddenInputs(viewer.fields)}</form>`
  return pageText({
    title: texts(titles[state], headline).join(' '),
    body,
    viewer,
    current: path,
    hasScript: choices?.assertion !== undefined || viewer.by === 'page key',
  })
}
