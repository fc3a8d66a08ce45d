import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { type Hostile, hostileRows, type List, type Row, rowOf } from './lists.ts'
import {
  type BothForms,
  cellsOf,
  columnOf,
  type NamedToolCaller,
  readAllPages,
  readBothForms,
} from './reply-reader.ts'

// Lists walked by their tokens, in both forms: every row once, in order, with its text or the beginning of it.

/** Sets the rows, and opens callers, in memory or over HTTP. */
export interface Source {
  readonly put: (rows: readonly Row[]) => void
  readonly pageRequests: () => number
  /** Runs `act` with a caller of its own. */
  readonly with: <T>(environment: Environment, act: (asking: NamedToolCaller) => Promise<T>) => Promise<T>
}

/** Runs `act` with a caller whose replies have at most `budget` characters. */
export function withBudget<T>(
  source: Source,
  budget: number,
  list: List,
  act: (asking: NamedToolCaller) => Promise<T>,
): Promise<T> {
  return source.with({ ...list.settings, QUALYS_REPLY_CHARS: String(budget) }, act)
}

const ampleBudget = 400_000
/** "sandbox: " may precede a reply, and counts. */
const prefix = 10
/** Even the smallest budget shows this much of a text. */
const shortest = 100

/**
 * The text of a row in the text form: in the table, or below it. A column without values in the table is left out.
 */
function textIn({ text }: BothForms, list: List, at: number): string {
  const { head, lines, below } = text
  const cell = lines[at]?.[head.indexOf(list.label)] ?? ''
  return ['', '(below)'].includes(cell)
    ? (below.get(`${list.label} of ${lines[at]?.[head.indexOf(list.key)]}`) ?? cell)
    : cell
}

/** A value of the JSON form as the table shows it; fences are replaced there. */
const inTable = (value: string): string =>
  value.replace(/\s+/g, ' ').trim().replaceAll('<<', '‹‹').replaceAll('>>', '››')

/** Expects all rows once, in order, in both forms, each with its text or the beginning of it. */
function expectAllRows(pages: readonly BothForms[], list: List, { rows, shown }: Hostile): void {
  const ids = rows.map((row) => row[list.key])
  expect(columnOf(pages, list.key)).toEqual(ids)
  expect(cellsOf(pages, list.key)).toEqual(ids)
  for (const [at, text] of columnOf(pages, list.label).entries()) {
    const seen = String(text ?? '')
    expect(seen, `row ${at}`).toBe(shown[at]?.slice(0, Math.max(seen.length, shortest)))
  }
  for (const page of pages) {
    for (const [at, row] of page.json.rows.entries()) {
      const value = String(row[list.label] ?? '')
      const below = value.replace(/\n+$/, '')
      // Texts of several lines are below the table; so are long texts, which may be cut until they look short.
      const either = value.trim().includes('\n') ? [below] : [below, inTable(value)]
      expect(either).toContain(textIn(page, list, at))
    }
  }
}

/** Pages cut after each row in turn, and continued; `keep` selects from the hostile rows. */
export async function expectEveryCut(
  source: Source,
  list: List,
  keep: (index: number) => boolean,
): Promise<void> {
  const all = hostileRows(list)
  const half = (_: unknown, index: number): boolean => keep(index)
  const some = { rows: all.rows.filter(half), shown: all.shown.filter(half) }
  // A name this long makes the JSON form the larger one for every row: otherwise the cut may come a row early.
  const wide = 'aFieldThatQualysMayHaveAddedSinceWithANameLongerThanItsValue'
  source.put(some.rows.map((row, index) => ({ ...row, [wide]: index })))
  // Texts come before ids in the lines, unless the id is shown anyway.
  const fields = [...(list.key === 'id' ? [list.label, list.key] : [list.key, list.label]), wide]
  // One row is left for another page: SAQ gives the total of a list only on its last page.
  const args = { ...list.args, fields, pageSize: some.rows.length - 1 }
  // In lists sorted by text, tokens are as long as the texts, and fewer rows may need more room.
  const exact = list.args === undefined
  await withBudget(source, ampleBudget, list, async (roomyOne) => {
    for (let cut = 1; cut < some.rows.length - 1; cut++) {
      const larger = await readBothForms(roomyOne, list.tool, { ...args, pageSize: cut + 1 })
      const enough = larger.size + prefix
      const more = await withBudget(source, enough, list, (one) => one.call(list.tool, args, 'json'))
      const first = await withBudget(source, enough - 1, list, (one) => readBothForms(one, list.tool, args))
      if (exact) expect([first.json.returned, more.structured.returned]).toEqual([cut, cut + 1])
      expect(first.size).toBeLessThan(enough)
      const { continuationToken } = first.json
      const rest = await readBothForms(roomyOne, list.tool, { ...args, pageSize: 200, continuationToken })
      expectAllRows([first, rest], list, some)
    }
  })
}

