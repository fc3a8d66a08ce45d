import type { Operation } from '../operations/operation.ts'
import { nounOf } from '../operations/operation.ts'
import type { Page, Single } from '../session/answer.ts'
import type { Row } from '../session/record.ts'
import { oneLine, safeText } from '../session/untrusted.ts'
import { cell, clipped, fenced, fenceNote, isLong } from './cells.ts'
import { chooseColumns, flatten } from './columns.ts'
import { headlineOf } from './headline.ts'
import type { Layout } from './layout.ts'

/** One answer in both of its forms: text, and rows for programs. The same rows, columns and cuts in either. */
export interface Reply {
  readonly summary: string
  /** What the text form adds below the summary. */
  readonly body: string
  readonly rows: readonly Row[]
  readonly total?: number
  readonly continuationToken?: string
  readonly note?: string
  /** A file in the answer, as an MCP embedded resource. */
  readonly file?: { readonly uri: string; readonly mimeType: string; readonly blob: string }
}

/** For the headline, column names, notes and the token. */
const reserve = 1_200
/** A long text among other rows; alone on its page it may fill the budget. */
const longAmongMany = 2_000
const charsPerColumn = 200

/** A value as a program sees it: types kept, text made safe, nothing over `max` characters. */
function structured(value: unknown, max: number): unknown {
  if (typeof value === 'string') return clipped(value, max).text
  if (typeof value !== 'object' || value === null) return value
  const json = safeText(JSON.stringify(value))
  return json.length > max ? clipped(json, max).text : JSON.parse(json)
}

interface Rendered {
  readonly row: Row
  readonly cells: readonly string[]
  readonly blocks: readonly string[]
  readonly size: number
}

const advice = 'ask for this row alone, with pageSize 1, to see more of it'

function render(flat: Row, columns: readonly string[], longest: number): Rendered {
  const name = cell(flat['id'] ?? flat[columns[0] ?? ''])
  const long = columns.filter((column) => isLong(flat[column]))
  const blocks = long.map((column) => fenced(`${column} of ${name}`, String(flat[column]), longest, advice))
  const cells = columns.map((column) => (long.includes(column) ? '(below)' : cell(flat[column])))
  const shown = columns.filter((column) => flat[column] !== undefined)
  const row = Object.fromEntries(shown.map((column) => [column, structured(flat[column], longest)]))
  const text = cells.join('\t').length + blocks.join('\n').length + 2
  return { row, cells, blocks, size: Math.max(text, JSON.stringify(row).length + 1) }
}

/** Renders rows until the budget is spent; the first one always fits, clipped as far as it takes. */
function fill(flats: readonly Row[], columns: readonly string[], budget: number): Rendered[] {
  const shown: Rendered[] = []
  let used = 0
  for (const flat of flats) {
    let longest = flats.length > 1 ? longAmongMany : budget
    let rendered = render(flat, columns, longest)
    while (shown.length === 0 && rendered.size > budget && longest > charsPerColumn) {
      longest = Math.floor(longest / 2)
      rendered = render(flat, columns, longest)
    }
    used += rendered.size
    if (shown.length > 0 && used > budget) break
    shown.push(rendered)
  }
  return shown
}

/** A value inside our own words: quoted when it could be read as some of them. */
function quoted(text: string): string {
  const short = oneLine(text, 60)
  return /^[\w.:-]+$/.test(short) ? short : JSON.stringify(short)
}

/** Values that are equal in every row go to the headline; a column of nothing, or of "(below)" only, says nothing. */
function foldColumns(rendered: readonly Rendered[], columns: readonly string[], asked: boolean) {
  const said: string[] = []
  const kept = columns.filter((column, index) => {
    const [first = '', ...others] = rendered.map(({ cells }) => cells[index] ?? '')
    const same = others.every((text) => text === first)
    if (first === '(below)' && same) return false
    if (rendered.length < 2 || !same || index === 0) return true
    if (first !== '') said.push(`${column} ${quoted(first)}`)
    return first === '' && asked
  })
  return { kept, said }
}

/** However wide the rows, one of them fits half the budget. */
function mostColumns(budget: number): number {
  return Math.max(8, Math.floor(budget / 2 / charsPerColumn))
}

function leftOut(columns: number): string | undefined {
  return columns > 0 ? `${columns.toLocaleString('en')} more fields did not fit.` : undefined
}

function noteOf(...parts: readonly (string | undefined)[]): string {
  return parts.filter((text) => text !== undefined).join(' ')
}

function blocksOf(rendered: readonly Rendered[]): string[] {
  const blocks = rendered.flatMap(({ blocks }) => blocks)
  return blocks.length > 0 ? [fenceNote, ...blocks] : []
}

function driftNote(drift: readonly string[]): string | undefined {
  return drift.length > 0
    ? `Qualys' rows differ from their documentation: ${safeText(drift.slice(0, 8).join(', '))}.`
    : undefined
}

/** A page of a list, cut between rows at the budget; the token goes on just behind the last row shown. */
export function pageReply(operation: Operation, page: Page, layout: Layout): Reply {
  const flats = page.rows.map((row) => flatten(row))
  const chosen = chooseColumns(flats, operation.columns, layout.fields)
  const columns = chosen.names.slice(0, mostColumns(layout.budget))
  const rendered = fill(flats, columns, layout.budget - reserve)
  const { kept, said } = foldColumns(rendered, columns, layout.fields !== undefined)
  const token = page.continuation(rendered.length)
  const note = [chosen.note ?? driftNote(page.drift), page.wall]
    .filter((text) => text !== undefined)
    .join(' ')
  const summary = headlineOf(operation, page, page.rows.slice(0, rendered.length), said, layout)
  const lines = rendered.map(({ cells }) => kept.map((column) => cells[columns.indexOf(column)]).join('\t'))
  const table = kept.length > 0 && rendered.length > 0 ? [kept.join('\t'), ...lines] : []
  const more = token === undefined ? [] : [`More: the same arguments with continuationToken "${token}"`]
  return {
    summary,
    body: [...table, ...blocksOf(rendered), ...(note ? [`Note: ${note}`] : []), ...more].join('\n'),
    rows: rendered.map(({ row }) => row),
    ...(page.total !== undefined && { total: page.total }),
    ...(token !== undefined && { continuationToken: token }),
    ...(note && { note }),
  }
}

/** One record, a line per field. */
export function recordReply(operation: Operation, single: Single, budget: number): Reply {
  const flat = flatten(single.record)
  const names = Object.keys(flat)
  const columns = names.slice(0, mostColumns(budget))
  const [rendered] = fill([flat], columns, budget - reserve)
  const note = noteOf(driftNote(single.drift), leftOut(names.length - columns.length))
  const lines = columns.map((column, index) => [column, rendered?.cells[index] ?? ''] as const)
  return {
    summary: `${nounOf(operation.name)} ${cell(flat['id'])}`.trim(),
    body: [
      ...lines
        .filter(([, text]) => text !== '' && text !== '(below)')
        .map(([column, text]) => `${column}: ${text}`),
      ...blocksOf(rendered ? [rendered] : []),
      ...(note ? [`Note: ${note}`] : []),
    ].join('\n'),
    rows: rendered ? [rendered.row] : [],
    ...(note && { note }),
  }
}
