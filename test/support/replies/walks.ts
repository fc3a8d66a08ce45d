import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { type Hostile, hostileRows, type List, type Row, rowOf } from './lists.ts'
import { type Asking, type Both, both, cellsOf, columnOf, walked } from './reading.ts'

// Lists walked by their tokens, in both forms: every row once, in order, with its text or the beginning of it.

/** Where rows are put, and who asks for them, in memory or over HTTP. */
export interface Source {
  readonly put: (rows: readonly Row[]) => void
  readonly asked: () => number
  /** Does something with a caller of its own. */
  readonly with: <T>(environment: Environment, act: (asking: Asking) => Promise<T>) => Promise<T>
}

/** Does something with a caller whose replies hold so many characters. */
export function within<T>(
  source: Source,
  budget: number,
  list: List,
  act: (asking: Asking) => Promise<T>,
): Promise<T> {
  return source.with({ ...list.settings, QUALYS_REPLY_CHARS: String(budget) }, act)
}

const roomy = 400_000
/** "sandbox: " may come before a reply, and is counted. */
const prefix = 10
/** However tight the budget, so much of a text is shown. */
const shortest = 100

/** The text of a row, as the text form shows it: in the table, or below it. A column of nothing else is no column. */
function textIn({ text }: Both, list: List, at: number): string {
  const { head, lines, below } = text
  const cell = lines[at]?.[head.indexOf(list.label)] ?? ''
  return ['', '(below)'].includes(cell)
    ? (below.get(`${list.label} of ${lines[at]?.[head.indexOf(list.key)]}`) ?? cell)
    : cell
}

/** A value of the JSON form in a table; fences cannot stand in one. */
const inTable = (value: string): string =>
  value.replace(/\s+/g, ' ').trim().replaceAll('<<', '‹‹').replaceAll('>>', '››')

/** All rows once, in order, in both forms, each with its text or the beginning of it. */
function expectWhole(pages: readonly Both[], list: List, { rows, shown }: Hostile): void {
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
      // Several lines stand below the table; so do long texts, which may be cut until they look short.
      const either = value.trim().includes('\n') ? [below] : [below, inTable(value)]
      expect(either).toContain(textIn(page, list, at))
    }
  }
}

/** Pages cut behind each row in turn, and gone on with; `keep` says which of the hostile rows there are. */
export async function expectEveryCut(
  source: Source,
  list: List,
  keep: (index: number) => boolean,
): Promise<void> {
  const all = hostileRows(list)
  const half = (_: unknown, index: number): boolean => keep(index)
  const some = { rows: all.rows.filter(half), shown: all.shown.filter(half) }
  // A name this long makes the JSON form the larger one of every row: else the cut may fall a row before it has to.
  const wide = 'aFieldThatQualysMayHaveAddedSinceWithANameLongerThanItsValue'
  source.put(some.rows.map((row, index) => ({ ...row, [wide]: index })))
  // Texts come first in their lines, wherever the id is found without standing there.
  const fields = [...(list.key === 'id' ? [list.label, list.key] : [list.key, list.label]), wide]
  // One row is left for another page: SAQ tells the total of a list on its last.
  const args = { ...list.args, fields, pageSize: some.rows.length - 1 }
  // Sorted by texts, tokens are as long as these, and fewer rows may need more room.
  const exact = list.args === undefined
  await within(source, roomy, list, async (roomyOne) => {
    for (let cut = 1; cut < some.rows.length - 1; cut++) {
      const larger = await both(roomyOne, list.tool, { ...args, pageSize: cut + 1 })
      const enough = larger.size + prefix
      const more = await within(source, enough, list, (one) => one.call(list.tool, args, 'json'))
      const first = await within(source, enough - 1, list, (one) => both(one, list.tool, args))
      if (exact) expect([first.json.returned, more.structured.returned]).toEqual([cut, cut + 1])
      expect(first.size).toBeLessThan(enough)
      const { continuationToken } = first.json
      const rest = await both(roomyOne, list.tool, { ...args, pageSize: 200, continuationToken })
      expectWhole([first, rest], list, some)
    }
  })
}

/** All hostile rows, in pages of at most so many characters. */
export async function expectHostileWalk(source: Source, list: List, budget: number): Promise<void> {
  const all = hostileRows(list)
  source.put(all.rows)
  const args = { ...list.args, pageSize: all.rows.length }
  const pages = await within(source, budget, list, (one) => walked(() => one, list.tool, args, budget))
  expect(pages.length).toBeGreaterThan(1)
  expectWhole(pages, list, all)
}

const pageSize = 4
/** Room for one row, for two, for three and for four. */
export const everyBudget = [2_000, 2_700, 3_700, 9_000]
/** The walk that is compared with one by callers that each serve a single page. */
export const comparedBudget = 2_700

/** Rows of like length, so that every budget cuts every page; each with an id of its own. */
function evenRows(list: List): Row[] {
  const { shown } = hostileRows(list)
  return [...shown.slice(6), ...shown.slice(6)]
    .slice(0, 26)
    .map((text, index) =>
      rowOf(list, index, `${text.slice(0, 300)} ${`${index} `.repeat(200)}`.padEnd(900, '.').slice(0, 900)),
    )
}

/** The marks of fences are drawn anew each time. */
const withoutMarks = ({ text, json }: Both): object => ({ ...text, below: [...text.below], json })

/** Batches are kept behind the pages (session/ahead.ts): tokens point into them, and the pages are the same without. */
export async function expectReadAhead(source: Source, list: List, budgets: readonly number[]): Promise<void> {
  const rows = evenRows(list)
  const ids = rows.map((row) => row[list.key])
  expect(rows.length, 'pages beyond the third').toBeGreaterThan(4 * pageSize)
  const args = { ...list.args, pageSize }
  const most: number[] = []
  for (const budget of budgets) {
    source.put(rows)
    const pages = await within(source, budget, list, (one) => walked(() => one, list.tool, args, budget))
    // Each page comes in two forms: without batches, they are asked for twice.
    expect(source.asked()).toBeLessThan(pages.length + 4)
    expect(columnOf(pages, list.key)).toEqual(ids)
    expect(cellsOf(pages, list.key)).toEqual(ids)
    if (budget === comparedBudget) {
      const others = await singly(source, list, args, budget)
      expect(pages.map(withoutMarks)).toEqual(others.map(withoutMarks))
    }
    most.push(Math.max(...pages.slice(0, -1).map(({ json }) => json.returned)))
  }
  // Sorted by texts, tokens take the room of a row.
  if (list.args === undefined) expect(most).toEqual(budgets.map((budget) => everyBudget.indexOf(budget) + 1))
}

/** Every page by a caller of its own, which has nothing kept. */
async function singly(source: Source, list: List, args: object, budget: number): Promise<Both[]> {
  const pages: Both[] = []
  for (let continuationToken: string | undefined; ; ) {
    const page = await within(source, budget, list, (one) =>
      both(one, list.tool, { ...args, continuationToken }),
    )
    pages.push(page)
    continuationToken = page.json.continuationToken
    if (continuationToken === undefined) return pages
  }
}
