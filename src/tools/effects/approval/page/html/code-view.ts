import { numberedLines } from '../../../preview/content/rows.ts'
import type { Difference, DifferenceRow, ScriptLines, ScriptParts, Sign } from '../../../preview/preview.ts'
import { unbroken } from '../../../preview/quoted.ts'
import { type Html, html, visible } from './html.ts'

// Scripts as numbered lists: a line that is too long for the window goes on below its number, so that no text can pass
// for the number of a next line.

/** A browser lays out the lists that are in sight alone. */
const linesPerList = 250

/** What is far below is laid out when it comes into sight; a short script is laid out at once. */
const farClass = (lineCount: number): string => (lineCount > linesPerList ? 'far ' : '')

/** The room for numbers of so many digits. */
const digitsClass = (lineCount: number): string => `d${Math.min(7, String(lineCount).length)}`

/** Every line of a script with its number. */
export function scriptView(script: string): Html {
  const lines = [...numberedLines(script)]
  const lists: Html[] = []
  for (let at = 0; at < lines.length; at += linesPerList)
    lists.push(
      html`<ol class="code ${farClass(lines.length)}${digitsClass(lines.length)}" start="${at + 1}">${lines
        .slice(at, at + linesPerList)
        .map(({ text }) => html`<li>${visible(text)}</li>\n`)}</ol>`,
    )
  return html`${lists}`
}

/** The class of a line, its element, and the sign that stands before it as text. */
function signedLine(sign: Sign, number: number, text: Html): Html {
  if (sign === '+')
    return html`<li class="add" value="${number}"><ins><span class="sign">+</span>${text}</ins></li>\n`
  if (sign === '-')
    return html`<li class="del" value="${number}"><del><span class="sign">-</span>${text}</del></li>\n`
  return html`<li value="${number}"><span class="sign"> </span>${text}</li>\n`
}

/** What stands in place of characters, which no text can pass for. */
const markView = (text: string): Html => html`<i class="mark">${unbroken(text)}</i>`

const partsView = ({ sign, number, parts }: ScriptParts): Html =>
  signedLine(
    sign,
    number,
    html`${parts.map((part) => (typeof part === 'string' ? visible(part) : markView(part.mark)))}`,
  )

const linesView = ({ sign, number, lines }: ScriptLines): Html =>
  html`${lines.map((line, at) => signedLine(sign, number + at, visible(line)))}`

function rowView(row: DifferenceRow): Html {
  if (typeof row === 'string') return html`<li class="skip">${unbroken(row.trim())}</li>\n`
  return 'lines' in row ? linesView(row) : partsView(row)
}

/** Every line that was removed or added. */
export const differenceView = ({ summary, lineCount, rows }: Difference): Html =>
  html`<p class="summary">${unbroken(summary)}</p>
${rows.length > 0 && html`<ol class="code diff ${farClass(rows.length)}${digitsClass(lineCount)}">${rows.map(rowView)}</ol>`}`
