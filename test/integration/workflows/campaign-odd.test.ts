import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openSandbox } from '../../support/sandbox.ts'
import {
  ago,
  type Desk,
  type Fields,
  getCampaign,
  ofKind,
  openDesk,
  questionnaire,
  reply,
  searchQuestionnaires,
  service,
  type Told,
  tell,
  today,
} from './campaign-desk.ts'

// What Qualys leaves out, what it never said it would send, and answers that are none.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let desk: Desk
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  desk = await openDesk(sandbox, today)
})
afterEach(() => sandbox.control.reset())
afterAll(async () => {
  await desk.close()
  await sandbox.close()
})

async function asked(told: Told) {
  await tell(sandbox.control, { users: [], ...told })
  const { text, isError } = await desk.ask({ campaignId: 1 })
  expect(isError, text).toBe(false)
  const { structured } = await desk.ask({ campaignId: 1 }, 'json')
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
    const { text, first } = await asked({ campaign })
    expect(first).toContain(beginning)
    expect(first).toContain('1 questionnaire: 1 open, 1 of them overdue')
    expect(text.startsWith(first)).toBe(true)
  })

  test('name: said, and the titles stand for the names', async () => {
    const { structured } = await asked({ campaign: { name: undefined } })
    expect(structured.note).toContain('Qualys does not show the name of the campaign.')
    expect(ofKind(structured, 'late')).toMatchObject([{ name: 'Audit - Ann Lee' }])
  })

  test('due date, and nothing open: said as well', async () => {
    const { first } = await asked({
      campaign: { dueDate: undefined },
      questionnaires: [questionnaire({ state: 'CLOSED' })],
    })
    expect(first).toContain(', due date not shown by Qualys; 1 questionnaire: 0 open, 0 of them overdue')
  })

  test.each([
    [ago(1), '1 day ago'],
    [ago(-1), 'in 1 day'],
    [ago(0), 'in 0 days'],
    [ago(-400), 'in 400 days'],
    [ago(1_500), '1,500 days ago'],
  ])('a due date of %s is %s', async (dueDate, said) => {
    const { first } = await asked({ campaign: { dueDate } })
    expect(first).toContain(`(${said})`)
  })

  test('questionnaires: nothing but its summary', async () => {
    const { text, structured } = await asked({ questionnaires: [] })
    expect(text).toBe(structured.summary)
    expect(text).toContain('; 0 questionnaires: 0 open, 0 of them overdue')
    expect(structured.rows).toEqual([])
  })
})

