import { expect } from 'vitest'
import { day } from '../../../src/sandbox/data/calendar.ts'
import type { Control } from '../sandbox.ts'
import { lateOnes, ofKind } from './campaigns.ts'
import type { StatusServer } from './status-server.ts'

// Campaigns of the sandbox, counted independently from the sandbox's rows.

export interface Campaign {
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

export interface User {
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly company: string
  readonly emailAddress: string
}

/** All rows of the sandbox about campaigns. */
export interface SandboxCampaigns {
  readonly campaigns: readonly Campaign[]
  readonly questionnaires: readonly Questionnaire[]
  readonly users: ReadonlyMap<number, User>
}

export async function readCampaigns(control: Control): Promise<SandboxCampaigns> {
  const [campaigns, questionnaires, users] = await Promise.all(
    ['campaigns', 'questionnaires', 'users'].map((collection) => control.dump(collection)),
  )
  return {
    campaigns: campaigns as unknown as Campaign[],
    questionnaires: questionnaires as unknown as Questionnaire[],
    users: new Map((users as unknown as User[]).map((user) => [user.id, user])),
  }
}

const turns: Readonly<Record<string, string>> = {
  INFORMATION_GATHERING: 'recipient',
  REVIEW: 'reviewer',
  APPROVAL: 'approver',
}

function countWords(words: readonly string[]): Record<string, number> {
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

/** The expected status of a campaign at a time. */
export function expectedCountsOf(
  { questionnaires, users }: SandboxCampaigns,
  campaign: Campaign,
  now: number,
) {
  const own = questionnaires.filter(({ campaignId }) => campaignId === campaign.id)
  const open = own.filter(({ state }) => turns[state] !== undefined)
  const late = campaign.dueDate < now ? open : []
  const days = Math.floor((now - campaign.dueDate) / day)
  const byTurn = countWords(open.map(({ state }) => turns[state] ?? ''))
  const judge = (who: string): User | undefined =>
    users.get((who === 'reviewer' ? campaign.reviewerId : who === 'approver' ? campaign.approverId : 0) ?? 0)
  return {
    own,
    open,
    late,
    days,
    state: countWords(own.map(({ state }) => state)),
    risk: countWords(own.map(({ risk }) => risk ?? 'none (yet)')),
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

function summaryOf(held: SandboxCampaigns, campaign: Campaign, now: number): string {
  const { id, name, status, workflowType, dueDate } = campaign
  const { own, open, late } = expectedCountsOf(held, campaign, now)
  const gap = Math.floor(Math.abs(now - dueDate) / day)
  const days = `${gap.toLocaleString('en')} day${gap === 1 ? '' : 's'}`
  const when = dueDate < now ? ` (${days} ago)` : ` (in ${days})`
  const due = `${new Date(dueDate).toISOString().slice(0, 19)}Z${when}`
  const unknown = own.filter(({ state }) => state === 'INCOMPLETE').length
  const unknownText = unknown > 0 ? `, ${unknown} unknown` : ''
  return `campaign ${id} ${JSON.stringify(name)}: ${status}, ${workflowType}, due ${due}; ${own.length} questionnaires: ${open.length} open, ${late.length} of them overdue${unknownText}`
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

/** The whole reply about a campaign, in both forms. */
export async function expectReported(
  server: StatusServer,
  held: SandboxCampaigns,
  campaign: Campaign,
  now: number,
): Promise<void> {
  const expected = expectedCountsOf(held, campaign, now)
  const args = { campaignId: campaign.id, late: 200 }
  const json = await server.ask(args, 'json')
  const { text } = await server.ask(args)
  const { structured } = json
  if (!structured) throw new Error(json.text)

  expect(structured.summary).toBe(summaryOf(held, campaign, now))
  expect(text.split('\n')[0]).toBe(structured.summary)
  for (const kind of ['state', 'risk', 'overdue'] as const) {
    const rows = ofKind(structured, kind)
    expect(countsIn(rows), structured.summary).toEqual(expected[kind])
    expect(countsOn(text, kind), structured.summary).toEqual(expected[kind])
    expect(descending(rows)).toBe(true)
  }
  const acting = ofKind(structured, 'next to act')
  expect(acting).toHaveLength(expected.turns.length)
  expect(acting).toEqual(expect.arrayContaining(expected.turns))
  for (const { word, count, overdue, who } of acting) {
    const late = Number(overdue) > 0 ? `, ${overdue} overdue` : ''
    const said = who === undefined ? '' : ` (${who})`
    expect(`${text.split('\n').find((line) => line.startsWith('next to act: '))};`).toContain(
      ` ${word} ${count}${late}${said};`,
    )
  }

  const late = ofKind(structured, 'late')
  expect(late.map(({ questionnaire }) => questionnaire)).toEqual(
    expected.late.slice(0, 200).map(({ id }) => String(id)),
  )
  expect(new Set(late.map(({ daysOverdue }) => daysOverdue)).size).toBeLessThanOrEqual(1)
  for (const row of late) expect(row['daysOverdue']).toBe(expected.days)
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

/** Overdue people, with company and e-mail; returns how many of them have the name of another user. */
export async function expectPeople(
  server: StatusServer,
  held: SandboxCampaigns,
  campaigns: readonly Campaign[],
  { now, shown }: { readonly now: number; readonly shown: boolean },
): Promise<number> {
  const { users } = held
  const everybody = [...users.values()]
  let namesakes = 0
  for (const campaign of campaigns) {
    const { late, own } = expectedCountsOf(held, campaign, now)
    const answer = await server.ask({ campaignId: campaign.id, late: 30 }, 'json')
    const rows = ofKind(answer.structured, 'late')
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
    const note = answer.structured.note ?? ''
    expect(note.includes('Qualys does not show the recipients of this campaign')).toBe(
      !shown && (rows.length > 0 || ofKind(answer.structured, 'company').length > 0),
    )
  }
  return namesakes
}
