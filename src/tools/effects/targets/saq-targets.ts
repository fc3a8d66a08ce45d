import type { Operation, Recipients, Touched } from '../../../operations/operation.ts'
import { mostRecipients } from '../../../operations/saq/campaign-fields.ts'
import { getCampaign, wholeCampaign } from '../../../operations/saq/campaigns.ts'
import { searchQuestionnaires } from '../../../operations/saq/questionnaires.ts'
import { searchLibraryTemplates, searchTemplates } from '../../../operations/saq/templates.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import type { Row } from '../../../session/answer.ts'
import { DriftError, InputError, QualysError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { CampaignTally } from './campaign-tally.ts'
import { type Look, orNothing, type Seen, seen } from './car-targets.ts'

type Args = Readonly<Record<string, unknown>>

/** The SAQ targets of an effect, looked up. */
export interface Audience {
  readonly templates: readonly Seen[]
  readonly libraryTemplates: readonly Seen[]
  readonly campaigns: readonly Seen[]
  readonly users: readonly Seen[]
  readonly reviewer: Seen | undefined
  readonly approver: Seen | undefined
  /** People who become recipients. */
  readonly added: readonly Seen[]
  /** Number of people of a company or tag who are already recipients and are not sent again. */
  readonly already: number
  /**
   * Existing drafts in the template's family before a new version starts; undefined if they cannot be read.
   */
  readonly drafts: readonly string[] | undefined
  /** Current recipients; undefined if Qualys does not show them or if they do not matter. */
  readonly invited: readonly Seen[] | undefined
  readonly removed: readonly Seen[]
  /** Questionnaires that are lost; undefined if they cannot be counted. */
  readonly lost: CampaignTally | undefined
  /** The arguments as they are sent: ids replace a company or a tag. */
  readonly args: Args
}

/** A campaign with all its recipients. */
const whole: Operation = { ...getCampaign, record: wholeCampaign }

/** The current rows with these ids. Throws an InputError for an unknown id. */
async function listed(look: Look, list: Operation, ids: readonly string[] = []): Promise<Seen[]> {
  if (ids.length === 0) return []
  const rows = await look.session.find(list, ids, { signal: look.signal }, true)
  const lost = ids.find((id) => !rows.has(id))
  if (lost !== undefined)
    throw new InputError(
      `${list.name} shows no id ${lost}; it may lie outside the scope this user may see.`,
      'Pass ids as that list shows them.',
    )
  return ids.map((id) => seen(look, id, rows.get(id)))
}

async function one(look: Look, list: Operation, id: string | undefined): Promise<Seen | undefined> {
  return id === undefined ? undefined : (await listed(look, list, [id]))[0]
}

/** The current state of a campaign. */
export async function campaignNow(look: Look, id: string): Promise<Seen> {
  const answer = await look.session.call(whole, { campaignId: id }, { signal: look.signal })
  const record = answer.kind === 'record' ? answer.record : {}
  // What a person reads in the preview must be what the effect changes.
  if (String(record['id']) !== id)
    throw new DriftError(`Qualys answered with another campaign than ${id}.`, 'Report it; nothing was sent.')
  return seen(look, id, record)
}

/** A user whose id can be sent. Throws a DriftError for any other id. */
function somebody(look: Look, row: Row): Seen {
  const id = String(row['id'])
  if (/^\d{1,19}$/.test(id)) return seen(look, id, row)
  throw new DriftError('Qualys shows a user without an id that is one.', 'Pass ids instead, and report it.')
}

/** All users that a search finds. */
async function everyone(look: Look, where: Args, what: string): Promise<Seen[]> {
  const found: Seen[] = []
  for await (const { rows, wall } of look.session.walk(searchUsers, where, { signal: look.signal })) {
    if (wall !== undefined)
      throw new DriftError(`${what} finds people whom Qualys does not show: ${wall}`, 'Pass ids instead.')
    found.push(...rows.map((row) => somebody(look, row)))
    if (found.length > mostRecipients)
      throw new InputError(
        `${what} finds more than ${mostRecipients.toLocaleString('en')} people, the most of one call.`,
        'Choose a smaller group, or pass ids.',
      )
  }
  if (found.length > 0) return found
  throw new InputError(
    `${what} finds nobody.`,
    'Look with saq_search_users how it is spelled: company and tagName have to be equal.',
  )
}

/** The people who become recipients, without duplicates, however they are named. */
async function chosen(look: Look, { ids, company, tag }: Recipients): Promise<Seen[]> {
  const people = [
    ...(await listed(look, searchUsers, ids)),
    ...(company === undefined ? [] : await everyone(look, { company }, `The company ${quotation(company)}`)),
    ...(tag === undefined ? [] : await everyone(look, { tagName: tag }, `The tag ${quotation(tag)}`)),
  ]
  if (people.length > mostRecipients)
    throw new InputError(
      `These are ${people.length.toLocaleString('en')} recipients; one call takes ${mostRecipients.toLocaleString('en')}.`,
      'Choose fewer.',
    )
  return [...new Map(people.map((person) => [person.id, person])).values()]
}

/**
 * The recipients in a campaign's record, with their companies, which are looked up if the record has none.
 */
async function invited(look: Look, campaign: Row | undefined): Promise<Seen[] | undefined> {
  const rows = campaign?.['recipients']
  if (!Array.isArray(rows) || !rows.every(isObject)) return undefined
  const people = rows.map((row) => seen(look, String(row['id'] ?? ''), row))
  const bare = people.filter(({ id, row }) => id !== '' && row?.['company'] === undefined)
  if (bare.length === 0) return people
  try {
    const ids = [...new Set(bare.map(({ id }) => id))]
    const known = await look.session.find(searchUsers, ids, { signal: look.signal })
    return people.map((person) =>
      known.has(person.id) ? seen(look, person.id, known.get(person.id)) : person,
    )
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    return people
  }
}

/** Counts the questionnaires of a campaign. */
async function counted(look: Look, id: string): Promise<CampaignTally | undefined> {
  const tally = new CampaignTally(Date.now(), 0)
  try {
    for await (const { rows, wall } of look.session.walk(
      searchQuestionnaires,
      { campaignId: [id] },
      { signal: look.signal },
    )) {
      if (wall !== undefined) return undefined
      for (const row of rows) tally.add(row)
    }
    return tally
  } catch (error) {
    look.signal.throwIfAborted()
    if (error instanceof QualysError) return undefined
    throw error
  }
}

/** The ids of the recipients in a campaign's record. */
function recipientIds(campaign: Row | undefined): ReadonlySet<string> {
  const rows = campaign?.['recipients']
  return new Set(Array.isArray(rows) ? rows.filter(isObject).map(({ id }) => String(id)) : [])
}

/** The drafts in a template's family. */
export async function draftsOf(look: Look, template: Row | undefined): Promise<readonly Row[] | undefined> {
  const familyId = template?.['familyId']
  if (typeof familyId !== 'string') return undefined
  const args = { familyId, state: ['DRAFT'], pageSize: 200 }
  const answer = await look.session.call(searchTemplates, args, { signal: look.signal })
  return answer.kind === 'page' ? answer.rows : undefined
}

/** The arguments, with ids instead of a company or a tag. */
function resolved(args: Args, recipients: Recipients | undefined, people: readonly Seen[]): Args {
  if (!recipients || (recipients.company ?? recipients.tag) === undefined) return args
  const selectors = [recipients.into.replace(/Ids$/, 'Company'), recipients.into.replace(/Ids$/, 'Tag')]
  const rest = Object.entries(args).filter(([name]) => !selectors.includes(name))
  return { ...Object.fromEntries(rest), [recipients.into]: people.map(({ id }) => id) }
}

/** Looks up the SAQ targets of an effect. */
export async function gather(touched: Touched, args: Args, look: Look): Promise<Audience> {
  const { campaigns = [], recipients, launches, reminds, loses } = touched
  const seenCampaigns: Seen[] = []
  for (const id of campaigns) seenCampaigns.push(await campaignNow(look, id))
  const [first] = seenCampaigns
  const named = new Set(recipients?.ids)
  const there = recipientIds(first?.row)
  const people = recipients ? await chosen(look, recipients) : []
  // An explicit id always gets a questionnaire, even a second one.
  const added = people.filter(({ id }) => named.has(id) || !there.has(id))
  if (people.length > 0 && added.length === 0)
    throw new InputError('All of them are recipients of this campaign already.', 'Choose others.')
  const templates = await listed(look, searchTemplates, touched.templates)
  const drafts = touched.begins ? await orNothing(look, () => draftsOf(look, templates[0]?.row)) : undefined
  return {
    templates,
    drafts: drafts?.map(({ id }) => String(id)),
    already: people.length - added.length,
    libraryTemplates: await listed(look, searchLibraryTemplates, touched.libraryTemplates),
    campaigns: seenCampaigns,
    users: await listed(look, searchUsers, touched.users),
    reviewer: await one(look, searchUsers, touched.reviewer),
    approver: await one(look, searchUsers, touched.approver),
    added,
    invited: launches || reminds ? await invited(look, first?.row) : undefined,
    removed: await listed(look, searchUsers, touched.removed),
    lost: loses && first ? await counted(look, first.id) : undefined,
    args: resolved(args, recipients, added),
  }
}

/**
 * What an approval is bound to besides the preview: all people by id, including those that are only counted,
 * and the content of templates.
 */
export function fingerprintOf({ args, invited, added, removed, users, templates }: Audience): unknown {
  const ids = (people: readonly Seen[] | undefined) => people?.map(({ id }) => id).sort()
  return [
    args,
    ids(invited),
    ids(added),
    ids(removed),
    ids(users),
    templates.map(({ raw }) => raw?.['elements']),
  ]
}

/** The object that the effect changes, if there is only one. */
export function subjectOf({ templates, campaigns, users }: Audience): Row | undefined {
  return (campaigns[0] ?? templates[0] ?? users[0])?.row
}
