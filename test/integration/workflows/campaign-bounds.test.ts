import type { IncomingMessage } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { ago, type Fields, ofKind, openDesk, questionnaire, service, today, xml } from './campaign-desk.ts'

// Campaigns that go to a whole industry: every questionnaire counted once, none kept.

/** A page that was asked for. */
interface Asked {
  readonly from: number
  readonly size: number
  readonly behind: number | undefined
}

interface Manners {
  /** Called with each page, before it is answered. */
  readonly onPage?: (asked: Asked) => void | Promise<void>
  readonly onUser?: () => void | Promise<void>
  /** Whether answers say that there is more. */
  readonly saysMore?: boolean
  /** What each row holds besides. */
  readonly padding?: string
}

const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED', 'CLOSED']

const rowOf = (id: number, padding?: string): Fields =>
  questionnaire({
    id,
    title: `Audit - F${id % 40} Lee`,
    state: states[id % states.length],
    risk: id % 3 === 0 ? 'HIGH' : undefined,
    dueDate: ago((id % 100) - 20),
    padding,
  })

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const [, digits] = pattern.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** An API server of a few lines with so many questionnaires, which pages by offset and by id. */
function openApi(count: number, manners: Manners = {}): Promise<Sandbox> {
  const { onPage, onUser, saysMore = true, padding } = manners
  return openGateway(async (request, response) => {
    const body = await textOf(request)
    const path = request.url ?? ''
    response.setHeader('content-type', 'application/xml')
    if (path.includes('/get/saq/questionnairecampaign/'))
      return void response.end(
        service('QuestionnaireCampaign', [{ id: 1, name: 'Audit', status: 'ACTIVE', workflowType: 'FULL' }]),
      )
    if (path.includes('/search/saq/user')) {
      await onUser?.()
      return void response.end(service('User', []))
    }
    const size = numberIn(body, /<limitResults>(\d+)</) ?? 100
    const behind = numberIn(body, /field="id" operator="GREATER">(\d+)</)
    const from = behind ?? (numberIn(body, /<startFromOffset>(\d+)</) ?? 1) - 1
    await onPage?.({ from, size, behind })
    const rows = Array.from({ length: Math.min(size, count - from) }, (_, at) =>
      rowOf(from + at + 1, padding),
    )
    const more = from + rows.length < count
    response.end(
      saysMore
        ? service('Questionnaire', rows, more)
        : xml('ServiceResponse', {
            responseCode: 'SUCCESS',
            count: rows.length,
            data: { Questionnaire: rows },
          }),
    )
  })
}

/** What a list of so many comes to. */
function expected(count: number) {
  const byState = new Map<string, number>()
  let opened = 0
  let overdue = 0
  for (let id = 1; id <= count; id++) {
    const state = states[id % states.length] ?? ''
    byState.set(state, (byState.get(state) ?? 0) + 1)
    if (id % states.length > 2) continue
    opened++
    if ((id % 100) - 20 > 0) overdue++
  }
  return { byState: Object.fromEntries(byState), opened, overdue }
}

