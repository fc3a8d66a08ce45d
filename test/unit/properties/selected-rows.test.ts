import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import type { Cursor, Page, Row } from '../../../src/session/answer.ts'
import { collectRows } from '../../../src/session/paging/collect.ts'
import { decodeCursor, tokenAfter } from '../../../src/session/paging/continuation.ts'
import { scannedUpTo } from '../../../src/session/paging/page.ts'
import type { FetchPage } from '../../../src/session/paging/paging.ts'
import type { Session } from '../../../src/session/session.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { RowSelector } from '../../../src/tools/rows/row-selector.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { lists, rowOf } from '../../support/replies/lists.ts'
import { rowsInMemory } from '../../support/replies/memory.ts'

// Rows that a filter keeps, over pages that are cut anywhere, against a plain look at all rows.

/** What a host's result shows: a failure, a success, an end without a code, or nothing yet. */
const kinds = ['failed', 'succeeded', 'unknown', 'open'] as const
type Kind = (typeof kinds)[number]

const ended = { endDate: '2026-01-01T00:00:00Z' }
const parts: Readonly<Record<Kind, object>> = {
  failed: { ...ended, output: { code: 2 } },
  succeeded: { ...ended, output: { code: 0 } },
  unknown: { ...ended, output: { text: 'lost' } },
  open: {},
}
const resultOf = (kind: Kind, at: number): Row => ({
  id: String(at),
  created: { dateTime: '2026-01-01T00:00:00Z' },
  ...parts[kind],
})

const binding = { tool: 'car_search_asset_jobs', account: 'somebody', query: {} }
const asIs = { redact: (text: string) => text } as Session

/** A list whose answers hold at most some rows. The first request from row `failing` on fails. */
function listOf(rows: readonly Row[], mostRows: number, failing = Infinity): FetchPage {
  let hasFailed = false
  return async ([from], count) => {
    if (!hasFailed && from >= failing) {
      hasFailed = true
      throw new VendorError('Qualys failed.', 'Call again.')
    }
    const end = Math.min(rows.length, from + Math.min(count, mostRows))
    return {
      rows: rows
        .slice(from, end)
        .map((record, at) => ({ record, cursorAfter: [from + at + 1, `after ${from + at}`] as Cursor })),
      total: rows.length,
      hasMore: end < rows.length,
    }
  }
}

interface Walked {
  readonly ids: string[]
  /** Of all pages, by what each shows. */
  readonly unknown: number
  readonly scanned: number
  readonly first: Page
}

/** Walks the failed results page by page; each page shows only some of its rows, as a small budget does. */
async function walk(
  next: FetchPage,
  pageSize: number,
  mostShown: readonly number[],
  countsFirst: boolean,
): Promise<Walked> {
  const pages: { readonly page: Page; readonly shown: number; readonly unknown: number }[] = []
  for (let token: string | undefined; ; ) {
    const isFirst = pages.length === 0 && countsFirst
    const args = { outcome: 'failed', ...(!isFirst && { continuationToken: 'a token' }) }
    const context = { session: asIs, signal: new AbortController().signal }
    const selection = new RowSelector(searchAssetJobs, args, [], context)
    const start: Cursor = token === undefined ? [0] : decodeCursor(token, binding)
    const options = { start, count: pageSize, selection }
    const { records: _, ...collected } = await collectRows(searchAssetJobs, args, options, next)
    const page: Page = { kind: 'page', ...collected, binding }
    const shown = Math.min(page.rows.length, mostShown[pages.length % mostShown.length] ?? 1)
    pages.push({ page, shown, unknown: selection.unknownUpTo(page.rows)[shown] ?? 0 })
    token = tokenAfter(page, shown)
    expect(pages.length).toBeLessThan(200)
    if (token === undefined) break
  }
  const [{ page: first } = { page: undefined }] = pages
  if (!first) throw new Error('no page')
  return {
    ids: pages.flatMap(({ page, shown }) => page.rows.slice(0, shown).map(({ id }) => String(id))),
    unknown: pages.reduce((sum, { unknown }) => sum + unknown, 0),
    scanned: pages.reduce((sum, { page, shown }) => sum + scannedUpTo(page, shown), 0),
    first,
  }
}

const anyWalk = fc.record({
  rows: fc.array(fc.constantFrom(...kinds), { maxLength: 60, size: 'max' }).map((all) => all.map(resultOf)),
  mostRows: fc.integer({ min: 3, max: 25 }),
  pageSize: fc.integer({ min: 1, max: 12 }),
  mostShown: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
})

