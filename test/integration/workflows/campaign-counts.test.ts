import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anchor, day } from '../../../src/sandbox/data/calendar.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { type Desk, lateOnes, ofKind, openDesk } from './campaign-desk.ts'

// Every campaign of the sandbox, counted a second time from what the sandbox holds.

interface Campaign {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly workflowType: string
  readonly dueDate: number
  readonly reviewerId?: number
  readonly approverId?: number
}

interface Questionnaire {
  readonly id: number
  readonly campaignId: number
  readonly recipientId: number
  readonly state: string
  readonly risk?: string
}

interface User {
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly company: string
  readonly emailAddress: string
}

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let campaigns: Campaign[]
let questionnaires: Questionnaire[]
let users: Map<number, User>
const desks: Desk[] = []

/** On the day that the data end, and when much more is late. */
const moments = [anchor, anchor + 40 * day]

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  campaigns = (await sandbox.control.truth('campaigns')) as unknown as Campaign[]
  questionnaires = (await sandbox.control.truth('questionnaires')) as unknown as Questionnaire[]
  const all = (await sandbox.control.truth('users')) as unknown as User[]
  users = new Map(all.map((user) => [user.id, user]))
  for (const now of moments) desks.push(await openDesk(sandbox, now, { QUALYS_REPLY_CHARS: '400000' }))
})
afterEach(() => sandbox.control.reset())
afterAll(async () => {
  for (const desk of desks) await desk.close()
  await sandbox.close()
})

const turns: Readonly<Record<string, string>> = {
  INFORMATION_GATHERING: 'recipient',
  REVIEW: 'reviewer',
  APPROVAL: 'approver',
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function spanOf(days: number): string {
  if (days <= 7) return 'up to 7 days'
  if (days <= 30) return '8-30 days'
  return days <= 90 ? '31-90 days' : 'more than 90 days'
}

const spelled = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : JSON.stringify(text))
const quotedContact = ({ firstName, lastName, company, emailAddress }: User): string =>
  [`${firstName} ${lastName}`, company, emailAddress].map(spelled).join(', ')

/** What has to be said of a campaign at a moment. */
function truthOf(campaign: Campaign, now: number) {
  const own = questionnaires.filter(({ campaignId }) => campaignId === campaign.id)
  const open = own.filter(({ state }) => turns[state] !== undefined)
  const late = campaign.dueDate < now ? open : []
  const days = Math.floor((now - campaign.dueDate) / day)
  const byTurn = counted(open.map(({ state }) => turns[state] ?? ''))
  const judge = (who: string): User | undefined =>
    users.get((who === 'reviewer' ? campaign.reviewerId : who === 'approver' ? campaign.approverId : 0) ?? 0)
  return {
    own,
    open,
    late: [
      ...late.filter(({ state }) => turns[state] === 'recipient'),
      ...late.filter(({ state }) => turns[state] !== 'recipient'),
    ],
    days,
    state: counted(own.map(({ state }) => state)),
    risk: counted(own.map(({ risk }) => risk ?? 'none (yet)')),
    overdue: late.length > 0 ? { [spanOf(days)]: late.length } : {},
    turns: Object.entries(byTurn).map(([who, count]) => {
      const person = judge(who)
      return {
        kind: 'next to act',
        word: who,
        count,
        overdue: late.filter(({ state }) => turns[state] === who).length,
        ...(person && { who: quotedContact(person) }),
      }
    }),
  }
}

function summaryOf(campaign: Campaign, now: number): string {
  const { id, name, status, workflowType, dueDate } = campaign
  const { own, open, late } = truthOf(campaign, now)
  const gap = Math.floor(Math.abs(now - dueDate) / day)
  const days = `${gap.toLocaleString('en')} day${gap === 1 ? '' : 's'}`
  const when = dueDate < now ? ` (${days} ago)` : ` (in ${days})`
  const due = `${new Date(dueDate).toISOString().slice(0, 19)}Z${when}`
  return `campaign ${id} ${JSON.stringify(name)}: ${status}, ${workflowType}, due ${due}; ${own.length} questionnaires: ${open.length} open, ${late.length} of them overdue`
}

