import { describe, expect, test } from 'vitest'
import { searchCampaigns } from '../../../../src/operations/saq/campaigns.ts'
import { searchQuestionnaires } from '../../../../src/operations/saq/questionnaires.ts'
import { MemoryLists } from '../../../support/saq/lists.ts'

// Whose turn it is, and how long a questionnaire or a campaign is overdue.

type Row = Readonly<Record<string, unknown>>

const dayMs = 24 * 3_600_000
const { now } = new MemoryLists({})
const ago = (days: number): string => new Date(now - days * dayMs).toISOString()

async function valuesOf(list: typeof searchCampaigns, row: Row, ...columns: string[]) {
  const joiner = await list.joinedColumns?.load(columns, new MemoryLists({}), {})
  return [...columns.map((column) => joiner?.value(row, column)), joiner?.notes()]
}

const late = searchQuestionnaires.localFilters?.['late']
const verdict = async (isLate: boolean, row: Row) =>
  (await late?.prepare(isLate as never, new MemoryLists({}), {}))?.test?.(row)

const gathering = 'INFORMATION_GATHERING'

test.each([
  [gathering, 'recipient', '8-30 days', []],
  ['REVIEW', 'reviewer', '8-30 days', []],
  ['APPROVAL', 'approver', '8-30 days', []],
  ['CLOSED', 'nobody', 'not overdue', []],
  ['CANCELED', 'nobody', 'not overdue', []],
  ['INCOMPLETE', 'unknown', 'unknown', ['1 questionnaire: no page says whether INCOMPLETE is open.']],
  ['constructor', 'unknown', 'unknown', ['1 questionnaire: no page says whether its state is open.']],
  [undefined, 'unknown', 'unknown', ['1 questionnaire: the record shows no state.']],
])('%s: turn %s, %s', async (state, turn, range, notes) => {
  const row = { id: 1, title: 'Audit - Ann', state, dueDate: ago(9) }
  expect(await valuesOf(searchQuestionnaires, row, 'turn', 'overdueDays')).toEqual([turn, range, notes])
})

test.each([
  [ago(-1), 'not overdue'],
  [ago(0.5), 'up to 7 days'],
  [ago(7.9), 'up to 7 days'],
  [ago(8), '8-30 days'],
  [ago(31), '31-90 days'],
  [ago(91), 'more than 90 days'],
  [undefined, 'unknown'],
  ['soon', 'unknown'],
])('a questionnaire and an active campaign due %s: %s', async (dueDate, range) => {
  expect((await valuesOf(searchQuestionnaires, { state: gathering, dueDate }, 'overdueDays'))[0]).toBe(range)
  expect((await valuesOf(searchCampaigns, { status: 'ACTIVE', dueDate }, 'overdueDays'))[0]).toBe(range)
})

// It is noon of the first of December, UTC.
test.each([
  ['2026-12-01', 'not overdue', false],
  ['2026-11-30', 'up to 7 days', true],
  ['2026-12-01T00:00:00Z', 'up to 7 days', true],
  ['2026-12-01T13:30:00+02:00', 'up to 7 days', true],
  ['2026-12-01T07:30:00-05:00', 'not overdue', false],
  ['2026-12-01T23:59:59', 'not overdue', false],
  ['2026-12-01 11:59:59.5', 'up to 7 days', true],
  [String(now - 9 * dayMs), '8-30 days', true],
  ['11/01/2026', 'unknown', undefined],
  ['2026-13-01', 'unknown', undefined],
])('a questionnaire due %s: %s', async (dueDate, range, isLate) => {
  const sent = { id: 1, state: gathering, dueDate }
  // What fits no schema stays as it was sent.
  const row = searchQuestionnaires.record?.safeParse(sent).data ?? sent
  expect((await valuesOf(searchQuestionnaires, { ...row }, 'overdueDays'))[0]).toBe(range)
  expect(await verdict(true, { ...row })).toBe(isLate)
})

test.each([
  ['INACTIVE', 'not overdue'],
  ['COMPLETE', 'not overdue'],
  ['CANCELED', 'not overdue'],
  [undefined, 'unknown'],
])('a campaign that is %s: %s', async (status, range) => {
  expect((await valuesOf(searchCampaigns, { status, dueDate: ago(9) }, 'overdueDays'))[0]).toBe(range)
})

describe('late', () => {
  test.each<[Row, boolean | undefined, boolean | undefined]>([
    [{ state: gathering, dueDate: ago(1) }, true, false],
    [{ state: 'APPROVAL', dueDate: ago(-1) }, false, true],
    [{ state: 'CLOSED', dueDate: ago(1) }, false, false],
    [{ state: 'CANCELED' }, false, false],
    [{ state: gathering }, undefined, undefined],
    [{ state: 'INCOMPLETE', dueDate: ago(1) }, undefined, undefined],
    [{ dueDate: ago(1) }, undefined, undefined],
  ])('%j: true keeps %s, false keeps %s', async (row, isLate, isInTime) => {
    expect([await verdict(true, row), await verdict(false, row)]).toEqual([isLate, isInTime])
  })
})

describe('what a questionnaire lacks is taken from its campaign', () => {
  const complete = searchQuestionnaires.complete ?? (async () => [])
  const campaign = { id: 1, name: 'Audit', dueDate: ago(9) }
  const lists = () => new MemoryLists({ saq_search_campaigns: [campaign] })
  const row = { id: 7, title: 'Audit - Ann', state: gathering, campaign: { id: 1 } }

  test('in one lookup', async () => {
    const memory = lists()
    const done = await complete([row, { ...row, id: 8, dueDate: ago(1) }], memory)
    expect(done).toEqual([
      { ...row, dueDate: ago(9), campaign: { id: 1, name: 'Audit' } },
      { ...row, id: 8, dueDate: ago(1), campaign: { id: 1, name: 'Audit' } },
    ])
    expect(memory.reads).toEqual([['saq_search_campaigns', ['1']]])
  })

  test.each<[string, Row]>([
    ['nothing', { ...row, dueDate: ago(1), campaign: { id: 1, name: 'Audit' } }],
    ['its campaign', { ...row, campaign: undefined }],
    ['all but what is counted', { campaign: { id: 1 } }],
  ])('without a lookup for a row that lacks %s', async (_what, given) => {
    const memory = lists()
    expect(await complete([given], memory)).toEqual([given])
    expect(memory.reads).toEqual([])
  })

  test('and stays away if campaigns cannot be read', async () => {
    expect(await complete([row], new MemoryLists({}))).toEqual([row])
  })
})
