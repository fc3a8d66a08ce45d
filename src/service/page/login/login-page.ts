import type { PageResponse } from '../../../tools/effects/approval/page/contract.ts'
import { type Html, html } from '../../../tools/effects/approval/page/html/html.ts'
import { hiddenInputs, pageText } from '../../../tools/effects/approval/page/html/layout.ts'
import { pageResponse } from '../../../tools/effects/approval/page/safety/headers.ts'
import { homePath, issuerLoginPath, loginPath, logoutPath } from '../page-paths.ts'
import type { TokenLogin } from './token-login.ts'

/** The fields of the form. */
export const tokenField = 'token'
export const stateField = 'login'

const page = (status: number, title: string, body: Html): PageResponse =>
  pageResponse(
    status,
    pageText({
      title,
      body: html`<section class="card" aria-labelledby="title"><h1 id="title">${title}</h1>
${body}
</section>`,
    }),
  )

/** What a page to log in offers. */
interface LoginOffer {
  /** The login that has begun, by its state. */
  readonly state: string
  /** The host of the issuer, where people can log in there. */
  readonly issuer?: string | undefined
  readonly token?: TokenLogin | undefined
  /** Why the last try did not succeed. */
  readonly refusal?: string | undefined
}

const issuerLink = (host: string, state: string): Html =>
  html`<p><a href="${issuerLoginPath}?${new URLSearchParams({ [stateField]: state }).toString()}">Log in at ${host}</a></p>`

const tokenForm = (
  { label, hint }: TokenLogin,
  state: string,
): Html => html`<form method="post" action="${loginPath}">
${hiddenInputs({ [stateField]: state })}
<label for="${tokenField}">${label}</label>
<input type="password" id="${tokenField}" name="${tokenField}" required autocomplete="current-password" aria-describedby="hint">
<p class="hint" id="hint">${hint}</p>
<button class="main">Log in</button>
</form>`

/** The page on which a person logs in. */
export const loginPage = ({ state, issuer, token, refusal }: LoginOffer): PageResponse =>
  page(
    refusal === undefined ? 200 : 403,
    'Log in',
    html`<p>Requests of assistants are shown to people who are logged in.</p>
${refusal !== undefined && html`<p class="alert" role="alert">${refusal}</p>`}
${issuer !== undefined && issuerLink(issuer, state)}
${token && tokenForm(token, state)}`,
  )

/** Where nobody can log in, since the settings name no way. */
export const noLoginPage = (): PageResponse =>
  page(
    503,
    'Nobody can log in',
    html`<p>This service has no login for people: ask its operator to set QUALYS_OIDC_CLIENT_ID or QUALYS_CALLERS_FILE.</p>`,
  )

/** Why something did not come about, in one sentence, and a way on. */
export const faultPage = (status: number, sentence: string, next = homePath): PageResponse =>
  page(
    status,
    'Not logged in',
    html`<p class="alert" role="alert">${sentence}</p>
<p><a href="${next}">Log in</a></p>`,
  )

/** The page with the button that logs out. */
export const logoutPage = (person: string): PageResponse =>
  page(
    200,
    'Log out',
    html`<p>You are logged in as ${person}.</p>
<form method="post" action="${logoutPath}"><button class="main">Log out</button></form>`,
  )

/** What a person sees who is logged out now. */
export const loggedOutPage = (isOfIssuer: boolean): PageResponse =>
  page(
    200,
    'Logged out',
    html`<p>You are logged out of this page${isOfIssuer && ', and perhaps still logged in at the issuer'}.</p>
<p><a href="${loginPath}">Log in</a></p>`,
  )