describe('questionnaires without', () => {
  test('due date are open, and not late; how many is said', async () => {
    const { text, structured, first } = await asked({
      questionnaires: [undefined, '', 'next week', ago(3)].map((dueDate, at) =>
        questionnaire({ id: at + 1, dueDate }),
      ),
    })
    expect(first).toContain('4 questionnaires: 4 open, 1 of them overdue')
    expect(text).toContain('\nby open without a due date: open 3\n')
    expect(countsOf(ofKind(structured, 'open without a due date'))).toEqual([['open', 3]])
  })

  test('due date that are closed are not counted as such', async () => {
    const { text } = await asked({ questionnaires: [questionnaire({ state: 'CLOSED', dueDate: undefined })] })
    expect(text).not.toContain('without a due date')
  })

  test('state or risk are counted as what they are', async () => {
    const { text, structured } = await asked({
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

  test('id are an error: they cannot be told apart', async () => {
    await tell(sandbox.control, { questionnaires: [questionnaire({ id: undefined })] })
    const { text, isError } = await desk.ask({ campaignId: 1 })
    expect(isError).toBe(true)
    expect(text).toMatch(/rows without an id/)
  })
})

describe('a state that no page names', () => {
  const states = ['DELEGATED', 'ON_HOLD', 'DELEGATED', 'CLOSED', 'constructor', 'toString']

  test('is counted under its own word', async () => {
    const { text, first } = await asked({
      questionnaires: states.map((state, at) => questionnaire({ id: at + 1, state })),
    })
    expect(text).toContain('\nby state: DELEGATED 2, ON_HOLD 1, CLOSED 1, constructor 1, toString 1\n')
    expect(first).toContain('6 questionnaires: 0 open')
    expect(text).not.toContain('next to act')
  })

  test.each(['DELEGATED', undefined])('%s is said not to be counted as open', async (state) => {
    const { structured } = await asked({ questionnaires: [questionnaire({ state })] })
    expect(structured.note).toMatch(/not counted as open/)
  })

  test('INCOMPLETE is said not to be counted as open', async () => {
    const { structured, first } = await asked({ questionnaires: [questionnaire({ state: 'INCOMPLETE' })] })
    expect(first).toContain('1 questionnaire: 0 open, 0 of them overdue')
    expect(structured.note).toContain('INCOMPLETE')
  })

  test('however many there are, twelve words are shown and all rows counted', async () => {
    const many = Array.from({ length: 70 }, (_, at) =>
      questionnaire({ id: at + 1, state: `S${at}`, risk: `R${at}` }),
    )
    const { structured } = await asked({ questionnaires: many })
    for (const kind of ['state', 'risk']) {
      const rows = ofKind(structured, kind)
      expect(rows).toHaveLength(13)
      expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(70)
      expect(countsOf(rows).at(-1)).toEqual(['other than these 12', expect.any(Number)])
    }
  })

  test('a known state behind fifty unknown ones still says whose turn it is', async () => {
    const many = Array.from({ length: 60 }, (_, at) => questionnaire({ id: at + 1, state: `S${at}` }))
    const { text, first } = await asked({ questionnaires: [...many, questionnaire({ id: 99 })] })
    expect(first).toContain('1 open, 1 of them overdue')
    expect(text).toContain('next to act: recipient 1')
  })
})

describe('late ones of several due dates', () => {
  test('the longest late first; of those equally late, whoever is to answer', async () => {
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
    const { structured, text } = await asked({
      questionnaires: due.map(([id, state, days]) => questionnaire({ id, state, dueDate: ago(days) })),
    })
    expect(ofKind(structured, 'late').map(({ questionnaire }) => Number(questionnaire))).toEqual([
      4, 10, 9, 8, 6, 5, 3, 11, 1, 7, 2,
    ])
    expect(countsOf(ofKind(structured, 'overdue'))).toEqual([
      ['up to 7 days', 6],
      ['8-30 days', 2],
      ['31-90 days', 2],
      ['more than 90 days', 1],
    ])
    expect(text).toContain('12 open, 11 of them overdue')
  })

  test('the few that are listed are the latest of all, wherever they came', async () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      questionnaire({ id: at + 1, dueDate: ago(1 + ((at * 7) % 300)) }),
    )
    await tell(sandbox.control, { questionnaires: many, users: [] })
    const { structured } = await desk.ask({ campaignId: 1, late: 3 }, 'json')
    expect(ofKind(structured, 'late').map(({ daysOverdue }) => daysOverdue)).toEqual([300, 299, 298])
  })
})

describe('is an error, and no zeros:', () => {
  test.each(['0', '999', '9223372036854775807'])('a campaign that is not there: %s', async (campaignId) => {
    const { text, isError, raw } = await desk.ask({ campaignId })
    expect(isError, text).toBe(true)
    expect(text).toContain(campaignId)
    expect(text).not.toContain('0 questionnaires')
    expect(raw['_meta']).toMatchObject({ 'qualys-mcp/error': { kind: 'input' } })
  })

  test('a campaign out of scope', async () => {
    const narrow = await openDesk(sandbox, today, { QUALYS_USERNAME: 'saq-emea' })
    const own = (await sandbox.control.truth('campaigns')).find(({ name }) => name === 'EMEA processors 2026')
    expect((await narrow.ask({ campaignId: own?.['id'] })).isError).toBe(false)
    const { text, isError } = await narrow.ask({ campaignId: 640002 })
    expect(isError).toBe(true)
    expect(text).toMatch(/640002.*scope/)
    await narrow.close()
  })

  const refusal = (code: string): string =>
    `<ServiceResponse><responseCode>${code}</responseCode><responseErrorDetails><errorMessage>No.</errorMessage></responseErrorDetails></ServiceResponse>`

  test.each([getCampaign, searchQuestionnaires])('what Qualys refuses at %s', async (route) => {
    const faults: object[] = [
      { route, kind: 'status', status: 403 },
      { route, kind: 'status', status: 500 },
      { route, kind: 'limit' },
      { route, kind: 'reset' },
      { route, kind: 'truncate' },
      { route, kind: 'html' },
      { route, kind: 'empty' },
      { route, kind: 'badJson' },
      { route, kind: 'dropId' },
      reply(route, refusal('UNAUTHORIZED')),
      reply(route, refusal('SOMETHING_NEW')),
      reply(route, refusal('INVALID_REQUEST')),
      reply(route, '<ServiceResponse/>'),
      reply(route, ''),
    ]
    for (const fault of faults) {
      await sandbox.control.faults([fault])
      const { text, isError } = await desk.ask({ campaignId: 640002 })
      expect(isError, `${JSON.stringify(fault)}: ${text}`).toBe(true)
      expect(text).not.toMatch(/\d questionnaire/)
    }
  })

  test('a second page that fails', async () => {
    const first = service('Questionnaire', [questionnaire()], true)
    const faults = [
      { ...reply(searchQuestionnaires, first), times: 1 },
      { route: searchQuestionnaires, kind: 'status', status: 500 },
    ]
    await tell(sandbox.control, { faults })
    const { text, isError } = await desk.ask({ campaignId: 1 })
    expect(isError, text).toBe(true)
  })

  test('a list that goes round in circles', async () => {
    const body = service('Questionnaire', [questionnaire()], true)
    await tell(sandbox.control, { faults: [reply(searchQuestionnaires, body)] })
    const { text, isError } = await desk.ask({ campaignId: 1 })
    expect(isError, text).toBe(true)
    expect(text).toContain('QUALYS_SAQ_PAGING')
  })

  test('or is said, that Qualys announces more rows and sends none', async () => {
    const faults = [
      { ...reply(searchQuestionnaires, service('Questionnaire', [questionnaire()], true)), times: 1 },
      reply(searchQuestionnaires, service('Questionnaire', [], true)),
    ]
    await tell(sandbox.control, { faults })
    const { text } = await desk.ask({ campaignId: 1 })
    expect(text).toMatch(/there are more rows/)
  })

  test('or is said, that the fields have other names', async () => {
    await sandbox.control.faults([{ route: searchQuestionnaires, kind: 'rename' }])
    const { text, isError } = await desk.ask({ campaignId: 640002 })
    expect(isError || /differ from their documentation|not counted as open/.test(text), text).toBe(true)
  })
})

describe('arguments', () => {
  test.each([
    [{}, 'campaignId: must be an id from saq_search_campaigns'],
    [{ campaignId: 'Audit' }, 'campaignId: must be an id from saq_search_campaigns: digits alone'],
    [{ campaignId: '../1' }, 'digits alone'],
    [{ campaignId: 1, campaign: 1 }, 'there is no argument "campaign"'],
  ])('%j: %s', async (args, sentence) => {
    const { text, isError } = await desk.ask(args)
    expect(isError).toBe(true)
    expect(text).toContain(sentence)
    expect(await sandbox.control.requests()).toEqual([])
  })
})
