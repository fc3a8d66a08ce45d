import { counted, formatNumber } from '../../../../../shared/format.ts'
import { linesOf } from '../../../preview/content/lines.ts'
import type {
  LongText,
  Preview,
  PreviewBlock,
  PreviewField,
  PreviewSentence,
  PreviewTable,
} from '../../../preview/preview.ts'
import { unbroken } from '../../../preview/quoted.ts'
import { differenceView, scriptView } from './code-view.ts'
import { type Html, html, sourceText, visible } from './html.ts'

/** Values share a line up to so many characters. */
const maxShortList = 60

/** A value with a background of its own: blanks at its ends are seen. */
const valueView = (value: string): Html =>
  value === '' ? html`<span class="none">empty</span>` : html`<code class="v">${visible(value)}</code>`

function valuesView(values: readonly string[]): Html {
  const [only, ...others] = values
  if (only === undefined) return html`<span class="none">none</span>`
  if (others.length === 0) return valueView(only)
  const isShort = values.join('').length <= maxShortList && !values.some((value) => value.includes('\n'))
  return html`<ul class="${isShort ? 'values row' : 'values'}">${values.map(
    (value) => html`<li>${valueView(value)}</li>`,
  )}</ul>`
}

const depthClass = (depth: number | undefined): string => `f${depth ?? 0}`

const fieldView = ({ label, values, depth }: PreviewField): Html =>
  html`<div class="${depthClass(depth)}"><dt>${unbroken(label.trim())}</dt><dd>${valuesView(values)}</dd></div>`

const sentenceView = ({ text, depth }: Pick<PreviewSentence, 'text'> & { depth?: number }): Html =>
  html`<p class="${depthClass(depth)}">${unbroken(text)}</p>`

const cellsView = (cells: readonly string[]): Html =>
  html`<tr>${cells.map((cell, at) =>
    at === 0 && cells.length > 1
      ? html`<th scope="row">${visible(cell)}</th>`
      : html`<td>${visible(cell)}</td>`,
  )}</tr>\n`

/** All rows of a table, in a frame that is scrolled where it is too wide. */
function tableView({ label, columns, rows }: PreviewTable): Html {
  const title = unbroken(label.trim())
  if (columns.length === 0)
    return html`<section class="list"><h3>${title} <span class="count">${formatNumber(rows.length)}</span></h3>
<ul class="values">${rows.map((cells) => html`<li>${cells.map(valueView)}</li>\n`)}</ul></section>`
  return html`<div class="frame" role="region" tabindex="0" aria-label="Table: ${title}"><table>
<caption>${title} <span class="count">${counted(rows.length, 'row')}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${unbroken(column)}</th>`)}</tr></thead>
<tbody>${rows.map(cellsView)}</tbody></table></div>`
}

function longTextView({ lines, difference, script }: LongText): Html {
  return html`<section class="long">${blockViews(lines)}
${difference && differenceView(difference)}
${
  script !== undefined &&
  html`<h3>${difference ? 'All of the new content' : 'All of the content'} <span class="count">${counted(linesOf(script).length, 'line')}</span></h3>
${scriptView(script)}`
}</section>`
}

const isField = (block: PreviewBlock): block is PreviewField => typeof block === 'object' && 'values' in block

function blockView(block: Exclude<PreviewBlock, PreviewField>): Html {
  if (typeof block === 'string') return sentenceView({ text: block })
  if ('text' in block) return sentenceView(block)
  return 'rows' in block ? tableView(block) : longTextView(block)
}

/** Blocks in their order. Fields that follow each other are one list. */
function blockViews(blocks: readonly PreviewBlock[]): Html {
  const views: Html[] = []
  let fields: Html[] = []
  const close = (): void => {
    if (fields.length > 0) views.push(html`<dl class="fields">${fields}</dl>`)
    fields = []
  }
  for (const block of blocks) {
    if (isField(block)) fields.push(fieldView(block))
    else {
      close()
      views.push(blockView(block))
    }
  }
  close()
  return html`${views}`
}

/** What a person must not overlook. */
export const warningsView = ({ facts: { warnings } }: Preview): Html | false =>
  warnings.length > 0 &&
  html`<div class="warnings"><h2>Look at this first</h2><ul>${warnings.map(
    (sentence) => html`<li>${unbroken(sentence)}</li>`,
  )}</ul></div>`

/** The facts of a preview below its headline and its warnings. */
export function factsView({ facts: { blocks } }: Preview): Html {
  const facts = blockViews(blocks)
  const hasBoxes = sourceText(facts).includes('<b class="x">')
  return html`${facts}${
    hasBoxes &&
    html`<p class="hint">A box such as <b class="x">\\t</b> stands for a character that would not be seen as it is.</p>`
  }`
}

/** What is shown and not approved. */
export const notesView = ({ notes }: Preview): Html | false =>
  notes.length > 0 &&
  html`<section class="notes" aria-labelledby="notes"><h2 id="notes">Not part of what you approve</h2>
<ul>${notes.map((note) => html`<li>${unbroken(note)}</li>`)}</ul></section>`
