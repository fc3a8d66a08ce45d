import type { Viewer } from '../contract.ts'
import type { Passkey } from '../passkeys/passkey-schema.ts'
import { faultPlace, noScript, sending } from './decision-view.ts'
import { type Html, html, visible } from './html.ts'
import { hiddenInputs, pageText } from './layout.ts'
import { listTable } from './list-table.ts'
import { timeView } from './state-view.ts'

/** What the page of passkeys shows. */
export interface PasskeysPage {
  readonly viewer: Viewer
  /** Those that the viewer may see; or why none counts. */
  readonly passkeys: readonly Passkey[] | string
  /** Effects to which only a passkey says yes. */
  readonly passkeyFor: readonly string[]
  /** The name that they belong to. */
  readonly rpId: string
  /** True if a new one is written into the file at once. */
  readonly mayWrite: boolean
  /** True if this process may put another file in its place. */
  readonly mayReplace: boolean
  readonly token: string
  /** Whose passkey is asked for first. */
  readonly person?: string | undefined
}

const passkeyRow = ({ person, label, rpId, addedAt, addedBy }: Passkey): Html =>
  html`<tr><th scope="row">${visible(person)}</th><td>${visible(label)}</td><td>${visible(rpId)}</td><td>${timeView(
    addedAt,
  )}</td><td>${visible(addedBy)}</td></tr>\n`

function listView({ passkeys }: PasskeysPage): Html {
  if (typeof passkeys === 'string') return html`<p class="alert">${passkeys}</p>`
  if (passkeys.length === 0) return html`<p>No passkey counts yet.</p>`
  return listTable('Passkeys', ['Person', 'Name', 'On pages of', 'Added', 'By'], passkeys.map(passkeyRow))
}

/** What adding one means, and what it does not protect from. */
function whereItGoes({ mayWrite, mayReplace }: PasskeysPage): string {
  if (mayWrite)
    return 'The passkey counts at once: you may change the file of passkeys, and so may any program that you run. A file of another user (QUALYS_PASSKEYS_FILE) protects from these.'
  const line =
    'This server may not change the file of passkeys (QUALYS_PASSKEYS_FILE): the page shows the line that the operator adds to it.'
  return mayReplace
    ? `${line} But it may put another file in its place, and so may any program of its user: the folder has to belong to another user, too.`
    : line
}

function personInput({ viewer, person = '' }: PasskeysPage): Html {
  if (viewer.person !== undefined) return html`<p>For <strong>${visible(viewer.person)}</strong>.</p>`
  return html`<label for="person">Person</label>
<input type="text" id="person" name="person" value="${person}" maxlength="200" required autocomplete="name">`
}

function addView(page: PasskeysPage): Html {
  const { viewer, rpId, token } = page
  return html`<form class="inputs" method="post" action="/passkeys" data-passkey="create" data-send="${sending(token, viewer)}">
${hiddenInputs(viewer.fields)}${personInput(page)}
<label for="label">Name of the passkey</label>
<input type="text" id="label" name="label" maxlength="60" autocomplete="off" aria-describedby="label-hint">
<p class="hint" id="label-hint">Such as the device that holds it. Without one it is named after today.</p>
<p>${whereItGoes(page)} It works on pages of ${rpId} alone. If the person has a passkey already, that one has to sign as well.</p>
${faultPlace}
<button class="main" hidden>Add a passkey</button></form>
${noScript}
<div id="added" class="state" tabindex="-1" hidden><h3>The passkey is made, and does not count yet</h3>
<p>Add this line to the list <code>passkeys</code> in the file that QUALYS_PASSKEYS_FILE names:</p><pre class="line" id="line"></pre></div>`
}

/** The passkeys that count, and a form for another one. */
export function passkeysPage(page: PasskeysPage): string {
  const { viewer } = page
  return pageText({
    title: 'Passkeys',
    viewer,
    current: '/passkeys',
    hasScript: true,
    body: html`<h1>Passkeys</h1>
<section class="card" aria-labelledby="known"><h2 id="known">Passkeys that count</h2>
${listView(page)}
${
  page.passkeyFor.length > 0 &&
  html`<p>Only a passkey says yes to these effects: ${page.passkeyFor.join(', ')}.</p>`
}
<p class="hint">The operator removes one with the command <code>qualys-mcp passkey remove</code>.</p></section>
<section class="card" aria-labelledby="new"><h2 id="new">Add a passkey</h2>${addView(page)}</section>
<form id="again" method="post" action="/passkeys" hidden>${hiddenInputs(viewer.fields)}</form>`,
  })
}
