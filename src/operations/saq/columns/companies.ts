import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { type CampaignReads, type CampaignRecipients, readRecipients } from './campaign-recipients.ts'
import { CompanyTable, several } from './company-table.ts'
import { fullName } from './recipients.ts'

/** Five thousand users are five calls. */
const maxUsers = 20_000

/** The company of a name, or why it is unknown. */
export type Finding =
  | { readonly company: string; readonly isByName?: true }
  | {
      readonly problem: 'nobody' | 'several' | 'no company' | 'not a recipient' | 'nameless'
      readonly isByName?: true
    }

type Absence = 'nobody' | 'not a recipient' | 'nameless'

interface Users {
  readonly table: CompanyTable
  readonly notes: readonly string[]
}

/** All users by name, as far as they can be read. */
async function readUsers(list: Operation, lists: Lists<Operation>): Promise<Users> {
  const table = new CompanyTable()
  const notes: string[] = []
  let count = 0
  const fields = ['id', 'firstName', 'lastName', 'company']
  const isRead = await lists.attempt(async () => {
    for await (const rows of lists.walk(list, {}, fields))
      for (const row of rows) {
        if (count === maxUsers) {
          notes.push(`Of the users, ${maxUsers.toLocaleString('en')} were read, and no more.`)
          return true
        }
        count++
        table.add(fullName(row), typeof row['company'] === 'string' ? row['company'] : '')
      }
    return true
  })
  if (isRead === undefined) notes.push('The list of users could not be read.')
  return { table, notes }
}

/**
 * The companies of recipients. A questionnaire names its recipient in its title alone, so the name is looked up among
 * the recipients of its campaign, or among all users if the campaign's record shows none.
 */
export class Companies {
  readonly #campaigns: CampaignRecipients
  readonly #users: Users | undefined
  readonly #tables = new Map<string, CompanyTable | undefined>()

  private constructor(campaigns: CampaignRecipients, users: Users | undefined) {
    this.#campaigns = campaigns
    this.#users = users
  }

  /** Reads the campaigns that some input finds, and the users if that is not enough. */
  static async read(reads: CampaignReads, input: Input, lists: Lists<Operation>): Promise<Companies> {
    const campaigns = await readRecipients(reads, input, lists)
    return new Companies(campaigns, campaigns.areMissing ? await readUsers(reads.users, lists) : undefined)
  }

  find(campaignId: string, name: string): Finding {
    const campaign = this.#tableOf(campaignId)
    const own = campaign?.find(name)
    if (own !== undefined || !this.#users) return findingOf(own, absenceFrom(campaign))
    return { ...findingOf(this.#users.table.find(name), 'nobody'), ...(!campaign && { isByName: true }) }
  }

  get notes(): readonly string[] {
    return [...this.#campaigns.notes, ...(this.#users?.notes ?? [])]
  }

  #tableOf(campaignId: string): CompanyTable | undefined {
    if (this.#tables.has(campaignId)) return this.#tables.get(campaignId)
    const recipients = this.#campaigns.of(campaignId)
    const table = recipients && new CompanyTable()
    for (const { name, company } of recipients ?? []) table?.add(name, company)
    this.#tables.set(campaignId, table)
    return table
  }
}

/** Why a name is not among the recipients of a campaign: some of them may show no name. */
function absenceFrom(campaign: CompanyTable | undefined): Absence {
  if (!campaign) return 'nobody'
  return campaign.find('') === undefined ? 'not a recipient' : 'nameless'
}

function findingOf(company: string | typeof several | undefined, none: Absence): Finding {
  if (company === undefined) return { problem: none }
  if (company === several) return { problem: 'several' }
  return company === '' ? { problem: 'no company' } : { company }
}
