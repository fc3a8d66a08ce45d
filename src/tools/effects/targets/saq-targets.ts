import type { Recipients, SaqEffectTargets } from '../../../operations/effects/effect-targets.ts'
import type { Input } from '../../../operations/operation.ts'
import { campaignReads } from '../../../operations/saq/campaigns.ts'
import { wholeContentsOf } from '../../../operations/saq/contents/template-contents.ts'
import { searchQuestionnaires } from '../../../operations/saq/questionnaires.ts'
import { getTemplate, searchLibraryTemplates, searchTemplates } from '../../../operations/saq/templates.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import type { Row } from '../../../session/answer.ts'
import { DriftError, InputError, QualysError } from '../../../shared/errors.ts'
import { texts } from '../../../shared/format.ts'
import { isObject, objectsIn } from '../../../shared/json.ts'
import { findByAddress } from './addresses.ts'
import { CampaignTally } from './campaign-tally.ts'
import type { LookupContext, Target } from './lookup.ts'
import { readList, readPage, readRecord, requireInList, toTarget, tryLookUp } from './lookup.ts'
import { findRecipients } from './recipients.ts'

/** The SAQ targets of an effect, looked up. */
export interface SaqTargets {
  readonly product: 'saq'
  /** As the operation names them. */
  readonly named: SaqEffectTargets
  readonly templates: readonly Target[]
  readonly libraryTemplates: readonly Target[]
  readonly campaigns: readonly Target[]
  readonly users: readonly Target[]
  /**
   * The users who have one of the new addresses already; undefined if they cannot be looked up or do not matter.
   */
  readonly existingUsers: readonly Target[] | undefined
  readonly reviewer: Target | undefined
  readonly approver: Target | undefined
  /** People who become recipients. */
  readonly newRecipients: readonly Target[]
  /** People found by company or tag whose records do not show whether they belong to it, as one clause. */
  readonly uncompared: string | undefined
  /** Number of people of a company or tag who are already recipients and are not sent again. */
  readonly existingRecipientCount: number
  /**
   * Existing drafts in the template's family before a new version starts; undefined if they cannot be read.
   */
  readonly draftIds: readonly string[] | undefined
  /** Current recipients; undefined if Qualys does not show them or if they do not matter. */
  readonly currentRecipients: readonly Target[] | undefined
  readonly removedRecipients: readonly Target[]
  /** Questionnaires that the effect deletes; undefined if they cannot be counted. */
  readonly deletedQuestionnaires: CampaignTally | undefined
  /** The arguments as they are sent: ids replace a company or a tag. */
  readonly resolvedArgs: Input
}

/** The current state of a campaign. */
export async function readCampaign(context: LookupContext, id: string): Promise<Target> {
  const record = await readRecord(context, campaignReads.get, { campaignId: id })
  // What a person reads in the preview must be what the effect changes.
  if (String(record?.['id']) !== id)
    throw new DriftError(`Qualys answered with another campaign than ${id}.`, 'Report it; nothing was sent.')
  return toTarget(context, id, record)
}

/** A template with all that it holds, as far as Qualys shows it: the list may hold a part. */
async function withContents(context: LookupContext, listed: Target): Promise<Target> {
  if (listed.raw && wholeContentsOf(listed.raw)) return listed
  const record = await tryLookUp(context, () => readRecord(context, getTemplate, { templateId: listed.id }))
  return String(record?.['id']) === listed.id ? toTarget(context, listed.id, record) : listed
}

/**
 * The recipients in a campaign's record, with their companies, which are looked up if the record has none.
 */
async function currentRecipientsOf(
  context: LookupContext,
  campaign: Row | undefined,
): Promise<Target[] | undefined> {
  const rows = campaign?.['recipients']
  if (!Array.isArray(rows) || !rows.every(isObject)) return undefined
  const people = rows.map((row) => toTarget(context, String(row['id'] ?? ''), row))
  const withoutCompany = people.filter(({ id, row }) => id !== '' && row?.['company'] === undefined)
  if (withoutCompany.length === 0) return people
  try {
    const ids = [...new Set(withoutCompany.map(({ id }) => id))]
    const byId = await context.session.find(searchUsers, ids, { signal: context.signal })
    return people.map((person) =>
      byId.has(person.id) ? toTarget(context, person.id, byId.get(person.id)) : person,
    )
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    return people
  }
}

/** Counts the questionnaires of a campaign. */
async function countQuestionnaires(context: LookupContext, id: string): Promise<CampaignTally | undefined> {
  const tally = new CampaignTally(Date.now())
  return tryLookUp(context, async () => {
    for await (const { rows, resultLimit } of readList(context, searchQuestionnaires, { campaignId: [id] })) {
      if (resultLimit !== undefined) return undefined
      for (const row of rows) tally.add(row)
    }
    return tally
  })
}