const countsIn = (rows: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(rows.map(({ word, count }) => [String(word), count]))

/** `by state: CLOSED 3, "none (yet)" 2` */
function countsOn(text: string, kind: string): Record<string, number> {
  const line = text.split('\n').find((one) => one.startsWith(`by ${kind}: `)) ?? ''
  const pairs = line.slice(`by ${kind}: `.length).matchAll(/("[^"]*"|[\w.:-]+) ([\d,]+)/g)
  return Object.fromEntries(
    [...pairs].map(([, word = '', count = '']) => [
      word.replaceAll('"', ''),
      Number(count.replaceAll(',', '')),
    ]),
  )
}

const descending = (rows: readonly Record<string, unknown>[]): boolean =>
  rows.every(({ count }, at) => at === 0 || Number(rows[at - 1]?.['count']) >= Number(count))

describe.each([0, 1])('at moment %i', (at) => {
  const now = moments[at] ?? 0

  test.each(['ACTIVE', 'COMPLETE', 'CANCELED', 'INACTIVE'])('every campaign that is %s', async (status) => {
    const those = campaigns.filter((campaign) => campaign.status === status)
    expect(those.length).toBeGreaterThan(3)
    for (const campaign of those) {
      const truth = truthOf(campaign, now)
      const args = { campaignId: campaign.id, late: 200 }
      const json = await desks[at]?.ask(args, 'json')
      const text = (await desks[at]?.ask(args))?.text ?? ''
      const { structured } = json ?? {}
      if (!structured) throw new Error(json?.text)

      expect(structured.summary).toBe(summaryOf(campaign, now))
      expect(text.split('\n')[0]).toBe(structured.summary)
      for (const kind of ['state', 'risk', 'overdue'] as const) {
        const rows = ofKind(structured, kind)
        expect(countsIn(rows), structured.summary).toEqual(truth[kind])
        expect(countsOn(text, kind), structured.summary).toEqual(truth[kind])
        expect(descending(rows)).toBe(true)
      }
      const acting = ofKind(structured, 'next to act')
      expect(acting).toHaveLength(truth.turns.length)
      expect(acting).toEqual(expect.arrayContaining(truth.turns))
      for (const { word, count, overdue, who } of acting) {
        const late = Number(overdue) > 0 ? `, ${overdue} overdue` : ''
        const said = who === undefined ? '' : ` (${who})`
        expect(`${text.split('\n').find((line) => line.startsWith('next to act: '))};`).toContain(
          ` ${word} ${count}${late}${said};`,
        )
      }

      const late = ofKind(structured, 'late')
      expect(late.map(({ questionnaire }) => questionnaire)).toEqual(
        truth.late.slice(0, 200).map(({ id }) => String(id)),
      )
      expect(new Set(late.map(({ daysOverdue }) => daysOverdue)).size).toBeLessThanOrEqual(1)
      for (const row of late) expect(row['daysOverdue']).toBe(truth.days)
      const inText = lateOnes(text)
      expect(inText).toHaveLength(late.length)
      for (const [place, { kind: _, ambiguous, ...row }] of late.entries()) {
        const shown = Object.entries(row).map(([name, value]) => [name, String(value)])
        const expected = {
          ...Object.fromEntries(shown),
          ...(ambiguous !== undefined && { company: `ambiguous: users ${ambiguous}` }),
        }
        expect(inText[place]).toMatchObject(expected)
      }
      expect(text.match(/^Note: (.*)$/m)?.[1]).toBe(structured.note)
    }
  })
})

describe('late ones', () => {
  const sample = 640002
  const [now = 0] = moments

  test.each([0, 1, 200, undefined])('as many as are asked for: %s', async (late) => {
    const campaign = campaigns.find(({ id }) => id === sample)
    const truth = campaign && truthOf(campaign, now).late.map(({ id }) => String(id))
    expect(truth?.length).toBeGreaterThan(200)
    const answer = await desks[0]?.ask({ campaignId: sample, ...(late !== undefined && { late }) }, 'json')
    const rows = answer ? ofKind(answer.structured, 'late') : []
    expect(rows.map(({ questionnaire }) => questionnaire)).toEqual(truth?.slice(0, late ?? 20))
    expect(answer?.structured.summary).toContain(`${truth?.length} of them overdue`)
    const { text = '' } =
      (await desks[0]?.ask({ campaignId: sample, ...(late !== undefined && { late }) })) ?? {}
    const heading = `late, the longest first (${late ?? 20} of ${truth?.length}`
    expect(text.includes(heading)).toBe(late !== 0)
    expect(lateOnes(text)).toHaveLength(late ?? 20)
  })

  test.each([-1, 201, 1.5, 'all'])('never %s', async (late) => {
    const answer = await desks[0]?.ask({ campaignId: sample, late })
    expect(answer?.isError).toBe(true)
    expect(answer?.text).toContain('late: must be a whole number from 0 to 200')
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('a single one folds no columns', async () => {
    const { text = '' } = (await desks[0]?.ask({ campaignId: sample, late: 1 })) ?? {}
    expect(text).toContain('\nquestionnaire\tname\tcompany\temailAddress\twaitsFor\tdueDate\tdaysOverdue\n')
    expect(text).not.toContain('; all: ')
  })
})

describe('whoever is late', () => {
  test.each([true, false])('is told with company and e-mail; recipients shown: %s', async (shown) => {
    await sandbox.control.knobs({ campaignRecipients: shown })
    const now = moments[1] ?? 0
    const active = campaigns.filter(({ status }) => status === 'ACTIVE')
    const everybody = [...users.values()]
    let namesakes = 0
    for (const campaign of active) {
      const { late, own } = truthOf(campaign, now)
      const answer = await desks[1]?.ask({ campaignId: campaign.id, late: 30 }, 'json')
      const rows = answer ? ofKind(answer.structured, 'late') : []
      expect(rows).toHaveLength(Math.min(30, late.length))
      const crowd = shown ? own.flatMap(({ recipientId }) => users.get(recipientId) ?? []) : everybody
      for (const [place, row] of rows.entries()) {
        const user = users.get(late[place]?.recipientId ?? 0)
        if (!user) throw new Error('nobody')
        const { firstName, lastName, company, emailAddress } = user
        const same = crowd.filter((one) => one.firstName === firstName && one.lastName === lastName)
        expect(row['name']).toBe(`${firstName} ${lastName}`)
        if (same.length > 1) {
          namesakes++
          expect(row['ambiguous']).toBe(same.map(({ id }) => id).join(', '))
          expect([row['company'], row['emailAddress']]).toEqual([undefined, undefined])
        } else expect(row).toMatchObject({ company: company.trim(), emailAddress })
      }
      const note = answer?.structured.note ?? ''
      expect(note.includes('Qualys does not show the recipients of this campaign')).toBe(
        !shown && rows.length > 0,
      )
    }
    expect(namesakes).toBeGreaterThan(shown ? -1 : 10)
    const searches = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('search/saq/user'))
    expect(searches.length > 0).toBe(!shown)
  })
})