/** All hostile rows, in pages of at most so many characters. */
export async function expectHostileWalk(source: Source, list: List, budget: number): Promise<void> {
  const all = hostileRows(list)
  source.put(all.rows)
  const args = { ...list.args, pageSize: all.rows.length }
  const pages = await withBudget(source, budget, list, (one) =>
    readAllPages(() => one, list.tool, args, budget),
  )
  expect(pages.length).toBeGreaterThan(1)
  expectAllRows(pages, list, all)
}

const pageSize = 4
/** Room for one row, for two, for three and for four. */
export const everyBudget = [2_000, 2_700, 3_700, 9_000]
/** The walk that is compared with one by callers that each read a single page. */
export const comparedBudget = 2_700

/** Rows of similar length, so that every budget cuts every page; each has its own id. */
function evenRows(list: List): Row[] {
  const { shown } = hostileRows(list)
  return [...shown.slice(6), ...shown.slice(6)]
    .slice(0, 26)
    .map((text, index) =>
      rowOf(list, index, `${text.slice(0, 300)} ${`${index} `.repeat(200)}`.padEnd(900, '.').slice(0, 900)),
    )
}

/** The marks of fences are random. */
const withoutMarks = ({ text, json }: BothForms): object => ({ ...text, below: [...text.below], json })

/**
 * Batches are cached for the next pages (session/lists/read-ahead.ts): tokens point into them, and the pages are
 * the same without the cache.
 */
export async function expectReadAhead(source: Source, list: List, budgets: readonly number[]): Promise<void> {
  const rows = evenRows(list)
  const ids = rows.map((row) => row[list.key])
  expect(rows.length, 'pages beyond the third').toBeGreaterThan(4 * pageSize)
  const args = { ...list.args, pageSize }
  const most: number[] = []
  for (const budget of budgets) {
    source.put(rows)
    const pages = await withBudget(source, budget, list, (one) =>
      readAllPages(() => one, list.tool, args, budget),
    )
    // Each page is read in two forms: without a cache, it would be requested twice.
    expect(source.pageRequests()).toBeLessThan(pages.length + 4)
    expect(columnOf(pages, list.key)).toEqual(ids)
    expect(cellsOf(pages, list.key)).toEqual(ids)
    if (budget === comparedBudget) {
      const others = await readPagesSingly(source, list, args, budget)
      expect(pages.map(withoutMarks)).toEqual(others.map(withoutMarks))
    }
    most.push(Math.max(...pages.slice(0, -1).map(({ json }) => json.returned)))
  }
  // In lists sorted by text, tokens take the room of a row.
  if (list.args === undefined) expect(most).toEqual(budgets.map((budget) => everyBudget.indexOf(budget) + 1))
}

/** Every page by a caller of its own, which has nothing cached. */
async function readPagesSingly(
  source: Source,
  list: List,
  args: object,
  budget: number,
): Promise<BothForms[]> {
  const pages: BothForms[] = []
  for (let continuationToken: string | undefined; ; ) {
    const page = await withBudget(source, budget, list, (one) =>
      readBothForms(one, list.tool, { ...args, continuationToken }),
    )
    pages.push(page)
    continuationToken = page.json.continuationToken
    if (continuationToken === undefined) return pages
  }
}
