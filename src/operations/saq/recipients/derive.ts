import type { Operation } from '../../operation.ts'
import type { DerivedRows, Underived } from '../../reads/derived-rows.ts'
import type { Lists } from '../../reads/lists.ts'
import { campaignOf } from '../columns/questionnaire-columns.ts'
import { type CampaignReads, recipientsIn } from '../people/campaign-recipients.ts'
import { readUsers } from '../people/people.ts'
import type { Person } from '../people/person.ts'
import { readQuestionnaires } from './questionnaires.ts'
import { RecipientRows } from './rows.ts'

type Row = Readonly<Record<string, unknown>>

/** How the lists are read that recipients are put together from. */
export interface RecipientReads {
  readonly campaigns: CampaignReads
  readonly questionnaires: Operation
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** True if only the name can lead to what the record leaves out. */
const isByName = ({ id, name, company, emailAddress }: Person): boolean =>
  id === '' && name !== '' && (company === '' || emailAddress === '')

async function readCampaign(
  reads: CampaignReads,
  id: string,
  lists: Lists<Operation>,
): Promise<Row | undefined> {
  const record = await lists.read(reads.get, { campaignId: id })
  return 'bytes' in record || String(record['id']) !== id ? undefined : record
}

/** Why nobody knows who the recipients are. */
function unknownRecipients(id: string, isInactive: boolean): Underived {
  const why = isInactive
    ? 'it is not launched, so no questionnaire names them either'
    : 'Qualys shows no questionnaires of it that would name them'
  return {
    problem: `Who the recipients of campaign ${id} are is unknown: its record does not show them, and ${why}.`,
    next: 'Look at the campaign in the Qualys user interface.',
  }
}

/**
 * The recipients of a campaign with the state of their questionnaires: from the campaign's record or, if that shows no
 * names, from the titles of its questionnaires. A questionnaire names its recipient in its title alone
 * (search_questionnaires.htm).
 */
export async function deriveRecipients(
  reads: RecipientReads,
  id: string,
  lists: Lists<Operation>,
): Promise<DerivedRows | Underived> {
  const campaign = await readCampaign(reads.campaigns, id, lists)
  if (!campaign) return { problem: `Qualys answered with another campaign than ${id}.`, next: 'Report it.' }
  const isInactive = campaign['status'] === 'INACTIVE'
  const own = await recipientsIn(campaign, reads.campaigns, lists, ['name', 'company', 'emailAddress'])
  const questionnaires = await readQuestionnaires(reads.questionnaires, campaign, lists)
  const people = own.people ?? []
  const hasNames = people.some(({ name }) => name !== '')
  const isFromTitles = own.people ? !hasNames && questionnaires.rows.length > 0 : true
  if (isFromTitles && questionnaires.failure) throw questionnaires.failure.error
  if (isFromTitles && questionnaires.rows.length === 0) return unknownRecipients(id, isInactive)
  const isByUsers = isFromTitles || people.some(isByName)
  const users = isByUsers ? await readUsers(reads.campaigns.users, lists) : undefined
  const name =
    textOf(campaign['name']) || (questionnaires.rows.map((row) => campaignOf(row).name).find(Boolean) ?? '')
  const rows = new RecipientRows({
    campaignName: name,
    isInactive,
    questionnaires: questionnaires.rows,
    areAllQuestionnaires: questionnaires.areAll,
    users: users?.table,
    areAllUsers: users?.notes.length === 0,
    now: lists.now,
  })
  return {
    of: `of campaign ${id}`,
    name,
    from: isFromTitles ? 'from the titles of its questionnaires' : 'from its record',
    rows: isFromTitles ? rows.fromTitles() : rows.fromRecord(people),
    notes: [
      ...new Set([
        ...own.notes,
        ...questionnaires.notes,
        ...(users?.notes ?? []),
        ...(isFromTitles
          ? [
              own.people
                ? `The record shows ${people.length.toLocaleString('en')} recipients without names: those to whom nothing was sent are not listed.`
                : 'Qualys does not show the recipients: those to whom nothing was sent are not listed.',
            ]
          : []),
        ...rows.notes,
      ]),
    ],
  }
}
