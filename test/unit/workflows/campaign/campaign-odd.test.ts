import { beforeEach, describe, expect, test } from 'vitest'
import {
  CampaignCaller,
  type CampaignData,
  daysAgo,
  type Fields,
  ofKind,
  questionnaire,
  reply,
  searchQuestionnaires,
  serviceResponse,
} from '../../../support/workflows/campaigns.ts'

// Missing fields, undocumented values, many due dates, and incomplete lists.

let campaigns: CampaignCaller
beforeEach(() => {
  campaigns = new CampaignCaller()
})

async function askCampaign(data: CampaignData) {
  campaigns.setData({ users: [], ...data })
  const { text, structured } = await campaigns.both()
  return { text, structured, first: structured.summary }
}

const countsOf = (rows: readonly Record<string, unknown>[]): unknown[] =>
  rows.map(({ word, count }) => [word, count])

describe('a campaign without', () => {
  test.each<[string, Fields, string]>([
    ['name', { name: undefined }, 'campaign 1: ACTIVE, FULL, due 2026-11-26T12:00:00Z (5 days ago);'],
    ['status', { status: undefined }, 'campaign 1 "Audit": status not shown by Qualys, FULL, due '],
    [
      'workflow',
      { workflowType: undefined },
      'campaign 1 "Audit": ACTIVE, workflow not shown by Qualys, due ',
    ],
    [
      'due date',
      { dueDate: undefined },
      'campaign 1 "Audit": ACTIVE, FULL, due date not shown by Qualys; 1 ',
    ],
    ['readable due date', { dueDate: 'soon' }, 'campaign 1 "Audit": ACTIVE, FULL, due soon; 1 '],
    [
      'any word',
      { status: '', workflowType: '', dueDate: '' },
      'not shown by Qualys, due date not shown by Qualys; 1 ',
    ],
  ])('%s', async (_what, campaign, beginning) => {
    const { text, first } = await askCampaign({ campaign })
    expect(first).toContain(beginning)
    expect(first).toContain('1 questionnaire: 1 open, 1 of them overdue')
    expect(text.startsWith(first)).toBe(true)
  })

  test('name: reported, and the titles replace the names', async () => {
    const { structured } = await askCampaign({ campaign: { name: undefined } })
    expect(structured.note).toContain('Qualys does not show the name of the campaign.')
    expect(ofKind(structured, 'late')).toMatchObject([{ name: 'Audit - Ann Lee' }])
  })

  test('due date, and without open questionnaires: reported as well', async () => {
    const { first } = await askCampaign({
      campaign: { dueDate: undefined },
      questionnaires: [questionnaire({ state: 'CLOSED' })],
    })
    expect(first).toContain(', due date not shown by Qualys; 1 questionnaire: 0 open, 0 of them overdue')
  })

  test.each([
    [daysAgo(1), '1 day ago'],
    [daysAgo(-1), 'in 1 day'],
    [daysAgo(0), 'in 0 days'],
    [daysAgo(-400), 'in 400 days'],
    [daysAgo(1_500), '1,500 days ago'],
  ])('a due date of %s is %s', async (dueDate, said) => {
    const { first } = await askCampaign({ campaign: { dueDate } })
    expect(first).toContain(`(${said})`)
  })

  test.each(['ACTIVE', 'COMPLETE'])('questionnaires, %s: perhaps they cannot be seen', async (status) => {
    const { structured } = await askCampaign({ campaign: { status }, questionnaires: [] })
    expect(structured.note).toBe(
      'Qualys shows no questionnaire, although the campaign is launched: perhaps this account may not see them.',
    )
  })

  test('questionnaires, all running campaigns: perhaps they cannot be seen', async () => {
    campaigns.setData({ questionnaires: [], users: [] })
    const { structured } = await campaigns.both({})
    expect(structured.summary).toContain('late in several: unknown')
    expect(structured.note).toContain('Qualys shows no questionnaire of campaigns 1: perhaps this account')
  })

  test('questionnaires, INACTIVE: nothing but its summary', async () => {
    const { text, structured } = await askCampaign({ campaign: { status: 'INACTIVE' }, questionnaires: [] })
    expect(text).toBe(structured.summary)
    expect(text).toContain('; 0 questionnaires: 0 open, 0 of them overdue')
    expect(structured.rows).toEqual([])
  })
})

