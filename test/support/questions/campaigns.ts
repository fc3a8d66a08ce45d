import {
  byId,
  column,
  countsBy,
  type Fact,
  groupsOf,
  largest,
  type Question,
  type Truth,
} from './question.ts'

// Questions about campaigns, questionnaires and people.

const campaignId = '640002'
const open = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL']

const isLate = ({ state, dueDate }: Fact): boolean =>
  open.includes(String(state)) && Number(dueDate) < Date.now()

const ofCampaign = async (truth: Truth): Promise<Fact[]> =>
  (await truth('questionnaires')).filter((row) => String(row['campaignId']) === campaignId)

const nameOf = ({ firstName, lastName }: Fact): string => `${firstName} ${lastName}`

/** The recipient of a questionnaire. */
async function peopleOf(truth: Truth): Promise<(questionnaire: Fact) => Fact> {
  const users = byId(await truth('users'))
  return ({ recipientId }) => users.get(String(recipientId)) ?? {}
}

/**
 * The company of the recipient of a questionnaire, as far as its title tells it: not of namesakes in different companies
 * of whom both are recipients of the campaign.
 */
async function companiesOf(truth: Truth): Promise<(questionnaire: Fact) => string> {
  const users = byId(await truth('users'))
  const companies = new Map<string, Set<unknown>>()
  const keyOf = (campaign: unknown, person: Fact): string => `${campaign} ${nameOf(person)}`
  for (const { id, recipientIds } of await truth('campaigns'))
    for (const recipient of recipientIds as readonly unknown[]) {
      const person = users.get(String(recipient)) ?? {}
      const key = keyOf(id, person)
      companies.set(key, (companies.get(key) ?? new Set()).add(person['company']))
    }
  return ({ campaignId, recipientId }) => {
    const person = users.get(String(recipientId)) ?? {}
    return companies.get(keyOf(campaignId, person))?.size === 1 ? String(person['company']) : 'unknown'
  }
}

/** The company with most recipients who have not answered. */
async function waitingCompany(truth: Truth): Promise<string> {
  const personOf = await peopleOf(truth)
  const waiting = (await ofCampaign(truth)).filter(({ state }) => state === 'INFORMATION_GATHERING')
  return (
    Object.keys(
      largest(
        countsBy(waiting, (row) => personOf(row)['company']),
        1,
      ),
    )[0] ?? ''
  )
}

export const campaignQuestions: readonly Question[] = [
  {
    asks: 'How far are the recipients of one campaign, by company?',
    answer: async (call) => {
      const groupBy = ['company', 'state']
      const args = { campaignId: [campaignId], groupBy, top: 200 }
      return groupsOf((await call('saq_count_questionnaires', args)).rows, groupBy)
    },
    expected: async (truth) => {
      const companyOf = await companiesOf(truth)
      return countsBy(await ofCampaign(truth), (row) => `${companyOf(row)} ${row['state']}`)
    },
  },
  {
    asks: 'Who of the recipients of one company has not answered yet?',
    answer: async (call, truth) => {
      const waiting = await waitingCompany(truth)
      const args = { campaignId: [campaignId], state: ['INFORMATION_GATHERING'], top: 200 }
      const { rows } = await call('saq_count_questionnaires', { ...args, groupBy: ['company', 'recipient'] })
      return column(
        rows.filter(({ company }) => company === waiting),
        'recipient',
      )
    },
    expected: async (truth) => {
      const personOf = await peopleOf(truth)
      const companyOf = await companiesOf(truth)
      const waiting = await waitingCompany(truth)
      return (await ofCampaign(truth))
        .filter((row) => row['state'] === 'INFORMATION_GATHERING' && companyOf(row) === waiting)
        .map((row) => nameOf(personOf(row)))
    },
  },
  {
    asks: 'Who is late in several campaigns?',
    answer: async (call) => {
      const groupBy = ['recipient', 'company']
      const args = { late: true, groupBy, distinct: 'campaign.id', min: 2, top: 100 }
      return column((await call('saq_count_questionnaires', args)).rows, 'recipient')
    },
    expected: async (truth) => {
      const personOf = await peopleOf(truth)
      const companyOf = await companiesOf(truth)
      const campaigns = new Map<string, Set<unknown>>()
      for (const row of (await truth('questionnaires')).filter(isLate)) {
        const key = `${nameOf(personOf(row))}\n${companyOf(row)}`
        campaigns.set(key, (campaigns.get(key) ?? new Set()).add(row['campaignId']))
      }
      return [...campaigns].filter(([, ids]) => ids.size >= 2).map(([key]) => key.split('\n')[0] ?? '')
    },
  },
  {
    asks: 'What are the risks of the answered questionnaires of one campaign?',
    answer: async (call) => {
      const args = { campaignId: [campaignId], state: ['CLOSED'], groupBy: ['risk'] }
      return groupsOf((await call('saq_count_questionnaires', args)).rows, ['risk'])
    },
    expected: async (truth) =>
      countsBy(
        (await ofCampaign(truth)).filter(({ state }) => state === 'CLOSED'),
        ({ risk }) => risk,
      ),
  },
  {
    asks: 'How many questionnaires are late, by campaign?',
    answer: async (call) => {
      const args = { late: true, groupBy: ['campaign.name'], top: 50 }
      return groupsOf((await call('saq_count_questionnaires', args)).rows, ['campaign.name'])
    },
    expected: async (truth) => {
      const campaigns = byId(await truth('campaigns'))
      return countsBy(
        (await truth('questionnaires')).filter(isLate),
        ({ campaignId }) => campaigns.get(String(campaignId))?.['name'],
      )
    },
  },
  {
    asks: 'How many campaigns are there in each state?',
    answer: async (call) =>
      groupsOf((await call('saq_count_campaigns', { groupBy: ['status'] })).rows, ['status']),
    expected: async (truth) => countsBy(await truth('campaigns'), ({ status }) => status),
  },
  {
    asks: 'How many users of one company have no tag?',
    answer: async (call) => {
      const { rows } = await call('saq_count_users', { company: 'Delta Cloud', withoutTag: '*' })
      return Number(rows[0]?.['count'])
    },
    expected: async (truth) =>
      (await truth('users')).filter(
        ({ company, tags }) => company === 'Delta Cloud' && (tags as Fact[]).length === 0,
      ).length,
  },
  {
    asks: 'Which five companies have most users?',
    answer: async (call) => {
      const { rows } = await call('saq_count_users', { groupBy: ['company'], top: 5 })
      return rows.map(({ count }) => Number(count))
    },
    expected: async (truth) =>
      Object.values(
        largest(
          countsBy(await truth('users'), ({ company }) => company),
          5,
        ),
      ),
  },
]
