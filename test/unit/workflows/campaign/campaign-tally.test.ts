import { describe, expect, test } from 'vitest'
import { recipientInTitle } from '../../../../src/operations/saq/people/names.ts'
import type { Row } from '../../../../src/session/answer.ts'
import { CampaignTally } from '../../../../src/tools/effects/targets/campaign-tally.ts'
import { contactOf } from '../../../../src/tools/workflows/campaign/contacts.ts'

// The questionnaires of a campaign, counted one by one; and the person that a title names.

const now = Date.parse('2026-12-01T12:00:00Z')
const dayMs = 24 * 3_600_000
const ago = (days: number): string => new Date(now - days * dayMs).toISOString()

function tallyOf(rows: readonly Row[], most = 200): CampaignTally {
  const tally = new CampaignTally(now, most)
  for (const row of rows) tally.add(row)
  return tally
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
    const { mostOverdue: late, byOverdueRange: bySpan } = tallyOf([open(days)])
    expect(late.map((one) => one.days)).toEqual(whole === undefined ? [] : [whole])
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
  const ids = (tally: CampaignTally): string[] => tally.mostOverdue.map(({ id }) => id)

  test('are the longest late; of equally late ones, those waiting for an answer first, then as they came', () => {
    const rows: [number, number, string][] = [
      [1, 5, 'REVIEW'],
      [2, 9, 'APPROVAL'],
      [3, 5, 'INFORMATION_GATHERING'],
      [4, 5, 'APPROVAL'],
      [5, 5, 'INFORMATION_GATHERING'],
      [6, 10, 'REVIEW'],
    ]
    expect(ids(tallyOf(rows.map(([id, days, state]) => open(days, { id, state }))))).toEqual([
      '6',
      '2',
      '3',
      '5',
      '1',
      '4',
    ])
  })

  test.each([
    [0, []],
    [1, ['30']],
    [3, ['30', '29', '28']],
  ])('are %i at most, wherever they came', (most, expected) => {
    const rows = Array.from({ length: 30 }, (_, at) => 1 + ((at * 7) % 30)).map((days) =>
      open(days, { id: days }),
    )
    const tally = tallyOf(rows, most)
    expect(ids(tally)).toEqual(expected)
    expect(tally.overdue).toBe(30)
  })

  test('have the details that a person needs', () => {
    const [late] = tallyOf([open(5, { id: 9, title: 'Audit - Ann Lee' })]).mostOverdue
    expect(late).toEqual({
      id: '9',
      title: 'Audit - Ann Lee',
      state: 'INFORMATION_GATHERING',
      dueDate: ago(5),
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
      { name: 'Ann Lee', company: 'Initech', emailAddress: 'a@x', ids: ['7'] },
    ],
    [
      { id: 7, lastName: 'Lee' },
      { name: 'Lee', ids: ['7'] },
    ],
    [
      { firstName: 'Ann', company: '' },
      { name: 'Ann', ids: [] },
    ],
    [{ id: 7 }, { name: '', ids: ['7'] }],
    [
      { firstName: 1, company: 2 },
      { name: '', ids: [] },
    ],
  ])('%j', (row, person) => expect(contactOf(row)).toEqual(person))
})
