import type { Operation } from '../../operation.ts'
import type { JoinedColumns } from '../../reads/joined-columns.ts'
import { type CampaignReads, readRecipients } from '../people/campaign-recipients.ts'
import { overdueDays } from './overdue.ts'
import { apart, noRecipients, placeholders, unknown } from './own-words.ts'
import { RowTally } from './row-tally.ts'

type Row = Readonly<Record<string, unknown>>

const otherWay =
  'no record shows the companies of its recipients, so they are unknown; saq_count_questionnaires with groupBy ["campaign.name","company"] looks them up by name'

const isActive = ({ status }: Row): boolean | undefined =>
  typeof status === 'string' ? status === 'ACTIVE' : undefined

/** What campaigns can be counted by that their rows do not show. `campaigns`: how they are read whole. */
export const campaignColumns = (campaigns: () => CampaignReads): JoinedColumns<Operation> => ({
  names: ['company', 'overdueDays'],
  placeholders,
  load: async (columns, lists, input) => {
    const tally = new RowTally('campaign')
    const recipients = columns.includes('company')
      ? await readRecipients(campaigns(), input, lists)
      : undefined

    function companies(row: Row): unknown {
      const people = recipients?.of(String(row['id']))
      if (people?.length === 0) return noRecipients
      const named = new Set(people?.map(({ company }) => company))
      if (named.delete('') && named.size > 0) tally.add(row, 'some of its recipients show no company')
      if (named.size > 0) return [...named].map(apart)
      tally.add(row, otherWay)
      return unknown
    }
    function overdue(row: Row): string {
      const range = overdueDays(row, isActive(row), lists.now)
      if (range === unknown) tally.add(row, 'the record does not show whether it is active or when it is due')
      return range
    }
    return {
      value: (row, column) => (column === 'company' ? companies(row) : overdue(row)),
      notes: () => [...tally.notes, ...(recipients?.notes ?? [])],
    }
  },
})
