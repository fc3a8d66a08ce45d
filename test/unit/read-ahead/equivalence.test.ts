import { describe, expect, test, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Input } from '../../../src/operations/operation.ts'
import { ReadAheadCache } from '../../../src/session/paging/read-ahead.ts'
import { carList, type Page, saqList, serveUsers } from '../../support/session/lists.ts'
import { type AnswerSource, openInMemory, type QualysInMemory } from '../../support/session/memory.ts'

// A server with read-ahead shows the same as a new server for each page, and as a server that never reads ahead.

const ids = Array.from({ length: 24 }, (_, at) => at + 1)
const rows = ids.map((id) => ({ id: String(id), title: `run ${id}`, fileUuid: String(id) }))
const long = rows.map((row) => ({ ...row, title: row.title.padEnd(300, '.') }))

interface List {
  readonly name: string
  readonly tool: string
  readonly answering: AnswerSource
  readonly extra?: Environment
}

const lists: readonly List[] = [
  { name: 'by sort values', tool: 'car_search_jobs', answering: carList(rows, { sortValues: true }) },
  {
    name: 'by sort values, cut between rows',
    tool: 'car_search_jobs',
    answering: carList(long, { sortValues: true }),
    extra: { QUALYS_REPLY_CHARS: '2000' },
  },
  { name: 'without sort values', tool: 'car_search_jobs', answering: carList(rows) },
  { name: 'by page number', tool: 'car_search_scripts', answering: carList(rows) },
  { name: 'by offset', tool: 'car_list_reports', answering: carList(rows) },
  { name: 'whole', tool: 'car_list_script_types', answering: carList(rows) },
  { name: 'of SAQ by offset', tool: 'saq_search_users', answering: saqList(serveUsers(ids)) },
  {
    name: 'of SAQ by id',
    tool: 'saq_search_users',
    answering: saqList(serveUsers(ids)),
    extra: { QUALYS_SAQ_PAGING: 'id' },
  },
]

/** Every page of a list, with its arguments; `who` chooses the server for each. */
async function collectPages(
  who: () => QualysInMemory,
  tool: string,
  sizes: readonly number[],
): Promise<[Input, Page][]> {
  const pages: [Input, Page][] = []
  for (let continuationToken: string | undefined; ; ) {
    const args = { pageSize: sizes[pages.length % sizes.length], fields: ['*'], continuationToken }
    const { structured, isError, text } = await who().call(tool, args)
    expect(isError, text).toBe(false)
    pages.push([args, structured])
    continuationToken = structured.continuationToken
    if (continuationToken === undefined) return pages
    expect(pages.length, 'a list that does not end').toBeLessThan(200)
  }
}

describe.each(lists)('$name', ({ tool, answering, extra = {} }) => {
  test.each([[[1]], [[7]], [[3, 20, 1, 5]]])('pages of %j', async (sizes) => {
    const open = (): QualysInMemory => openInMemory(answering, { extra })
    const spy = vi.spyOn(ReadAheadCache.prototype, 'wrap').mockImplementation((next) => next)
    const without = open()
    const plain = await collectPages(() => without, tool, sizes)
    spy.mockRestore()
    expect(plain.length).toBeGreaterThan(2)
    expect(without.sent).toHaveLength(plain.length)
    expect(await collectPages(open, tool, sizes)).toEqual(plain)
    const one = open()
    expect(await collectPages(() => one, tool, sizes)).toEqual(plain)
    if (plain.length > 8) expect(one.sent.length).toBeLessThan(plain.length)
    // Back and forth.
    for (const at of plain.keys()) {
      const [args, shown] = plain[(at * 7) % plain.length] ?? plain[0] ?? expect.fail('no page')
      expect((await one.call(tool, args)).structured).toEqual(shown)
    }
  })
})
