import type { Operation } from '../../operation.ts'
import { type JoinedColumns, type Joiner, unjoined } from '../../reads/joined-columns.ts'
import type { Lists } from '../../reads/lists.ts'
import type { CampaignReads } from '../people/campaign-recipients.ts'
import { type CompanyFinding, companyOf } from '../people/company.ts'
import { People } from '../people/people.ts'
import { recipientNameOf } from '../people/recipient-entries.ts'
import { dueTimeOf, overdueDays } from './overdue.ts'
import { apart, placeholders, unknown } from './own-words.ts'
import { RowTally } from './row-tally.ts'
import { isKnown, turnOf } from './turns.ts'

type Row = Readonly<Record<string, unknown>>

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The campaign of a questionnaire. */
export function campaignOf({ campaign }: Row): { readonly id: string; readonly name: string } {
  const { id, name } = (typeof campaign === 'object' ? (campaign ?? {}) : {}) as Row
  return { id: id === undefined ? '' : String(id), name: textOf(name) }
}

/** True if somebody must act on a questionnaire; undefined if its state does not tell. */
export function isOpen({ state }: Row): boolean | undefined {
  const word = textOf(state)
  return isKnown(word) ? turnOf(word) !== undefined : undefined
}

const clauses = {
  nobody: 'no user has the name in the title',
  'not a recipient': 'the name in the title is not among the recipients of the campaign',
  nameless:
    'the campaign has recipients whose names no record shows, and the name in the title is not among the others',
  several: 'users of this name are in different companies, so the company is unknown',
  'no company': 'no record shows the company of the recipient, so it is unknown',
} as const satisfies Record<Extract<CompanyFinding, { problem: string }>['problem'], string>

const noName =
  'the title does not name the recipient behind the name of the campaign, as far as that is shown'
const noCampaign = 'the record does not show the campaign'
const noDueDate = 'open, and no record shows the due date'
const byName = 'Qualys shows no recipients of the campaign, so the company is that of the user with the name'

/** Why nobody knows whether a questionnaire is open. */
export function stateClause({ state }: Row): string {
  if (textOf(state) === '') return 'the record shows no state'
  return `no page says whether ${state === 'INCOMPLETE' ? state : 'its state'} is open`
}

/** The campaign that all rows are of, for rows that do not show theirs. */
async function soleCampaign(
  list: Operation,
  ids: unknown,
  lists: Lists<Operation>,
): Promise<Row | undefined> {
  if (!Array.isArray(ids) || ids.length !== 1) return undefined
  const [id] = ids.map(String)
  return (await lists.attempt(() => lists.find(list, [String(id)])))?.get(String(id))
}

/** Reads the columns of questionnaires. */
class QuestionnaireJoiner implements Joiner {
  readonly #now: number
  readonly #campaign: Row | undefined
  readonly #people: People | undefined
  readonly #tally = new RowTally('questionnaire')
  readonly #readers: Readonly<Record<string, (row: Row) => unknown>> = {
    recipient: (row) => this.#recipient(row) ?? unjoined,
    company: (row) => this.#company(row),
    overdueDays: (row) => this.#overdueDays(row),
    turn: (row) => this.#turn(row),
    'campaign.id': (row) => this.#campaignField(row, 'id'),
    'campaign.name': (row) => this.#campaignField(row, 'name'),
    dueDate: (row) => row['dueDate'] ?? this.#campaign?.['dueDate'] ?? unjoined,
  }

  constructor(now: number, campaign: Row | undefined, people: People | undefined) {
    this.#now = now
    this.#campaign = campaign
    this.#people = people
  }

  readonly value = (row: Row, column: string): unknown => this.#readers[column]?.(row) ?? unjoined

  readonly notes = (): readonly string[] => [...this.#tally.notes, ...(this.#people?.notes ?? [])]

  #campaignOf(row: Row): { readonly id: string; readonly name: string } {
    const shown = campaignOf(row)
    return shown.id === '' && this.#campaign ? campaignOf({ campaign: this.#campaign }) : shown
  }

  #campaignField(row: Row, field: 'id' | 'name'): unknown {
    const value = this.#campaignOf(row)[field]
    if (value !== '') return value
    this.#tally.add(row, noCampaign)
    return unjoined
  }

  #recipient(row: Row): string | undefined {
    const name = recipientNameOf(row, this.#campaignOf(row).name)
    if (name === undefined) this.#tally.add(row, noName)
    return name
  }

  #company(row: Row): unknown {
    const name = this.#recipient(row)
    if (name === undefined || !this.#people) return unjoined
    const bearers = this.#people.find(this.#campaignOf(row).id, name)
    const finding = companyOf(bearers)
    if (bearers.isByName) this.#tally.add(row, byName)
    if ('company' in finding) return apart(finding.company)
    this.#tally.add(row, clauses[finding.problem])
    return finding.problem === 'several' || finding.problem === 'no company' ? unknown : unjoined
  }

  #overdueDays(row: Row): string {
    const isStillOpen = isOpen(row)
    const dated = { dueDate: row['dueDate'] ?? this.#campaign?.['dueDate'] }
    if (isStillOpen === undefined) this.#tally.add(row, stateClause(row))
    else if (isStillOpen && dueTimeOf(dated) === undefined) this.#tally.add(row, noDueDate)
    return overdueDays(dated, isStillOpen, this.#now)
  }

  #turn(row: Row): string {
    const turn = turnOf(textOf(row['state']))
    if (turn !== undefined) return turn
    if (isOpen(row) !== undefined) return 'nobody'
    this.#tally.add(row, stateClause(row))
    return unknown
  }
}

/** What questionnaires can be counted by that their rows do not show, or may not show. */
export const questionnaireColumns = (campaigns: CampaignReads): JoinedColumns<Operation> => ({
  names: ['recipient', 'company', 'overdueDays', 'turn', 'campaign.id', 'campaign.name', 'dueDate'],
  placeholders,
  load: async (columns, lists, { campaignId }) => {
    const people = columns.includes('company')
      ? await People.read(campaigns, campaignId === undefined ? {} : { id: campaignId }, lists)
      : undefined
    return new QuestionnaireJoiner(lists.now, await soleCampaign(campaigns.list, campaignId, lists), people)
  },
})
