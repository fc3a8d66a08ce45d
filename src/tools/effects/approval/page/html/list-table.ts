import { type Html, html } from './html.ts'

/** A table in a frame that is scrolled where it is too wide, with a heading for each column. */
export const listTable = (label: string, columns: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="frame wide" role="region" tabindex="0" aria-label="Table: ${label}"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`
