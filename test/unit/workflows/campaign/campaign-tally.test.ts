import { describe, expect, test } from 'vitest'
import { recipientInTitle } from '../../../../src/operations/saq/people/names.ts'
import type { Row } from '../../../../src/session/answer.ts'
import {
  CampaignTally,
  type OverdueQuestionnaire,
} from '../../../../src/tools/effects/targets/campaign-tally.ts'
import { contactOf } from '../../../../src/tools/workflows/campaign/shared/contact.ts'
import { FirstPlaces, type Place } from '../../../../src/tools/workflows/campaign/shared/places.ts'
import { placeOf } from '../../../../src/tools/workflows/campaign/single/late-table.ts'

// The questionnaires of a campaign, counted one by one; and the person that a title names.

const now = Date.parse('2026-12-01T12:00:00Z')
const dayMs = 24 * 3_600_000
const ago = (days: number): string => new Date(now - days * dayMs).toISOString()

function tallyOf(rows: readonly Row[]): CampaignTally {
  const tally = new CampaignTally(now)
  for (const row of rows) tally.add(row)
  return tally
}

/** The overdue ones, in their order. */
function listOf(rows: readonly Row[], most = 200, after?: Place) {
  const tally = new CampaignTally(now)
  const list = new FirstPlaces<{ place: Place; questionnaire: OverdueQuestionnaire }>(most, after)
  for (const row of rows) {
    const questionnaire = tally.add(row)
    if (questionnaire) list.add({ questionnaire, place: placeOf(questionnaire) })
  }
  return list
}

const open = (days: number, more: Row = {}): Row => ({
  id: 1,
  state: 'INFORMATION_GATHERING',
  dueDate: ago(days),
  ...more,
})

