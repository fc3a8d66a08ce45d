import type { Viewer } from '../contract.ts'
import { type Html, html, sourceText } from './html.ts'

/** The pages that the head of each page leads to. */
const pages = [
  ['/waiting', 'Requests'],
  ['/decisions', 'Decisions'],
  ['/passkeys', 'Passkeys'],
] as const

/** A sheet with a tick, without a request of its own. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%231f57c3'/%3E%3Cpath d='M4 8.5l2.7 2.7L12 5.5' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E"

/** The hidden inputs of a form. */
export const hiddenInputs = (fields: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`

/** What leads a viewer to another page: a link where a cookie says who it is, otherwise a form with the page key. */
export function pageLink({ fields }: Viewer, path: string, label: string): Html {
  if (Object.keys(fields).length === 0) return html`<a href="${path}">${label}</a>`
  return html`<form class="inline" method="post" action="${path}">${hiddenInputs(
    fields,
  )}<button class="as-link">${label}</button></form>`
}

function navigation(viewer: Viewer | undefined, current: string): Html | false {
  if (viewer?.by === undefined) return false
  return html`<nav aria-label="Pages"><ul>${pages.map(
    ([path, label]) =>
      html`<li>${
        path === current ? html`<span aria-current="page">${label}</span>` : pageLink(viewer, path, label)
      }</li>`,
  )}</ul></nav>`
}

interface PageParts {
  readonly title: string
  readonly body: Html
  /** What the head leads to depends on who looks; nobody, for errors. */
  readonly viewer?: Viewer | undefined
  /** The path of this page in the navigation. */
  readonly current?: string
  /** True if the page needs its script, for passkeys. */
  readonly hasScript?: boolean
}

/** A whole page. */
export const pageText = ({ title, body, viewer, current = '', hasScript = false }: PageParts): string =>
  sourceText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · qualys-mcp</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/page.css">
${hasScript && html`<script src="/page.js" defer></script>`}
</head>
<body>
<a class="skip-link" href="#main">Skip to the content</a>
<header><p class="brand">qualys-mcp <span>approvals</span></p>${navigation(viewer, current)}</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer>${
    viewer?.person !== undefined &&
    html`<p>You are logged in as ${viewer.person}. <a href="/logout">Log out</a></p>`
  }<p>This page comes from qualys-mcp alone: it loads nothing from elsewhere.</p></footer>
</body>
</html>
`)
