import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn, openSandbox } from '../harness.ts'
import { type Asked, plainly, searches, throughMany, throughOne, type Walked } from './pages.ts'

// What one server shows, with rows kept ahead, is what a new server for each page shows, and what one shows that never
// reads ahead: byte by byte.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let plainAssistantOn: typeof assistantOn
beforeAll(async () => {
  plainAssistantOn = await plainly()
  sandbox = await openSandbox({ jobs: 600 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const jobs = 'car_search_jobs'
const hosts = 'car_search_asset_jobs'
const short = { startAt: '2026-03-01' }

const ofCar: readonly Walked[] = [
  { tool: jobs, sizes: [20] },
  { tool: jobs, args: { startAt: '2026-09-01' }, sizes: [1] },
  { tool: jobs, args: short, sizes: [7, 50, 1, 3, 200, 20] },
  { tool: jobs, args: { sort: ['title:asc', 'severity:desc'] }, sizes: [40] },
  { tool: jobs, args: { sort: ['schedulerName:desc'] }, sizes: [60, 10] },
  { tool: jobs, args: { filter: 'platform:LINUX', sort: ['id:asc'] }, sizes: [30] },
  { tool: jobs, args: { scriptId: 19218 }, sizes: [9] },
  { tool: jobs, args: short, sizes: [11], fields: [['*'], ['id'], undefined, ['title', 'category']] },
  // Cut between rows: the token goes on behind the last one shown.
  { tool: jobs, args: short, sizes: [9], fields: [['*']], settings: { QUALYS_REPLY_CHARS: '3000' } },
  { tool: hosts, args: { startAt: '2026-07-01', endAt: '2026-11-18' }, sizes: [10] },
  { tool: hosts, args: { endAt: '2023-04-01' }, sizes: [35, 5], fields: [['*'], undefined] },
  { tool: 'car_search_assets', args: { filter: 'platform:MAC' }, sizes: [4, 9] },
  { tool: 'car_search_assets', args: { filter: 'platform:UNIX', sort: ['name:desc'] }, sizes: [12] },
  { tool: 'car_search_asset_tags', sizes: [3] },
  { tool: 'car_search_asset_tags', sizes: [7, 2], fields: [['*']] },
  { tool: 'car_search_schedules', sizes: [3] },
  { tool: 'car_search_schedules', args: { sort: ['title:asc'] }, sizes: [5, 1] },
  { tool: 'car_list_reports', sizes: [4] },
  { tool: 'car_list_reports', sizes: [2, 7], fields: [undefined, ['*']] },
  { tool: 'car_search_scripts', sizes: [9] },
  { tool: 'car_search_scripts', args: { filter: 'status:APPROVED' }, sizes: [13, 4] },
  { tool: 'car_list_script_types', sizes: [1] },
  { tool: 'car_list_script_languages', sizes: [2, 1] },
  { tool: 'car_search_blocked_commands', sizes: [1] },
]

const ofSaq = (way: string): readonly Walked[] =>
  [
    { tool: 'saq_search_users', args: { companyContains: 'Nimbus' }, sizes: [13] },
    { tool: 'saq_search_users', args: { companyContains: 'Nimbus' }, sizes: [5, 40], fields: [['*']] },
    { tool: 'saq_search_questionnaires', args: { risk: ['HIGH'] }, sizes: [60], fields: [undefined, ['id']] },
    { tool: 'saq_search_campaigns', sizes: [3] },
    { tool: 'saq_search_campaigns', sizes: [2, 9], fields: [['*']] },
    { tool: 'saq_search_templates', sizes: [6] },
    { tool: 'saq_search_library_templates', sizes: [4] },
  ].map((walked) => ({ ...walked, settings: { QUALYS_SAQ_PAGING: way } }))

const named = (all: readonly Walked[]) => all.map((walked) => [JSON.stringify(walked), walked] as const)
const answers = (pages: readonly Asked[]): string[] => pages.map(({ answer }) => answer)

/** The same numbers in an order that is always the same, and no order. */
const mixed = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => at).sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729))

async function by<T>(who: Promise<Assistant>, act: (assistant: Assistant) => Promise<T>): Promise<T> {
  const assistant = await who
  return act(assistant).finally(() => assistant.close())
}

/** Every page as a server shows it that reads nothing ahead. */
const withoutAhead = (walked: Walked): Promise<Asked[]> =>
  by(plainAssistantOn(sandbox, walked.settings), (assistant) => throughOne(assistant, walked))

/** Compares forwards; then every page once more, by one who goes to and fro. */
async function compare(walked: Walked): Promise<void> {
  const { control } = sandbox
  const { tool, settings } = walked
  await control.forget()
  const plain = await withoutAhead(walked)
  expect(plain.length).toBeGreaterThan(2)
  expect(await searches(control)).toHaveLength(plain.length)
  expect(answers(await throughMany(sandbox, walked))).toEqual(answers(plain))
  await by(assistantOn(sandbox, settings), async (one) => {
    await control.forget()
    expect(answers(await throughOne(one, walked))).toEqual(answers(plain))
    const calls = (await searches(control)).length
    // Templates come whole, with up to megabytes: they are read page by page.
    if (/template/.test(tool)) expect(calls).toBe(plain.length)
    else if (plain.length > 6) expect(calls).toBeLessThan(plain.length)
    for (const at of mixed(plain.length)) {
      const { args, answer } = plain[at] as Asked
      expect(JSON.stringify((await one.call(tool, args, 'json')).raw)).toBe(answer)
    }
  })
}

describe('CAR', () => {
  test.each(named(ofCar))('%s', (_, walked) => compare(walked))

  test('rows without sort values: by page numbers', async () => {
    await sandbox.control.knobs({ sortValues: false })
    await compare({ tool: jobs, sizes: [20, 13] })
    await compare({ tool: 'car_search_assets', sizes: [110] })
  })
})

describe.each(['offset', 'id'])('SAQ by %s', (way) => {
  const settings = { QUALYS_SAQ_PAGING: way }
  const campaigns: Walked = { tool: 'saq_search_campaigns', sizes: [3, 7], settings }

  test.each(named(ofSaq(way)))('%s', (_, walked) => compare(walked))

  test('answers that never say lastId', async () => {
    await sandbox.control.knobs({ lastId: false })
    await compare({ tool: 'saq_search_users', args: { companyContains: 'Nimbus' }, sizes: [13], settings })
    await compare(campaigns)
  })

  // Whether a full answer was the last is a guess then: an empty page may follow, and the total stays unknown.
  test.each(['never', 'whenMore'])(
    'answers that say "%s" whether there is more: the same rows',
    async (hasMoreRecords) => {
      await sandbox.control.knobs({ hasMoreRecords })
      const rows = (pages: readonly Asked[]): unknown[] => pages.flatMap(({ structured }) => structured.rows)
      const plain = rows(await withoutAhead(campaigns))
      expect(plain).toHaveLength(40)
      expect(rows(await throughMany(sandbox, campaigns))).toEqual(plain)
      const ahead = await by(assistantOn(sandbox, settings), (one) => throughOne(one, campaigns))
      expect(rows(ahead)).toEqual(plain)
    },
  )
})

test('a token of one server goes on at another with other page sizes', async () => {
  const [first, second] = await Promise.all([assistantOn(sandbox), assistantOn(sandbox)])
  const seen: unknown[] = []
  let continuationToken: string | undefined
  for (let page = 0; page === 0 || continuationToken !== undefined; page++) {
    const who = page % 3 === 0 ? second : first
    const { structured } = await who.call(jobs, { pageSize: 20 + (page % 4), continuationToken }, 'json')
    seen.push(...structured.rows.map(({ id }) => id))
    continuationToken = structured.continuationToken
  }
  const held = await sandbox.control.truth('jobs')
  expect(seen).toHaveLength(600)
  expect(new Set(seen)).toEqual(new Set(held.map(({ id }) => id)))
  await Promise.all([first.close(), second.close()])
})

test('the same in text', async () => {
  const inText = async (assistant: Assistant): Promise<string[]> => {
    const texts: string[] = []
    for (let continuationToken: string | undefined; ; ) {
      const { text } = await assistant.call(jobs, { ...short, pageSize: 15, continuationToken })
      // Fences are marked anew each time.
      texts.push(text.replace(/<<[0-9a-f]{8}\b|\b[0-9a-f]{8}>>/g, '<<>>'))
      continuationToken = /continuationToken "([^"]+)"/.exec(text)?.[1]
      if (continuationToken === undefined) return texts
    }
  }
  const plain = await by(plainAssistantOn(sandbox), inText)
  expect(plain.length).toBeGreaterThan(5)
  expect(await by(assistantOn(sandbox), inText)).toEqual(plain)
})