describe('questionnaires without', () => {
  test('due date are open, and not late; their number is reported', async () => {
    const { text, structured, first } = await askCampaign({
      campaign: { dueDate: undefined },
      questionnaires: [undefined, '', 'next week', daysAgo(3)].map((dueDate, at) =>
        questionnaire({ id: at + 1, dueDate }),
      ),
    })
    expect(first).toContain('4 questionnaires: 4 open, 1 of them overdue')
    expect(text).toContain('\nby open without a due date: open 3\n')
    expect(countsOf(ofKind(structured, 'open without a due date'))).toEqual([['open', 3]])
  })

  test('due date take that of the campaign, unless theirs cannot be read', async () => {
    const { text, structured, first } = await askCampaign({
      campaign: { dueDate: daysAgo(40) },
      questionnaires: [undefined, '', 'next week', daysAgo(3)].map((dueDate, at) =>
        questionnaire({ id: at + 1, dueDate }),
      ),
    })
    expect(first).toContain('4 questionnaires: 4 open, 3 of them overdue')
    expect(text).toContain('\nby open without a due date: open 1\n')
    expect(ofKind(structured, 'late').map(({ daysOverdue }) => daysOverdue)).toEqual([40, 40, 3])
  })

  test('due date that are closed are not counted as such', async () => {
    const { text } = await askCampaign({
      questionnaires: [questionnaire({ state: 'CLOSED', dueDate: undefined })],
    })
    expect(text).not.toContain('without a due date')
  })

  test('state or risk are counted as what they are', async () => {
    const { text, structured } = await askCampaign({
      questionnaires: [
        questionnaire({ id: 1, state: undefined }),
        questionnaire({ id: 2, state: '', risk: '' }),
        questionnaire({ id: 3, risk: 'HIGH' }),
      ],
    })
    expect(text).toContain('\nby state: "not shown by Qualys" 2, INFORMATION_GATHERING 1\n')
    expect(text).toContain('\nby risk: "none (yet)" 2, HIGH 1\n')
    expect(countsOf(ofKind(structured, 'state'))).toEqual([
      ['not shown by Qualys', 2],
      ['INFORMATION_GATHERING', 1],
    ])
  })

  test('id are an error, since they cannot be distinguished', async () => {
    campaigns.setData({ questionnaires: [questionnaire({ id: undefined })] })
    const { text, isError } = await campaigns.ask()
    expect(isError).toBe(true)
    expect(text).toMatch(/rows without an id/)
  })
})

describe('an undocumented state', () => {
  const states = ['DELEGATED', 'ON_HOLD', 'DELEGATED', 'CLOSED', 'constructor', 'toString']

  test('is counted under its own word', async () => {
    const { text, first } = await askCampaign({
      questionnaires: states.map((state, at) => questionnaire({ id: at + 1, state })),
    })
    expect(text).toContain('\nby state: DELEGATED 2, ON_HOLD 1, CLOSED 1, constructor 1, toString 1\n')
    expect(first).toContain('6 questionnaires: 0 open, 0 of them overdue, 5 unknown')
    expect(text).not.toContain('next to act')
  })

  test.each(['DELEGATED', 'INCOMPLETE'])('%s counts as unknown, which is reported', async (state) => {
    const { structured, first } = await askCampaign({ questionnaires: [questionnaire({ state })] })
    expect(first).toContain('1 questionnaire: 0 open, 0 of them overdue, 1 unknown')
    expect(structured.note).toContain(
      `No page says whether state ${state} is open: such questionnaires count as unknown.`,
    )
  })

  test('none in some rows counts as unknown as well', async () => {
    const { structured, first } = await askCampaign({
      questionnaires: [questionnaire(), questionnaire({ id: 8, state: undefined })],
    })
    expect(first).toContain('2 questionnaires: 1 open, 1 of them overdue, 1 unknown')
    expect(structured.note).toContain('Questionnaires that show no state count as unknown.')
  })

  test.each([{ campaignId: 1 }, {}])('none in all rows: the columns are named, for %o', async (args) => {
    const rows = [7, 8].map((id) => questionnaire({ id, state: undefined, progress: 'REVIEW' }))
    campaigns.setData({ questionnaires: rows, users: [] })
    const { structured } = await campaigns.both(args)
    expect(structured.summary).toContain('2 questionnaires: ')
    expect(structured.summary).toContain(', 2 unknown')
    expect(structured.note).toMatch(
      /No questionnaire shows its state, so all count as unknown\. Columns of the rows: .*progress/,
    )
  })

  test('however many there are, twelve words are shown and all rows counted', async () => {
    const many = Array.from({ length: 70 }, (_, at) =>
      questionnaire({ id: at + 1, state: `S${at}`, risk: `R${at}` }),
    )
    const { structured } = await askCampaign({ questionnaires: many })
    for (const kind of ['state', 'risk']) {
      const rows = ofKind(structured, kind)
      expect(rows).toHaveLength(13)
      expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(70)
      expect(countsOf(rows).at(-1)).toEqual(['other than these 12', expect.any(Number)])
    }
  })

  test('a known state after fifty unknown ones still shows whose turn it is', async () => {
    const many = Array.from({ length: 60 }, (_, at) => questionnaire({ id: at + 1, state: `S${at}` }))
    const { text, first } = await askCampaign({ questionnaires: [...many, questionnaire({ id: 99 })] })
    expect(first).toContain('1 open, 1 of them overdue')
    expect(text).toContain('next to act: recipient 1')
  })
})

