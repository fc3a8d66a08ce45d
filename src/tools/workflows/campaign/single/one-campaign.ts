import type { People } from '../../../../operations/saq/people/people.ts'
import { recipientNameOf } from '../../../../operations/saq/people/recipient-entries.ts'
import { searchQuestionnaires } from '../../../../operations/saq/questionnaires.ts'
import type { Deviations, Row } from '../../../../session/answer.ts'
import { isObject, textOrEmpty } from '../../../../shared/json.ts'
import { redactJson } from '../../../../shared/secrets.ts'
import { CampaignTally, type OverdueQuestionnaire } from '../../../effects/targets/campaign-tally.ts'
import { readCampaign } from '../../../effects/targets/saq-targets.ts'
import type { Lists } from '../../../lists.ts'
import type { ToolContext } from '../../../tool.ts'
import { completePeople, readPeopleOf, redactedLists } from '../shared/campaign-people.ts'
import { contactNamed } from '../shared/contact.ts'
import type { ListRequest } from '../shared/list-request.ts'
import { FirstPlaces, type Place } from '../shared/places.ts'
import { dated } from '../shared/state-counts.ts'
import { StateNotes } from '../shared/state-notes.ts'
import { CompanyTally } from './company-tally.ts'
import type { CampaignFindings } from './findings.ts'
import { type LateQuestionnaire, placeOf } from './late-table.ts'

/** False for a questionnaire of another campaign. */
function isOfCampaign({ campaign }: Row, id: string): boolean {
  return !isObject(campaign) || campaign['id'] === undefined || String(campaign['id']) === id
}

interface Late extends Omit<LateQuestionnaire, 'contact'> {
  readonly questionnaire: OverdueQuestionnaire
  readonly place: Place
}

/** Adds who the recipients are. */
async function withContacts(
  late: readonly Late[],
  campaign: Row,
  people: People,
  lists: Lists,
): Promise<readonly LateQuestionnaire[]> {
  const [id, campaignName] = [String(campaign['id']), textOrEmpty(campaign['name'])]
  const named = late.map(({ questionnaire }) => {
    const name = recipientNameOf({ title: questionnaire.title }, campaignName)
    return name === undefined ? undefined : { name, bearers: people.find(id, name) }
  })
  const unique = named.flatMap((each) => (each?.bearers.people.length === 1 ? each.bearers.people : []))
  const completed = [...(await completePeople(unique, lists))]
  const hasRecipients = people.recipientsOf(id) !== undefined
  return late.map((each, at) => {
    const found = named[at]
    if (!found) return each
    const isUnique = found.bearers.people.length === 1
    const known = isUnique ? completed.splice(0, 1) : found.bearers.people
    return { ...each, contact: contactNamed(found.name, { ...found.bearers, people: known }, hasRecipients) }
  })
}

/** Reads a campaign and all its questionnaires, of which only the late ones that are listed are kept. */
export async function readOneCampaign(
  context: ToolContext,
  id: string,
  { wanted, after, isAlone, tokenBehind }: ListRequest,
  now: number,
): Promise<CampaignFindings> {
  const { session, signal, progress } = context
  const { row: campaign = {} } = await readCampaign(context, id)
  const lists = redactedLists({ session, signal, progress })
  const people = await readPeopleOf(campaign, lists)
  const tally = new CampaignTally(now)
  const states = new StateNotes()
  const companies = new CompanyTally(people, id, textOrEmpty(campaign['name']))
  const late = new FirstPlaces<Late>(wanted, after)
  const list = {
    deviations: { drift: [] } as Deviations,
    resultLimit: undefined as string | undefined,
    otherCampaignRows: 0,
  }
  const count = (row: Row): void => {
    const questionnaire = tally.add(row)
    states.add(row)
    if (questionnaire) late.add({ questionnaire, place: placeOf(questionnaire) })
    if (!isAlone) companies.add(row)
  }
  for await (const batch of session.walk(searchQuestionnaires, { campaignId: [id] }, { signal })) {
    const { rows, total, drift, leftOut, resultLimit } = batch
    states.addBatch(batch, session.redact)
    for (const row of rows)
      if (isOfCampaign(row, id)) count(redactJson(dated(row, campaign['dueDate']), session.redact))
      else list.otherCampaignRows++
    Object.assign(list, { deviations: { drift, leftOut }, resultLimit })
    progress.report(tally.total + list.otherCampaignRows, total, 'questionnaires')
  }
  return {
    id,
    campaign,
    tally,
    companies: companies.counts(),
    late: {
      items: await withContacts(late.items, campaign, people, lists),
      before: late.before,
      total: late.total,
      after,
      isAlone,
      tokenBehind,
    },
    areByName: people.recipientsOf(id) === undefined && campaign['status'] !== 'INACTIVE',
    peopleNotes: people.notes,
    stateNotes: states.notes,
    ...list,
    now,
  }
}