const open: { readonly close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function deskAt(api: Sandbox, extra: Record<string, string> = {}) {
  const desk = await openDesk(api, today, extra)
  open.push(api, desk)
  return desk
}

const heap = (): number => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

describe('100,000 questionnaires', () => {
  test.each(['offset', 'id'])(
    'by %s: each counted once, none kept',
    async (by) => {
      const heaps = new Map<number, number>()
      const pages: Asked[] = []
      const api = await openApi(100_000, {
        onPage: (asked) => {
          pages.push(asked)
          if (asked.from === 20_000 || asked.from === 99_000) heaps.set(asked.from, heap())
        },
      })
      const desk = await deskAt(api, { QUALYS_SAQ_PAGING: by })
      const { structured, text, isError } = await desk.ask({ campaignId: 1, late: 200 }, 'json')
      expect(isError, text).toBe(false)
      const { byState, opened, overdue } = expected(100_000)
      expect(Object.fromEntries(ofKind(structured, 'state').map(({ word, count }) => [word, count]))).toEqual(
        byState,
      )
      expect(structured.summary).toContain(
        `; 100,000 questionnaires: ${opened.toLocaleString('en')} open, ${overdue.toLocaleString('en')} of them overdue`,
      )
      const late = ofKind(structured, 'late')
      expect(new Set(late.map(({ questionnaire }) => questionnaire)).size).toBe(late.length)
      expect(late[0]).toMatchObject({ daysOverdue: 79, waitsFor: 'recipient' })

      expect(pages).toHaveLength(100)
      expect(new Set(pages.map(({ size }) => size))).toEqual(new Set([1_000]))
      expect(pages.filter(({ behind }) => behind !== undefined)).toHaveLength(by === 'id' ? 99 : 0)
      // 80,000 rows of 300 characters would be 24 MB as text alone.
      expect((heaps.get(99_000) ?? Number.NaN) - (heaps.get(20_000) ?? Number.NaN)).toBeLessThan(4_000_000)
      // 30 MB of XML on a machine that does other things besides.
    },
    240_000,
  )

  test('are told of while they are counted: more each time, of how many at the end', async () => {
    const desk = await deskAt(await openApi(5_500))
    await desk.ask({ campaignId: 1 })
    expect(desk.progress.map(([done]) => done)).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 5_500])
    expect(desk.progress.map(([, total]) => total)).toEqual([...Array(5).fill(undefined), 5_500])
  })
})

describe('pages', () => {
  test.each([0, 1, 999, 1_000, 1_001, 2_000])(
    '%i rows, where no answer says that there is more',
    async (count) => {
      const desk = await deskAt(await openApi(count, { saysMore: false }))
      const { text } = await desk.ask({ campaignId: 1, late: 0 })
      expect(text).toContain(`; ${count.toLocaleString('en')} questionnaire${count === 1 ? '' : 's'}: `)
    },
  )

  test('too large to be read are asked for again in halves, and no row is lost', async () => {
    const sizes: number[] = []
    const api = await openApi(1_300, {
      padding: 'x'.repeat(17_000),
      onPage: ({ size }) => void sizes.push(size),
    })
    const desk = await deskAt(api)
    const { structured } = await desk.ask({ campaignId: 1, late: 0 }, 'json')
    expect(sizes.slice(0, 2)).toEqual([1_000, 500])
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes)
    expect(Object.fromEntries(ofKind(structured, 'state').map(({ word, count }) => [word, count]))).toEqual(
      expected(1_300).byState,
    )
  })
})

describe('a cancelled call', () => {
  test('asks for no more pages', async () => {
    const stop = new AbortController()
    let pages = 0
    const api = await openApi(50_000, {
      onPage: () => {
        pages++
        if (pages === 3) stop.abort(new Error('enough'))
      },
    })
    const desk = await deskAt(api)
    await expect(desk.cancellable({ campaignId: '1' }, stop.signal)).rejects.toThrow('enough')
    const seen = pages
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([seen, pages]).toEqual([3, 3])
  })

  test('looks nobody up any more', async () => {
    const stop = new AbortController()
    let searches = 0
    const api = await openApi(3_000, {
      onUser: () => {
        searches++
        if (searches === 2) stop.abort(new Error('enough'))
      },
    })
    const desk = await deskAt(api)
    await expect(desk.cancellable({ campaignId: '1', late: 200 }, stop.signal)).rejects.toThrow('enough')
    const seen = searches
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([seen, searches]).toEqual([2, 2])
  })

  test('before it began asks for nothing', async () => {
    let pages = 0
    const desk = await deskAt(await openApi(10, { onPage: () => void pages++ }))
    await expect(
      desk.cancellable({ campaignId: '1' }, AbortSignal.abort(new Error('never'))),
    ).rejects.toThrow('never')
    expect(pages).toBe(0)
  })
})