/** The ids of the recipients in a campaign's record. */
function recipientIds(campaign: Row | undefined): ReadonlySet<string> {
  return new Set(objectsIn(campaign?.['recipients']).map(({ id }) => String(id)))
}

/** The drafts in a template's family. */
export async function listDrafts(
  context: LookupContext,
  template: Row | undefined,
): Promise<readonly Row[] | undefined> {
  const familyId = template?.['familyId']
  if (typeof familyId !== 'string') return undefined
  const page = await readPage(context, searchTemplates, { familyId, state: ['DRAFT'], pageSize: 200 })
  return page?.rows
}

/** The arguments, with ids instead of a company or a tag. */
function resolveRecipients(
  args: Input,
  recipients: Recipients | undefined,
  people: readonly Target[],
): Input {
  if (!recipients || (recipients.company ?? recipients.tag) === undefined) return args
  const selectors = [recipients.into.replace(/Ids$/, 'Company'), recipients.into.replace(/Ids$/, 'Tag')]
  const rest = Object.entries(args).filter(([name]) => !selectors.includes(name))
  return { ...Object.fromEntries(rest), [recipients.into]: people.map(({ id }) => id) }
}

/** Looks up the SAQ targets of an effect. */
export async function lookUpSaqTargets(
  named: SaqEffectTargets,
  args: Input,
  context: LookupContext,
): Promise<SaqTargets> {
  const { campaigns = [], recipients, deletesQuestionnaires } = named
  const campaignTargets: Target[] = []
  for (const id of campaigns) campaignTargets.push(await readCampaign(context, id))
  const [campaign] = campaignTargets
  const namedIds = new Set(recipients?.ids)
  const currentIds = recipientIds(campaign?.row)
  const { people, uncompared } = recipients
    ? await findRecipients(context, recipients)
    : { people: [], uncompared: undefined }
  // An explicit id always gets a questionnaire, even a second one.
  const newRecipients = people.filter(({ id }) => namedIds.has(id) || !currentIds.has(id))
  if (people.length > 0 && newRecipients.length === 0)
    throw new InputError('All of them are recipients of this campaign already.', 'Choose others.')
  const listed = await requireInList(context, searchTemplates, named.templates)
  const templates = named.readsContents
    ? await Promise.all(listed.map((template) => withContents(context, template)))
    : listed
  const drafts = named.startsVersion
    ? await tryLookUp(context, () => listDrafts(context, templates[0]?.row))
    : undefined
  return {
    product: 'saq',
    named,
    templates,
    draftIds: drafts?.map(({ id }) => String(id)),
    existingRecipientCount: people.length - newRecipients.length,
    uncompared,
    libraryTemplates: await requireInList(context, searchLibraryTemplates, named.libraryTemplates),
    campaigns: campaignTargets,
    users: await requireInList(context, searchUsers, named.users),
    existingUsers: named.newAddresses && (await findByAddress(context, named.newAddresses)),
    reviewer: (await requireInList(context, searchUsers, texts(named.reviewer)))[0],
    approver: (await requireInList(context, searchUsers, texts(named.approver)))[0],
    newRecipients,
    currentRecipients:
      named.mailsRecipients || named.changesReminders || named.movesReminders || deletesQuestionnaires
        ? await currentRecipientsOf(context, campaign?.row)
        : undefined,
    removedRecipients: await requireInList(context, searchUsers, named.removed),
    deletedQuestionnaires:
      deletesQuestionnaires && campaign ? await countQuestionnaires(context, campaign.id) : undefined,
    resolvedArgs: resolveRecipients(args, recipients, newRecipients),
  }
}

/**
 * What an approval is bound to besides the preview: all people by id, including those that are only counted,
 * and the content of templates.
 */
export function fingerprintOf(targets: SaqTargets): unknown {
  const { resolvedArgs, templates, libraryTemplates, campaigns, users, reviewer, approver } = targets
  const { currentRecipients, newRecipients, removedRecipients, existingUsers, draftIds } = targets
  const ids = [
    ...[currentRecipients, newRecipients, removedRecipients, users, existingUsers, templates],
    ...[libraryTemplates, campaigns, texts(reviewer?.id, approver?.id).map((id) => ({ id }))],
  ].map((found) => found?.map(({ id }) => id).sort())
  return [resolvedArgs, ...ids, draftIds, templates.map(({ raw }) => raw?.['elements'])]
}

/** The object that the effect changes, if there is only one. */
export function subjectOf({ templates, campaigns, users }: SaqTargets): Target | undefined {
  return campaigns[0] ?? templates[0] ?? users[0]
}
