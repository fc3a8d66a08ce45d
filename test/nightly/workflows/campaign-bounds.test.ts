import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { openGateway } from '../../support/session/gateway.ts'
import { ofKind, today } from '../../support/workflows/campaigns.ts'
import {
  type AnswerOptions,
  answersFor,
  expectedCounts,
  type Page,
} from '../../support/workflows/questionnaires.ts'
import { openStatusServer } from '../../support/workflows/status-server.ts'

// Campaigns for a whole industry: every questionnaire is counted once, none is stored.

const open: { readonly close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function statusOf(
  count: number,
  manners: AnswerOptions,
  late: number,
  extra: Record<string, string> = {},
) {
  const answers = answersFor(count, manners)
  const api = await openGateway(async (request, response) => {
    const { body } = answers({ path: request.url ?? '', body: await text(request) })
    // A page takes long to read: a kept connection would be closed meanwhile.
    response.writeHead(200, { 'content-type': 'application/xml', connection: 'close' }).end(body)
  })
  const server = await openStatusServer(api, today, extra)
  open.push(api, server)
  const reply = await server.ask({ campaignId: 1, late }, 'json')
  expect(reply.isError, reply.text).toBe(false)
  return reply.structured
}

const heap = (): number => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

test.each(['offset', 'id'])(
  '200,000 questionnaires by %s: each counted once, none kept in memory',
  async (by) => {
    const heaps = new Map<number, number>()
    const pages: Page[] = []
    const onPage = (page: Page): void => {
      pages.push(page)
      if (page.from === 20_000 || page.from === 199_000) heaps.set(page.from, heap())
    }
    const structured = await statusOf(200_000, { onPage }, 200, { QUALYS_SAQ_PAGING: by })
    const { byState, open: opened, overdue } = expectedCounts(200_000)
    const states = ofKind(structured, 'state').map(({ word, count }) => [word, count])
    expect(Object.fromEntries(states)).toEqual(byState)
    expect(structured.summary).toContain(
      `; 200,000 questionnaires: ${opened.toLocaleString('en')} open, ${overdue.toLocaleString('en')} of them overdue`,
    )
    const late = ofKind(structured, 'late')
    expect(new Set(late.map(({ questionnaire }) => questionnaire)).size).toBe(late.length)
    expect(late[0]).toMatchObject({ daysOverdue: 79 })
    expect(new Set(late.map(({ waitsFor }) => waitsFor))).toContain('recipient')
    expect(pages).toHaveLength(200)
    expect(new Set(pages.map(({ size }) => size))).toEqual(new Set([1_000]))
    expect(pages.filter(({ afterId }) => afterId !== undefined)).toHaveLength(by === 'id' ? 199 : 0)
    // 180,000 rows of 300 characters would be 54 MB as text alone.
    expect((heaps.get(199_000) ?? Number.NaN) - (heaps.get(20_000) ?? Number.NaN)).toBeLessThan(4_000_000)
  },
)

test('pages too large to be read are requested again in halves, and no row is lost', async () => {
  const sizes: number[] = []
  const onPage = ({ size }: Page): void => void sizes.push(size)
  const structured = await statusOf(1_300, { padding: 'x'.repeat(68_000), onPage }, 0)
  expect(sizes.slice(0, 2)).toEqual([1_000, 500])
  expect([...sizes].sort((a, b) => b - a)).toEqual(sizes)
  const states = ofKind(structured, 'state').map(({ word, count }) => [word, count])
  expect(Object.fromEntries(states)).toEqual(expectedCounts(1_300).byState)
})
