import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  questionnaireOf,
  RecipientCaller,
  type RecipientData,
  user,
} from '../../../support/saq/recipients-in-memory.ts'
import { daysAgo, today } from '../../../support/workflows/campaigns.ts'

// Recipients of a campaign whose records have every shape that no page rules out.

let caller: RecipientCaller
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: today })
  caller = new RecipientCaller()
})
afterEach(() => {
  vi.useRealTimers()
})

const list = (data: RecipientData, args: object = {}) => {
  caller.setData(data)
  return caller.list(args)
}
const ann = user(11, 'Ann Lee')
const bob = user(12, 'Bob Ray')
const closed = { state: 'CLOSED' }

describe('one recipient', () => {
  test.each([
    ['INFORMATION_GATHERING', 'recipient', 5],
    ['REVIEW', 'reviewer', 5],
    ['APPROVAL', 'approver', 5],
    ['CLOSED', 'nobody', undefined],
    ['CANCELED', 'nobody', undefined],
    ['INCOMPLETE', 'unknown', 'unknown'],
    ['ARCHIVED', 'unknown', 'unknown'],
  ])('in the state %s', async (state, turn, daysOverdue) => {
    const { rows } = await list({
      recipients: [ann],
      questionnaires: [questionnaireOf(7, 'Ann Lee', { state })],
    })
    expect(rows).toMatchObject([
      {
        id: '11',
        name: 'Ann Lee',
        company: 'Company 11',
        emailAddress: 'u11@example.com',
        state,
        turn,
        questionnaireId: '7',
      },
    ])
    expect(rows[0]?.['daysOverdue']).toBe(daysOverdue)
  })

  test('without a state: unknown, and why', async () => {
    const { rows, note } = await list({
      recipients: [ann],
      questionnaires: [questionnaireOf(7, 'Ann Lee', { state: '' })],
    })
    expect(rows).toMatchObject([
      { state: 'unknown', turn: 'unknown', daysOverdue: 'unknown', questionnaireId: '7' },
    ])
    expect(note).toContain('1 recipient: the record shows no state.')
  })

  test.each(['unknown', 'not_sent', ' Not_Sent '])(
    'a state %j of Qualys is no word of ours',
    async (state) => {
      const data = { recipients: [ann], questionnaires: [questionnaireOf(7, 'Ann Lee', { state })] }
      const { rows } = await list(data)
      expect(rows[0]?.['state']).toBe(JSON.stringify(state.trim()))
      expect((await list(data, { state: ['NOT_SENT'] })).summary).toContain('0 matches in 1 of 1')
    },
  )

  test('due today is not late; without due dates that is unknown', async () => {
    const at = (dueDate: string) => [questionnaireOf(7, 'Ann Lee', { dueDate })]
    const days = async (data: RecipientData) =>
      (await list({ recipients: [ann], ...data })).rows.map(({ daysOverdue }) => daysOverdue)
    expect(await days({ questionnaires: at('2026-12-01') })).toEqual([undefined])
    expect(await days({ questionnaires: at('2026-11-30') })).toEqual([0])
    expect(await days({ questionnaires: at(''), campaign: { dueDate: daysAgo(9) } })).toEqual([9])
    expect(await days({ questionnaires: at(''), campaign: { dueDate: '' } })).toEqual(['unknown'])
  })

  test('two questionnaires in the same state, and in different ones', async () => {
    const two = (state: string) => [
      questionnaireOf(7, 'Ann Lee', closed),
      questionnaireOf(8, 'Ann Lee', { state }),
    ]
    const same = await list({ recipients: [ann], questionnaires: two('CLOSED') })
    expect(same.rows).toMatchObject([{ state: 'CLOSED', turn: 'nobody' }])
    const { rows, note } = await list({ recipients: [ann], questionnaires: two('REVIEW') })
    expect(rows).toMatchObject([{ state: 'unknown', turn: 'unknown', daysOverdue: 'unknown' }])
    expect(note).toContain('several questionnaires that do not agree')
  })
})

