import { type JoinedColumns, unjoined } from '../../joined-columns.ts'
import type { Operation } from '../../operation.ts'
import { RowTally } from '../row-tally.ts'
import type { CampaignReads } from './campaign-recipients.ts'
import { Companies, type Finding } from './companies.ts'
import { dueTimeOf, overdueDays, unknown } from './overdue.ts'
import { recipientInTitle } from './recipients.ts'
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

/** The name in a questionnaire's title, on one line; undefined if it names nobody. */
function recipientOf(row: Row): string | undefined {
  return recipientInTitle(textOf(row['title']), campaignOf(row).name)?.replace(/\s+/g, ' ').trim()
}

const clauses = {
  nobody: 'no user has the name in the title',
  'not a recipient': 'the name in the title is not among the recipients of the campaign',
  several: 'users of this name are in different companies, so the company is unknown',
  'no company': 'no record shows the company of the recipient, so it is unknown',
} as const satisfies Record<Extract<Finding, { problem: string }>['problem'], string>

const noName = 'the title does not name the recipient behind the name of the campaign'
const byName = 'Qualys shows no recipients of the campaign, so the company is that of the user with the name'

/** What questionnaires can be counted by that their rows do not show. */
export const questionnaireColumns = (campaigns: CampaignReads): JoinedColumns<Operation> => ({
  names: ['recipient', 'company', 'overdueDays', 'turn'],
  load: async (columns, lists, { campaignId }) => {
    const tally = new RowTally('questionnaire')
    const companies = columns.includes('company')
      ? await Companies.read(campaigns, campaignId === undefined ? {} : { id: campaignId }, lists)
      : undefined

    function recipient(row: Row): string | undefined {
      const name = recipientOf(row)
      if (name === undefined) tally.add(row, noName)
      return name
    }
    function company(row: Row): unknown {
      const name = recipient(row)
      if (name === undefined || !companies) return unjoined
      const finding = companies.find(campaignOf(row).id, name)
      if (finding.isByName) tally.add(row, byName)
      if ('company' in finding) return finding.company
      tally.add(row, clauses[finding.problem])
      return finding.problem === 'several' || finding.problem === 'no company' ? unknown : unjoined
    }
    function overdue(row: Row): string {
      if (isOpen(row) && dueTimeOf(row) === undefined)
        tally.add(row, 'open, and no record shows the due date')
      else if (isOpen(row) === undefined) tally.add(row, 'whether its state is open is not documented')
      return overdueDays(row, isOpen(row), lists.now)
    }
    const turn = (row: Row): string =>
      turnOf(textOf(row['state'])) ?? (isOpen(row) === undefined ? unknown : 'nobody')

    const readers: Readonly<Record<string, (row: Row) => unknown>> = {
      recipient: (row) => recipient(row) ?? unjoined,
      company,
      overdueDays: overdue,
      turn,
    }
    return {
      value: (row, column) => readers[column]?.(row) ?? unjoined,
      notes: () => [...tally.notes, ...(companies?.notes ?? [])],
    }
  },
})