const kindOf = (kind: Kind, rows: readonly Row[]): Row[] =>
  rows.filter((row) => JSON.stringify({ ...resultOf(kind, 0), id: row['id'] }) === JSON.stringify(row))

test('each row that is kept is shown once, and each unknown one is counted once', async () => {
  await checkAsyncProperty(anyWalk, 300, async ({ rows, mostRows, pageSize, mostShown }) => {
    const walked = await walk(listOf(rows, mostRows), pageSize, mostShown, false)
    expect(walked.ids).toEqual(kindOf('failed', rows).map(({ id }) => id))
    expect(walked.unknown).toBe(kindOf('unknown', rows).length)
    expect(walked.scanned).toBe(rows.length)
  })
})

test('the first page counts all of them, as far as twenty calls reach', async () => {
  await checkAsyncProperty(anyWalk, 300, async ({ rows, mostRows, pageSize, mostShown }) => {
    const { ids, first } = await walk(listOf(rows, mostRows), pageSize, mostShown, true)
    expect(ids).toEqual(kindOf('failed', rows).map(({ id }) => id))
    expect(first.found).toEqual({
      matches: kindOf('failed', rows.slice(0, 20 * mostRows)).length,
      scanned: Math.min(rows.length, 20 * mostRows),
      isWhole: rows.length <= 20 * mostRows,
    })
  })
})

test('a call that fails after a full page costs no row', async () => {
  const outcomes = { thrown: 0, counted: 0 }
  await checkAsyncProperty(fc.tuple(anyWalk, fc.nat(59)), 300, async ([drawn, failing]) => {
    const { rows, mostRows, pageSize, mostShown } = drawn
    const failsAt = Math.ceil(failing / mostRows) * mostRows
    if (failsAt >= rows.length || rows.length === 0) return
    const before = kindOf('failed', rows.slice(0, failsAt)).length
    const walked = walk(listOf(rows, mostRows, failing), pageSize, mostShown, true)
    if (before < pageSize) {
      outcomes.thrown++
      await expect(walked).rejects.toThrow('Qualys failed.')
      return
    }
    outcomes.counted++
    const { ids, first } = await walked
    expect(ids).toEqual(kindOf('failed', rows).map(({ id }) => id))
    expect(first.found).toEqual({ matches: before, scanned: failsAt, isWhole: false })
  })
  expect(outcomes.thrown).toBeGreaterThan(10)
  expect(outcomes.counted).toBeGreaterThan(10)
})

const words = ['alpha', 'beta', 'gamma', 'straße', 'İstanbul']
const anySearch = fc.record({
  texts: fc.array(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }), {
    maxLength: 40,
    size: 'max',
  }),
  asked: fc.array(fc.constantFrom(...words, 'delta'), { minLength: 1, maxLength: 3 }),
  pageSize: fc.integer({ min: 1, max: 30 }),
  budget: fc.constantFrom('2000', '2500', '24000'),
})

test.each(lists.map((list) => [`${list.tool}, ${list.paging}`, list] as const))(
  'match in %s: each row once, and the number of all on the first page',
  async (_, list) => {
    await checkAsyncProperty(anySearch, 25, async ({ texts, asked, pageSize, budget }) => {
      const memory = rowsInMemory()
      memory.put(texts.map((text, at) => rowOf(list, at, `${text.join(' ')} ${at}`)))
      const caller = memory.caller({ ...list.settings, QUALYS_REPLY_CHARS: budget })
      const isMeant = (text: readonly string[]): boolean => asked.every((word) => text.includes(word))
      const wanted = texts.flatMap((text, at) => (isMeant(text) ? [rowOf(list, at, '')[list.key]] : []))
      const args = { ...list.args, match: asked.join(' ').toUpperCase(), pageSize, fields: [list.key] }
      const ids: unknown[] = []
      for (let continuationToken: string | undefined; ; ) {
        const { structured } = await caller.call(list.tool, { ...args, continuationToken }, 'json')
        if (continuationToken === undefined && structured.returned > 0)
          expect(structured.summary).toMatch(
            new RegExp(
              `(?:: | of )${wanted.length} match(?:es)? in ${texts.length} of ${texts.length} scanned`,
            ),
          )
        ids.push(...structured.rows.map((row) => row[list.key]))
        continuationToken = structured.continuationToken
        expect(ids.length).toBeLessThanOrEqual(wanted.length)
        if (continuationToken === undefined) break
      }
      expect(ids).toEqual(wanted)
    })
  },
)