describe('without a questionnaire', () => {
  const answered = questionnaireOf(7, 'Ann Lee', closed)
  const states = async (data: RecipientData) => (await list(data)).rows.map(({ state }) => state)

  test.each<readonly [string, RecipientData, string]>([
    ['NOT_SENT, where others have one', { questionnaires: [answered] }, 'NOT_SENT'],
    ['NOT_SENT in a draft', { campaign: { status: 'INACTIVE' } }, 'NOT_SENT'],
    ['unknown, where a launched campaign shows none', {}, 'unknown'],
    [
      'unknown, where one names nobody',
      { questionnaires: [answered, questionnaireOf(8, '', { title: 'Audit' })] },
      'unknown',
    ],
    ['unknown, where they cannot be read', { refused: { '/saq/questionnaire': 403 } }, 'unknown'],
    [
      'NOT_SENT in a draft whose questionnaires cannot be read',
      { campaign: { status: 'INACTIVE' }, refused: { '/saq/questionnaire': 403 } },
      'NOT_SENT',
    ],
  ])('%s', async (_what, data, state) => {
    expect((await states({ recipients: [ann, bob], ...data })).at(-1)).toBe(state)
  })

  test('those of other campaigns do not count, and are told', async () => {
    const other = questionnaireOf(8, 'Bob Ray', { campaign: { id: 2, name: 'Audit' } })
    const { rows, note } = await list({ recipients: [ann, bob], questionnaires: [answered, other] })
    expect(rows.map(({ state }) => state)).toEqual(['CLOSED', 'NOT_SENT'])
    expect(note).toContain('Qualys also sent 1 questionnaire of other campaigns, which are left out.')
  })
})

describe('namesakes', () => {
  const twin = user(13, 'Ann Lee', { company: 'Company 11' })
  const two = (first: string, second: string) => [
    questionnaireOf(7, 'Ann Lee', { state: first }),
    questionnaireOf(8, 'ann  lee', { state: second }),
  ]
  const shown = async (data: RecipientData) => {
    const { rows, note = '' } = await list(data)
    return { rows: rows.map(({ id, state, turn, daysOverdue }) => [id, state, turn, daysOverdue]), note }
  }

  test('in the same state are rows of their own', async () => {
    const { rows, note } = await shown({ recipients: [ann, twin], questionnaires: two('REVIEW', 'REVIEW') })
    expect(rows).toEqual(['11', '13'].map((id) => [id, 'REVIEW', 'reviewer', 5]))
    expect(note).toBe('')
  })

  test('in different states: what holds for both is known', async () => {
    const { rows, note } = await shown({ recipients: [ann, twin], questionnaires: two('REVIEW', 'APPROVAL') })
    expect(rows).toEqual(['11', '13'].map((id) => [id, 'unknown', 'unknown', 5]))
    expect(note).toContain(
      '2 recipients: others have the same name, so whose questionnaire is whose is unknown.',
    )
    const ended = await shown({ recipients: [ann, twin], questionnaires: two('CLOSED', 'CANCELED') })
    expect(ended.rows).toEqual(['11', '13'].map((id) => [id, 'unknown', 'nobody', undefined]))
  })

  test('with one questionnaire for two', async () => {
    const { rows } = await shown({
      recipients: [ann, twin],
      questionnaires: two('CLOSED', 'CLOSED').slice(0, 1),
    })
    expect(rows).toEqual(['11', '13'].map((id) => [id, 'unknown', 'unknown', 'unknown']))
  })

  test('are kept apart by company, and counted as unknown by state', async () => {
    const other = user(13, 'Ann Lee')
    const data = { recipients: [ann, other], questionnaires: two('REVIEW', 'CLOSED') }
    expect((await list(data, { company: 'company 13' })).rows.map(({ id }) => id)).toEqual(['13'])
    const { rows, summary } = await list(data, { state: ['CLOSED'] })
    expect([rows, summary]).toEqual([[], expect.stringContaining('0 matches, 2 unknown in 2 of 2 scanned')])
  })

  test('of whom the record shows no ids cannot be told apart, which is said', async () => {
    const { id: _, ...bare } = ann
    const { rows, note } = await shown({
      recipients: [bare, bare],
      questionnaires: two('REVIEW', 'REVIEW'),
      users: [ann],
    })
    expect(rows).toEqual([0, 1].map(() => [undefined, 'REVIEW', 'reviewer', 5]))
    expect(note).toContain(
      '2 recipients: others have the same name and no record shows ids, so they cannot be told apart.',
    )
  })
})

