import fc from 'fast-check'
import { expect } from 'vitest'
import { lists, rowOf } from '../replies/lists.ts'
import { columnOf, parsePage, readAllPages } from '../replies/reply-reader.ts'
import type { Source } from '../replies/walks.ts'
import { checkAsyncProperty } from './property.ts'
import { arbitraryRows, fenceBreaking, rowsOf } from './rows.ts'

// Any rows, in any list, at any page size and budget: each row once, both forms alike, none too long, no broken
// fence.

export async function expectEveryRowOnce(source: Source, runs: number): Promise<void> {
  await checkAsyncProperty(
    arbitraryRows,
    runs,
    async ({ list: which, rows: drawn, pageSize, budget, fields }) => {
      const list = lists[which]
      if (!list) throw new Error('there is a list')
      const rows = rowsOf(list, drawn)
      source.put(rows)
      const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_REPLY_CHARS: String(budget), ...list.settings }
      await source.with(settings, async (asking) => {
        const args = {
          ...list.args,
          pageSize,
          ...(fields && { fields: [...new Set([list.key, ...fields])] }),
        }
        const pages = await readAllPages(() => asking, list.tool, args, budget)
        expect(columnOf(pages, list.key).map(String)).toEqual(rows.map((row) => String(row[list.key])))
        expect(pages.flatMap(({ json }) => json.rows)).toHaveLength(rows.length)
      })
    },
  )
}

export async function expectNoFenceBroken(source: Source, runs: number): Promise<void> {
  const [jobs] = lists
  if (!jobs) throw new Error('there is a list')
  await source.with({}, (asking) =>
    checkAsyncProperty(fc.array(fenceBreaking, { minLength: 1, maxLength: 6 }), runs, async (texts) => {
      source.put(
        texts.map((text, index) => rowOf(jobs, index, text, { platform: text, executionType: text })),
      )
      // Text from Qualys begins each line.
      const { text } = await asking.call('car_search_jobs', { fields: ['title', 'id', 'platform'] })
      // The reader throws on anything that is neither a table, a fence nor one of our lines.
      const { token, below } = parsePage(text)
      expect(token).toBeUndefined()
      for (const inside of below.values()) expect(text.split(inside).length, inside).toBeGreaterThan(1)
      const last = text.split('\n').filter((line) => /^(?:More|Note): /.test(line))
      const inFences = [...below.values()].join('\n')
      for (const line of last) expect(inFences.includes(line) || line.startsWith('Note: '), line).toBe(true)
    }),
  )
}
