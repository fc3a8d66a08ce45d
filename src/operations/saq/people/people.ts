import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import {
  type CampaignReads,
  type CampaignRecipients,
  type PersonField,
  readRecipients,
} from './campaign-recipients.ts'
import { type Person, personFields, personOf } from './person.ts'
import { PersonTable } from './person-table.ts'

/** Five thousand users are five calls. */
const maxUsers = 20_000

/** Why nobody is found under a name. */
export type Absence = 'nobody' | 'not a recipient' | 'nameless'

/** Who bears a name in a campaign: several are namesakes. */
export interface Bearers {
  readonly people: readonly Person[]
  /** True if the campaign's record shows no recipients, so that the name alone led to users. */
  readonly isByName?: true
  /** Present if there is nobody. */
  readonly absence?: Absence
}

/** The users that could be read. */
export interface Users {
  readonly table: PersonTable
  readonly notes: readonly string[]
}

/** All users by name, as far as they can be read. */
export async function readUsers(list: Operation, lists: Lists<Operation>): Promise<Users> {
  const table = new PersonTable()
  const notes: string[] = []
  let count = 0
  const isRead = await lists.attempt(async () => {
    for await (const rows of lists.walk(list, {}, personFields))
      for (const row of rows) {
        if (count === maxUsers) {
          notes.push(`Of the users, ${maxUsers.toLocaleString('en')} were read, and no more.`)
          return true
        }
        count++
        table.add(personOf(row))
      }
    return true
  })
  if (isRead === undefined) notes.push('The list of users could not be read.')
  return { table, notes }
}

/**
 * The people of campaigns. A questionnaire names its recipient in its title alone, so the name is looked up among the
 * recipients of its campaign, or among all users if the campaign's record shows none.
 */
export class People {
  readonly #campaigns: CampaignRecipients
  readonly #users: Users | undefined
  readonly #tables = new Map<string, PersonTable | undefined>()

  private constructor(campaigns: CampaignRecipients, users: Users | undefined) {
    this.#campaigns = campaigns
    this.#users = users
  }

  /** Reads the campaigns that some input finds, and the users if that is not enough. */
  static async read(
    reads: CampaignReads,
    input: Input,
    lists: Lists<Operation>,
    fields?: readonly PersonField[],
  ): Promise<People> {
    const campaigns = await readRecipients(reads, input, lists, fields)
    return new People(campaigns, campaigns.areMissing ? await readUsers(reads.users, lists) : undefined)
  }

  /** The recipients in a campaign's record; undefined if it shows none, or was not read. */
  recipientsOf(campaignId: string): readonly Person[] | undefined {
    return this.#campaigns.of(campaignId)
  }

  find(campaignId: string, name: string): Bearers {
    const campaign = this.#tableOf(campaignId)
    const own = campaign?.find(name) ?? []
    if (own.length > 0) return { people: own }
    if (!this.#users) return { people: [], absence: absenceFrom(campaign) }
    const people = this.#users.table.find(name)
    return {
      people,
      ...(!campaign && { isByName: true }),
      ...(people.length === 0 && { absence: 'nobody' }),
    }
  }

  /** What was not read, one sentence each. */
  get notes(): readonly string[] {
    return [...this.#campaigns.notes, ...(this.#users?.notes ?? [])]
  }

  #tableOf(campaignId: string): PersonTable | undefined {
    if (this.#tables.has(campaignId)) return this.#tables.get(campaignId)
    const recipients = this.#campaigns.of(campaignId)
    const table = recipients && new PersonTable(recipients)
    this.#tables.set(campaignId, table)
    return table
  }
}

/** Why a name is not among the recipients of a campaign: some of them may show no name. */
function absenceFrom(campaign: PersonTable | undefined): Absence {
  if (!campaign) return 'nobody'
  return campaign.find('').length === 0 ? 'not a recipient' : 'nameless'
}
