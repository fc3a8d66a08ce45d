import {
  isLate,
  type KnownRecipient,
  knownRecipients,
  lateInSeveral,
  nameOf,
  notSent,
  openness,
  runningOf,
} from '../saq/campaign-recipients.ts'
import { everyState, moreCampaignId, namesakes } from '../saq/more-campaigns.ts'
import type { SandboxPeople } from '../saq/sandbox-people.ts'
import { column, countsBy, largest, pagesOf, type Question, type Truth } from './question.ts'

// Questions about the recipients of campaigns.

/** Campaigns that the usual data do not have. */
export const moreCampaigns = [namesakes, everyState]

const large = '640002'
const [ofNamesakes, ofEveryState] = [moreCampaignId(0), moreCampaignId(1)]

async function heldOf(truth: Truth): Promise<SandboxPeople> {
  const [users, campaigns, questionnaires] = await Promise.all([
    truth('users'),
    truth('campaigns'),
    truth('questionnaires'),
  ])
  return { users, campaigns, questionnaires } as unknown as SandboxPeople
}

async function recipientsOf(truth: Truth, campaignId: string): Promise<readonly KnownRecipient[]> {
  const held = await heldOf(truth)
  const campaign = held.campaigns.find(({ id }) => String(id) === campaignId)
  return campaign ? knownRecipients(held, campaign) : []
}

const idOf = ({ user }: KnownRecipient): string => String(user.id)

const hasNotAnswered = ({ state }: KnownRecipient): boolean =>
  ['INFORMATION_GATHERING', notSent].includes(state)

/** The company with most recipients who have not answered. */
async function slowCompany(truth: Truth): Promise<string> {
  const waiting = (await recipientsOf(truth, large)).filter(hasNotAnswered)
  const counts = countsBy(waiting, ({ user }) => user.company)
  return Object.keys(largest(counts, 1))[0] ?? ''
}

/** A campaign with its place, if it is overdue: the order of the others is not asked for. */
const inOrder = (index: number, dueDate: number, text: string): string =>
  dueDate < Date.now() ? `${index + 1}. ${text}` : text

export const recipientQuestions: readonly Question[] = [
  {
    asks: 'How many recipients of one campaign have answered, and how many not, by company?',
    answer: async (call) => {
      const { rows } = await call('saq_campaign_status', { campaignId: large, late: 0 })
      return Object.fromEntries(
        rows
          .filter(({ kind, company }) => kind === 'company' && company !== undefined)
          .map(({ company, closed, open }) => [`${company}`, `${closed} closed, ${open} open`])
          .map(([company, counts]) => [`${company}: ${counts}`, 1]),
      )
    },
    expected: async (truth) => {
      const companies = new Map<string, { closed: number; open: number; other: number }>()
      for (const { user, possible } of await recipientsOf(truth, large)) {
        const counts = companies.get(user.company) ?? { closed: 0, open: 0, other: 0 }
        companies.set(user.company, counts)
        const [kind, ...others] = new Set([...possible].map(openness))
        if (kind !== undefined && others.length === 0) counts[kind]++
      }
      return Object.fromEntries(
        [...companies].map(([company, { closed, open }]) => [
          `${company}: ${closed} closed, ${open} open`,
          1,
        ]),
      )
    },
  },
  {
    asks: 'Who of one company has not answered, by id?',
    answer: async (call, truth) => {
      const args = { campaignId: large, company: await slowCompany(truth) }
      const state = ['INFORMATION_GATHERING', notSent]
      return column((await call('saq_list_recipients', { ...args, state, pageSize: 100 })).rows, 'id')
    },
    expected: async (truth) => {
      const company = await slowCompany(truth)
      return (await recipientsOf(truth, large))
        .filter((one) => one.user.company === company && hasNotAnswered(one))
        .map(idOf)
    },
  },
  {
    asks: 'In which state is the questionnaire of each recipient of one campaign?',
    answer: async (call) => {
      const args = { campaignId: ofEveryState, fields: ['id', 'name', 'state'], pageSize: 100 }
      const { rows } = await call('saq_list_recipients', args)
      return rows.map(({ id, name, state }) => `${id} ${name} ${state}`)
    },
    expected: async (truth) =>
      (await recipientsOf(truth, ofEveryState)).map(
        ({ user, state }) => `${user.id} ${nameOf(user)} ${state}`,
      ),
  },
  {
    asks: 'Which recipients of one campaign share their name, and what is known of each?',
    answer: async (call) => {
      const args = { campaignId: ofNamesakes, fields: ['id', 'name', 'company', 'state'], pageSize: 100 }
      const { rows } = await call('saq_list_recipients', args)
      const counts = countsBy(rows, ({ name }) => name)
      return rows
        .filter(({ name }) => (counts[String(name)] ?? 0) > 1)
        .map(({ id, company, state }) => `${id} ${company} ${state}`)
    },
    expected: async (truth) => {
      const all = await recipientsOf(truth, ofNamesakes)
      const counts = countsBy(all, ({ user }) => nameOf(user))
      return all
        .filter(({ user }) => (counts[nameOf(user)] ?? 0) > 1)
        .map(({ user, state }) => `${user.id} ${user.company} ${state}`)
    },
  },
  {
    asks: 'Which recipients of one campaign are late, all of them?',
    answer: async (call) => {
      const args = { campaignId: large, late: true, fields: ['id'], pageSize: 150 }
      return column(await pagesOf(call, 'saq_list_recipients', args), 'id')
    },
    expected: async (truth) =>
      (await recipientsOf(truth, large)).filter((one) => isLate(one, Date.now())).map(idOf),
  },
  {
    asks: 'Which questionnaires of one campaign are late, page by page?',
    answer: async (call) => {
      const args = { campaignId: ofEveryState, late: 8 }
      const rows = await pagesOf(call, 'saq_campaign_status', args)
      return column(
        rows.filter(({ kind }) => kind === 'late'),
        'questionnaire',
      )
    },
    expected: async (truth) =>
      (await heldOf(truth)).questionnaires
        .filter(({ campaignId, state }) => String(campaignId) === ofEveryState && openness(state) === 'open')
        .map(({ id }) => String(id)),
  },
  {
    asks: 'Which campaigns run, the most overdue first, and how many questionnaires of each are open?',
    answer: async (call) => {
      const { rows } = await call('saq_campaign_status', { late: 0 })
      const campaigns = rows.filter(({ kind }) => kind === 'campaign')
      return campaigns.map(({ id, open, dueDate }, index) =>
        inOrder(index, Date.parse(String(dueDate)), `${id}: ${open}`),
      )
    },
    expected: async (truth) => {
      const held = await heldOf(truth)
      return runningOf(held).map(({ id, dueDate }, index) => {
        const own = held.questionnaires.filter(({ campaignId }) => campaignId === id)
        const open = own.filter(({ state }) => openness(state) === 'open').length
        return inOrder(index, dueDate, `${id}: ${open}`)
      })
    },
  },
  {
    asks: 'Who is late in several of the running campaigns?',
    answer: async (call) => {
      const rows = await pagesOf(call, 'saq_campaign_status', { late: 50 })
      return column(
        rows.filter(({ kind }) => kind === 'late in several'),
        'id',
      )
    },
    expected: async (truth) => [...lateInSeveral(await heldOf(truth), Date.now()).keys()].map(String),
  },
]
