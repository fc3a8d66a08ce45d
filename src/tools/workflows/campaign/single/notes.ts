import { formatNumber, texts } from '../../../../shared/format.ts'
import { deviationsNote } from '../../../replies/deviations.ts'
import type { Missing } from '../shared/contact.ts'
import type { CampaignFindings } from './findings.ts'

const missingNotes: Readonly<Record<Missing, string>> = {
  nobody: 'bear a name that no user has',
  unread: 'were not looked up, since the users were not read',
  'not a recipient': 'bear a name that none of the recipients has whom Qualys shows',
  nameless: 'bear a name that none of the recipients has whose names Qualys shows',
}

/** Notes on what is unknown about the overdue ones that are shown. */
function lateNotes({ late, peopleNotes }: CampaignFindings): string[] {
  const contacts = late.items.flatMap(({ contact }) => (contact ? [contact] : []))
  const unique = contacts.filter(({ bearers }) => bearers === 1)
  const missing = (Object.keys(missingNotes) as Missing[]).map((reason): readonly [number, string] => [
    contacts.filter((contact) => contact.missing === reason).length,
    reason === 'nobody' && peopleNotes.length > 0
      ? 'bear a name that none of the users has who could be read'
      : missingNotes[reason],
  ])
  const gaps: readonly (readonly [count: number, note: string])[] = [
    [
      late.items.length - contacts.length,
      'have titles that do not name their recipient: the title stands in the place of the name',
    ],
    ...missing,
    [
      unique.filter(({ emailAddress }) => emailAddress === undefined).length,
      'have no e-mail address in Qualys’ answer',
    ],
    [unique.filter(({ company }) => company === undefined).length, 'have no company in Qualys’ answer'],
  ]
  return gaps.flatMap(([count, note]) => (count > 0 ? [`${formatNumber(count)} of the late ${note}.`] : []))
}

/** How people were found, and what was not read about them. */
function peopleNotesOf({ late, companies, peopleNotes, areByName }: CampaignFindings): string[] {
  const isAboutPeople = late.items.length > 0 || (!late.isAlone && companies.companies.length > 0)
  return texts(
    areByName &&
      isAboutPeople &&
      'Qualys does not show the recipients of this campaign: names are from the titles, looked up among all users.',
    peopleNotes,
  )
}

/** Notes on what is missing or unexpected in Qualys' answer. */
export function notesOf(findings: CampaignFindings): string[] {
  const { campaign, deviations, resultLimit, otherCampaignRows, late, stateNotes, tally } = findings
  return texts(
    resultLimit !== undefined && `The list is not whole: ${resultLimit}`,
    otherCampaignRows > 0 &&
      `Qualys also sent ${formatNumber(otherCampaignRows)} of other campaigns, which are not counted.`,
    deviationsNote(deviations),
    tally.total === 0 &&
      campaign['status'] !== 'INACTIVE' &&
      'Qualys shows no questionnaire, although the campaign is launched: perhaps this account may not see them.',
    !late.isAlone && stateNotes,
    campaign['name'] === undefined && 'Qualys does not show the name of the campaign.',
    peopleNotesOf(findings),
    lateNotes(findings),
  )
}
