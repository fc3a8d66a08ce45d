import type { Viewer } from '../contract.ts'
import { type Html, html } from './html.ts'
import { pageText } from './layout.ts'

/** A page that says one thing, such as why a request was refused. */
export const noticePage = (title: string, text: string | Html, viewer?: Viewer): string =>
  pageText({
    title,
    viewer,
    body: html`<section class="card" aria-labelledby="notice"><h1 id="notice">${title}</h1><p>${text}</p></section>`,
  })
