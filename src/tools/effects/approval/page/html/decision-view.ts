import type { Viewer } from '../contract.ts'
import { type Html, html } from './html.ts'
import { hiddenInputs } from './layout.ts'

/** What a viewer can do about a call that waits. */
export interface Choices {
  /** Bound to the call and the viewer. */
  readonly token: string
  readonly mayApprove: boolean
  readonly mayDecline: boolean
  /** What the browser asks a passkey for; absent if none counts here. */
  readonly assertion?: object
  /** Why something is not possible, and how else to approve, one sentence each. */
  readonly sentences: readonly string[]
  /** Commands for a terminal, each with what it does. */
  readonly commands: readonly (readonly [command: string, does: string])[]
}

/** What the script of the page needs to send an answer. */
export const sending = (token: string, { fields }: Viewer): string => JSON.stringify({ ...fields, token })

/** Without this an error of the script would be shown to nobody. */
export const faultPlace = html`<p class="alert" role="alert" id="fault"></p>`

export const noScript = html`<noscript><p class="hint">A passkey needs JavaScript, which is switched off in this browser.</p></noscript>`

function buttons(path: string, viewer: Viewer, { token, mayApprove, mayDecline }: Choices): Html | false {
  if (!mayApprove && !mayDecline) return false
  return html`<form method="post" action="${path}" class="choices">${hiddenInputs({ ...viewer.fields, token })}
${mayApprove && html`<button class="main" name="decision" value="approve">Approve</button>`}
<button class="other" name="decision" value="decline">Decline</button></form>`
}

function passkeyButton(path: string, viewer: Viewer, { token, assertion }: Choices): Html | false {
  return (
    assertion !== undefined &&
    html`<div class="choices"><button class="main" type="button" hidden data-passkey="get" data-path="${path}/passkey"
 data-options="${JSON.stringify(assertion)}" data-send="${sending(token, viewer)}">Approve with a passkey</button></div>
${noScript}`
  )
}

/** The end of the page of a call that waits: what the viewer can do. */
export function decisionView(path: string, viewer: Viewer, choices: Choices): Html {
  const { mayApprove, assertion, sentences, commands } = choices
  return html`<section class="card" aria-labelledby="decide"><h2 id="decide">Your decision</h2>
${
  (mayApprove || assertion !== undefined) &&
  html`<p>You approve exactly the facts above, and not the notes. It runs once, within ten minutes of the question.</p>`
}
${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${
  commands.length > 0 &&
  html`<dl class="fields">${commands.map(
    ([command, does]) => html`<div><dt>${does}</dt><dd><code class="v">${command}</code></dd></div>`,
  )}</dl>`
}
${faultPlace}
${buttons(path, viewer, choices)}
${passkeyButton(path, viewer, choices)}
</section>`
}