describe('whose turn it is', () => {
  test.each([
    ['INFORMATION_GATHERING', 'recipient'],
    ['REVIEW', 'reviewer'],
    ['APPROVAL', 'approver'],
    ['CLOSED', undefined],
    ['CANCELED', undefined],
    ['INCOMPLETE', undefined],
    ['DELEGATED', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s: %s', (state, turn) => {
    const {
      openByTurn: openBy,
      overdueByTurn: overdueBy,
      open: count,
      overdue,
      byState,
    } = tallyOf([open(5, { state })])
    const one = turn === undefined ? [] : [[turn, 1]]
    expect([[...openBy], [...overdueBy], count, overdue]).toEqual([one, one, one.length, one.length])
    expect([...byState]).toEqual([[state, 1]])
  })
})

describe('days past the due date', () => {
  test.each([
    [-1, undefined, undefined],
    [0, undefined, undefined],
    [1 / dayMs, 0, 'up to 7 days'],
    [0.99, 0, 'up to 7 days'],
    [1, 1, 'up to 7 days'],
    [7.99, 7, 'up to 7 days'],
    [8, 8, '8-30 days'],
    [30.99, 30, '8-30 days'],
    [31, 31, '31-90 days'],
    [90.99, 90, '31-90 days'],
    [91, 91, 'more than 90 days'],
    [4_000, 4_000, 'more than 90 days'],
  ])('%d: %s, %s', (days, whole, span) => {
    const { byOverdueRange: bySpan } = tallyOf([open(days)])
    const { items: late } = listOf([open(days)])
    expect(late.map(({ questionnaire }) => questionnaire.days)).toEqual(whole === undefined ? [] : [whole])
    expect([...bySpan]).toEqual(span === undefined ? [] : [[span, 1]])
  })

  test.each([undefined, '', 'next week', 7])('of the due date %j are unknown', (dueDate) => {
    const { undated, overdue, open: count } = tallyOf([{ ...open(0), dueDate }])
    expect([undated, overdue, count]).toEqual([1, 0, 1])
  })

  test('of closed questionnaires are not counted', () => {
    const {
      undated,
      overdue,
      total: all,
    } = tallyOf([open(5, { state: 'CLOSED' }), { id: 2, state: 'CLOSED' }])
    expect([undated, overdue, all]).toEqual([0, 0, 2])
  })
})

describe('the listed questionnaires', () => {
  const ids = (list: ReturnType<typeof listOf>): string[] =>
    list.items.map(({ questionnaire }) => questionnaire.id)

  const rows = (
    [
      [10, 5, 'APPROVAL'],
      [1, 5, 'REVIEW'],
      [2, 9, 'APPROVAL'],
      [13, 5, 'INFORMATION_GATHERING'],
      [3, 5, 'INFORMATION_GATHERING'],
      [4, 5, 'APPROVAL'],
      [6, 10, 'REVIEW'],
    ] as const
  ).map(([id, days, state]) => open(days, { id, state }))
  const ordered = ['6', '2', '1', '3', '4', '10', '13']

  test('are the longest late; equally late ones by id, whose turn it may be', () => {
    expect(ids(listOf(rows))).toEqual(ordered)
    expect(ids(listOf([...rows].reverse()))).toEqual(ordered)
  })

  test('are the same in pages of every size', () => {
    for (let size = 1; size <= ordered.length; size++) {
      const seen: string[] = []
      for (let after: Place | undefined, before = 0; seen.length < ordered.length; ) {
        const list = listOf(rows, size, after)
        expect([list.before, list.total]).toEqual([before, ordered.length])
        seen.push(...ids(list))
        after = list.items.at(-1)?.place
        before = seen.length
      }
      expect(seen).toEqual(ordered)
    }
  })

  test.each([
    [0, []],
    [1, ['30']],
    [3, ['30', '29', '28']],
  ])('are %i at most, wherever they came', (most, expected) => {
    const many = Array.from({ length: 3_000 }, (_, at) => 1 + ((at * 7) % 3_000)).map((id) =>
      open(1 + Math.min(id, 30) / 2, { id: 3_030 - id }),
    )
    const few = Array.from({ length: 30 }, (_, at) => 1 + ((at * 7) % 30)).map((days) =>
      open(days, { id: days }),
    )
    expect(ids(listOf(few, most))).toEqual(expected)
    const list = listOf(many, most)
    expect(list.total).toBe(3_000)
    expect(ids(list)).toEqual(Array.from({ length: most }, (_, at) => String(30 + at)))
  })

  test.each(['9'.repeat(10_000), 'a\tb', '', '007', '-1', '12345678901234567890123'])(
    'with the id %j keep their place',
    (id) => {
      const odd = [open(5, { id }), ...rows]
      const seen: string[] = []
      for (let after: Place | undefined; seen.length < odd.length; ) {
        const list = listOf(odd, 1, after)
        seen.push(...ids(list))
        after = list.items.at(-1)?.place
      }
      expect(new Set(seen).size).toBe(odd.length)
    },
  )

  test('have the details that a person needs', () => {
    const row = open(5, { id: 9, title: 'Audit - Ann Lee' })
    expect(new CampaignTally(now).add(row)).toEqual({
      id: '9',
      title: 'Audit - Ann Lee',
      state: 'INFORMATION_GATHERING',
      dueDate: ago(5),
      dueTime: Date.parse(ago(5)),
      days: 5,
    })
  })
})

describe('words', () => {
  test.each([
    [50, 50, undefined],
    [51, 51, 1],
    [60, 51, 10],
  ])('%i different ones are kept as %i', (count, kept, other) => {
    const { byRisk } = tallyOf(Array.from({ length: count }, (_, at) => open(1, { risk: `R${at}` })))
    expect(byRisk.size).toBe(kept)
    expect(byRisk.get('other')).toBe(other)
  })

  test('that are known are still counted', () => {
    const rows = Array.from({ length: 60 }, (_, at) => open(1, { risk: `R${at}` }))
    expect(tallyOf([...rows, open(1, { risk: 'R0' })]).byRisk.get('R0')).toBe(2)
  })

  test('that are invalid are not counted', () => {
    expect([...tallyOf([open(1, { risk: undefined }), open(1, { risk: 7 })]).byRisk]).toEqual([['', 2]])
  })
})

describe('the name in a title', () => {
  test.each([
    ['Audit - Ann Lee', 'Audit', 'Ann Lee'],
    ['Audit - A - B C', 'Audit', 'A - B C'],
    ['EMEA - Q4 - audit - Ann Lee', 'EMEA - Q4 - audit', 'Ann Lee'],
    [' Audit  - Ann Lee ', ' Audit ', 'Ann Lee'],
    ['Audit- Ann', 'Audit', 'Ann'],
    ['Audit -\nAnn\nLee', 'Audit', 'Ann\nLee'],
    ['Audit', 'Audit', undefined],
    ['Audit - ', 'Audit', undefined],
    ['Audit -Ann', 'Audit', undefined],
    ['Audit: Ann Lee', 'Audit', undefined],
    ['Old name - Ann Lee', 'Audit', undefined],
    ['', 'Audit', undefined],
    ['- Ann', '', 'Ann'],
  ])('%j of %j: %s', (title, campaign, name) => expect(recipientInTitle(title, campaign)).toBe(name))
})

describe('a user as a person', () => {
  test.each<[Row, object]>([
    [
      { id: 7, firstName: 'Ann', lastName: 'Lee', company: 'Initech', emailAddress: 'a@x' },
      { name: 'Ann Lee', company: 'Initech', emailAddress: 'a@x', ids: ['7'], bearers: 1 },
    ],
    [
      { id: 7, lastName: 'Lee' },
      { name: 'Lee', ids: ['7'], bearers: 1 },
    ],
    [
      { firstName: 'Ann', company: '' },
      { name: 'Ann', ids: [], bearers: 1 },
    ],
    [{ id: 7 }, { name: '', ids: ['7'], bearers: 1 }],
    [
      { firstName: 1, company: 2 },
      { name: '', ids: [], bearers: 1 },
    ],
  ])('%j', (row, person) => expect(contactOf(row)).toEqual(person))
})
