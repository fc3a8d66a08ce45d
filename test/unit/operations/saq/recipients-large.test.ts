import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import {
  questionnaireOf,
  RecipientCaller,
  type RecipientData,
  user,
} from '../../../support/saq/recipients-in-memory.ts'
import type { Fields } from '../../../support/workflows/campaigns.ts'

// The most recipients that a campaign takes.

const count = 5_000
const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED']
const nameOf = (at: number): string => `F${at} Lee`
const people: readonly Fields[] = Array.from({ length: count }, (_, at) => user(at + 1, nameOf(at)))
/** Every tenth has none. */
const questionnaires = people.flatMap((_, at) =>
  at % 10 === 9 ? [] : [questionnaireOf(at + 1, nameOf(at), { state: states[at % states.length] })],
)
const expected = people.map((_, at) => [
  String(at + 1),
  nameOf(at),
  `Company ${at + 1}`,
  at % 10 === 9 ? 'NOT_SENT' : states[at % states.length],
])

/** All pages; the number of requests to SAQ is in `paths` of the caller. */
async function readAll(caller: RecipientCaller, args: object = {}): Promise<unknown[][]> {
  const rows: unknown[][] = []
  for (let continuationToken: string | undefined; ; ) {
    const { structured, isError, text } = await caller.ask({
      pageSize: 200,
      ...args,
      ...(continuationToken && { continuationToken }),
    })
    expect(isError, text).toBe(false)
    rows.push(...structured.rows.map(({ id, name, company, state }) => [id, name, company, state]))
    continuationToken = structured.continuationToken
    if (continuationToken === undefined) return rows
  }
}

const settings = { QUALYS_REPLY_CHARS: '100000' }

test.each<readonly [string, RecipientData, number]>([
  ['the record shows all', { recipients: people, questionnaires }, 6],
  [
    'the record shows ids',
    { recipients: people.map(({ id }) => ({ id })), questionnaires, users: people },
    11,
  ],
])(
  'all pages cost the calls of one reading where %s',
  async (_what, data, calls) => {
    const caller = new RecipientCaller(settings)
    caller.setData(data)
    expect(await readAll(caller)).toEqual(expected)
    expect(caller.paths.length).toBeLessThanOrEqual(calls)
  },
  30_000,
)

test('pages with a filter, too', async () => {
  const caller = new RecipientCaller(settings)
  caller.setData({ recipients: people, questionnaires })
  expect(await readAll(caller, { state: ['NOT_SENT'] })).toEqual(
    expected.filter(([, , , state]) => state === 'NOT_SENT'),
  )
  expect(caller.paths.length).toBeLessThanOrEqual(6)
}, 30_000)

test('the memory does not grow with the number of readings', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const caller = new RecipientCaller(settings)
  caller.setData({ recipients: people, questionnaires })
  const heapAfterPage = async (): Promise<number> => {
    await caller.ask({ pageSize: 1 })
    collect()
    return process.memoryUsage().heapUsed
  }
  await heapAfterPage()
  const before = await heapAfterPage()
  for (let reading = 0; reading < 4; reading++) await heapAfterPage()
  // One reading keeps a few megabytes of rows.
  expect((await heapAfterPage()) - before).toBeLessThan(4_000_000)
}, 60_000)