describe('late ones of several due dates', () => {
  test('the longest late first; equally late ones by id', async () => {
    const due: readonly (readonly [number, string, number])[] = [
      [1, 'REVIEW', 5],
      [2, 'INFORMATION_GATHERING', 0.5],
      [3, 'INFORMATION_GATHERING', 5],
      [4, 'APPROVAL', 91],
      [5, 'INFORMATION_GATHERING', 7],
      [6, 'INFORMATION_GATHERING', 8],
      [7, 'APPROVAL', 5],
      [8, 'INFORMATION_GATHERING', 30],
      [9, 'INFORMATION_GATHERING', 31],
      [10, 'INFORMATION_GATHERING', 90],
      [11, 'INFORMATION_GATHERING', 5],
      [12, 'CLOSED', 500],
      [13, 'INFORMATION_GATHERING', -1],
    ]
    const { structured, text } = await askCampaign({
      questionnaires: due.map(([id, state, days]) => questionnaire({ id, state, dueDate: daysAgo(days) })),
    })
    expect(ofKind(structured, 'late').map(({ questionnaire }) => Number(questionnaire))).toEqual([
      4, 10, 9, 8, 6, 5, 1, 3, 7, 11, 2,
    ])
    expect(countsOf(ofKind(structured, 'overdue'))).toEqual([
      ['up to 7 days', 6],
      ['8-30 days', 2],
      ['31-90 days', 2],
      ['more than 90 days', 1],
    ])
    expect(text).toContain('12 open, 11 of them overdue')
  })

  test('the listed ones are the latest of all, wherever they came', async () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      questionnaire({ id: at + 1, dueDate: daysAgo(1 + ((at * 7) % 300)) }),
    )
    campaigns.setData({ questionnaires: many, users: [] })
    const { structured } = await campaigns.ask({ campaignId: 1, late: 3 }, 'json')
    expect(ofKind(structured, 'late').map(({ daysOverdue }) => daysOverdue)).toEqual([300, 299, 298])
  })
})

describe('the list of questionnaires is reported as incomplete', () => {
  test('where Qualys announces more rows and sends none', async () => {
    const pages = [[questionnaire()], []].map((rows) => serviceResponse('Questionnaire', rows, true))
    campaigns.setData({
      users: [],
      extraAnswers: pages.map((page) => ({ ...reply(searchQuestionnaires, page), times: 1 })),
    })
    const { text } = await campaigns.ask()
    expect(text).toContain(
      'Note: The list is not whole: Qualys says that there are more rows, but sent none.',
    )
  })

  test('where rows of other campaigns are sent as well, which are not counted', async () => {
    const other = { id: 2, name: 'Another' }
    const { structured, first } = await askCampaign({
      questionnaires: [
        questionnaire(),
        questionnaire({ id: 8, campaign: other }),
        questionnaire({ id: 9, campaign: other }),
        questionnaire({ id: 10, campaign: undefined }),
      ],
    })
    expect(first).toContain('; 2 questionnaires: ')
    expect(structured.note).toContain('Qualys also sent 2 of other campaigns, which are not counted.')
  })
})

test('fields of another type are reported as such', async () => {
  const { structured } = await askCampaign({ questionnaires: [questionnaire({ title: { text: 'Audit' } })] })
  expect(structured.note).toContain(
    "Qualys' rows in saq_search_questionnaires differ from their documentation: title (another type).",
  )
})