describe('what the record leaves out', () => {
  const questionnaires = [questionnaireOf(7, 'Ann Lee'), questionnaireOf(8, 'Bob Ray', closed)]
  const both = [
    {
      id: '11',
      name: 'Ann Lee',
      company: 'Company 11',
      emailAddress: 'u11@example.com',
      state: 'INFORMATION_GATHERING',
    },
    { id: '12', name: 'Bob Ray', company: 'Company 12', emailAddress: 'u12@example.com', state: 'CLOSED' },
  ]

  test.each<readonly [string, RecipientData]>([
    ['names and companies: users by id', { recipients: [{ id: 11 }, { id: 12 }], users: [ann, bob] }],
    [
      'companies: users by id',
      { recipients: [ann, bob].map((one) => ({ ...one, company: '' })), users: [ann, bob] },
    ],
    [
      'ids: users by name',
      {
        recipients: [
          { firstName: 'Ann', lastName: 'Lee' },
          { firstName: 'Bob', lastName: 'Ray' },
        ],
        users: [ann, bob],
      },
    ],
  ])('%s', async (_what, data) => {
    const { rows, summary } = await list({ ...data, questionnaires })
    expect(rows).toMatchObject(both)
    expect(summary).toContain('recipients of campaign 1 "Audit" 1-2 of 2, from its record')
  })

  test('all: users by the names in the titles', async () => {
    const { rows, summary, note } = await list({ questionnaires, users: [ann, bob] })
    expect(rows).toMatchObject(both)
    expect(summary).toContain('1-2 of 2, from the titles of its questionnaires')
    expect(note).toContain(
      'Qualys does not show the recipients: those to whom nothing was sent are not listed.',
    )
  })

  test('all, and two users bear a name: their common company and no id', async () => {
    const twin = user(13, 'Ann Lee')
    const { rows, note } = await list({ questionnaires, users: [ann, twin, bob] })
    expect(rows[0]).toMatchObject({ name: 'Ann Lee', state: 'INFORMATION_GATHERING' })
    expect([rows[0]?.['id'], rows[0]?.['company'], rows[0]?.['emailAddress']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(note).toContain('several users have the name')
    const close = await list({ questionnaires, users: [ann, { ...twin, company: 'Company 11' }, bob] })
    expect(close.rows[0]).toMatchObject({ company: 'Company 11' })
  })

  test('names, and users cannot be read: the titles name them', async () => {
    const data = { recipients: [{ id: 11 }, { id: 12 }], questionnaires, refused: { '/saq/user': 403 } }
    const { rows, summary, note } = await list(data)
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['Ann Lee', 'INFORMATION_GATHERING'],
      ['Bob Ray', 'CLOSED'],
    ])
    expect(summary).toContain('from the titles of its questionnaires')
    expect(note).toContain('The record shows 2 recipients without names')
    expect(note).toContain('The list of users could not be read.')
  })

  test('some names: those people’s states are unknown, and strangers come last', async () => {
    const data = { recipients: [ann, { id: 12 }], questionnaires, refused: { '/saq/user': 403 } }
    const { rows, note } = await list(data)
    expect(rows.map(({ id, name, state }) => [id, name, state])).toEqual([
      ['11', 'Ann Lee', 'INFORMATION_GATHERING'],
      ['12', undefined, 'unknown'],
      [undefined, 'Bob Ray', 'CLOSED'],
    ])
    expect(note).toContain('After the recipients in the record: 1 questionnaire of people who are not in it')
  })

  test('companies everywhere: whether somebody is of one is unknown', async () => {
    const bare = [ann, bob].map(({ company: _, ...rest }) => rest)
    const { summary, note } = await list(
      { recipients: bare, users: bare, questionnaires },
      { company: 'Company 11' },
    )
    expect(summary).toContain('0 matches, 2 unknown in 2 of 2')
    expect(note).toContain('2 rows do not show their company')
  })

  test('all, in a draft: who they are is unknown', async () => {
    caller.setData({ campaign: { status: 'INACTIVE' }, users: [ann] })
    const { text, isError } = await caller.ask()
    expect([isError, text]).toEqual([
      true,
      expect.stringContaining('it is not launched, so no questionnaire names them'),
    ])
  })

  test('nothing: a campaign without recipients has none', async () => {
    const { rows, summary } = await list({ recipients: [], campaign: { recipients: '', status: 'INACTIVE' } })
    expect([rows, summary]).toEqual([[], 'no recipients of campaign 1 "Audit" found, from its record'])
  })
})
