import type { Input } from '../../../operations/operation.ts'
import { isInactive } from '../../../operations/saq/campaign-fields.ts'
import { dueTimeOf } from '../../../operations/saq/columns/overdue.ts'
import type { Row } from '../../../session/answer.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { isObject, objectsIn, textOrEmpty as text } from '../../../shared/json.ts'
import { addressKey } from '../targets/addresses.ts'
import type { CampaignTally } from '../targets/campaign-tally.ts'
import type { Target } from '../targets/lookup.ts'
import type { SaqTargets } from '../targets/saq-targets.ts'
import {
  blocksOf,
  type Count,
  countTexts,
  fieldBelow,
  labelled,
  type PreviewBlock,
  type PreviewField,
  type PreviewLine,
  type PreviewParts,
  sentenceBelow,
} from './preview.ts'
import { groupRows, newUserTables, personFields, personLine, personRows, userRows } from './targets/people.ts'
import { targetRows } from './targets/rows.ts'
import { changeLines, mailLines, templateContents } from './template-preview.ts'

// The part of a preview about templates, campaigns and people.

function templateLines(noun: string, templates: readonly Target[]): PreviewField[] {
  return templates.flatMap(({ id, row }) => [
    labelled(`${noun} ${id}`, text(row?.['name'])),
    ...['state', 'revision', 'questionCnt', 'category'].flatMap((name) =>
      row?.[name] === undefined ? [] : [fieldBelow(name, [row[name]])],
    ),
  ])
}

/** One template on lines, several as rows. */
function templateBlocks(noun: string, templates: readonly Target[]): PreviewBlock[] {
  if (templates.length < 2) return templateLines(noun, templates)
  return targetRows(`${noun}s`, templates, [
    ['name', ({ row }) => row?.['name']],
    ['state', ({ row }) => row?.['state']],
    ['revision', ({ row }) => row?.['revision']],
    ['questions', ({ row }) => row?.['questionCnt']],
    ['category', ({ row }) => row?.['category']],
  ])
}

function campaignLines({ id, row }: Target): PreviewLine[] {
  const facts = { state: row?.['status'], workflow: row?.['workflowType'], due: row?.['dueDate'] }
  const template = row?.['template']
  const role = (name: string): PreviewField | undefined => {
    const found = row?.[name]
    if (!isObject(found)) return undefined
    return fieldBelow(name, personFields({ id: String(found['id']), row: found }))
  }
  return blocksOf<PreviewLine>(
    labelled(`campaign ${id}`, text(row?.['name'])),
    Object.entries(facts).map(([label, fact]) =>
      fact === undefined ? sentenceBelow(`${label}: not shown by Qualys`) : fieldBelow(label, [fact]),
    ),
    isObject(template) && fieldBelow('template', [String(template['id']), text(template['name'])]),
    role('reviewer'),
    role('approver'),
  )
}

function deletedQuestionnaireLines(tally: CampaignTally | undefined): PreviewLine[] {
  if (!tally) return ['its questionnaires: they cannot be counted']
  const byState = [...tally.byState].map(([state, number]) =>
    fieldBelow(`${formatNumber(number)} in state`, [state || 'none']),
  )
  return [`its questionnaires: ${formatNumber(tally.total)}`, ...byState]
}

function countsOf(targets: SaqTargets, args: Input): string[] {
  const { named, templates, libraryTemplates, campaigns, users, removedRecipients } = targets
  const recipients = named.mailsRecipients ? targets.currentRecipients : targets.newRecipients
  const newUsers = Array.isArray(args['users']) ? args['users'].length : 0
  const changes = objectsIn(args['changes'])
  const isEdit = changes.length > 0 && args['sections'] === undefined
  const counts: readonly Count[] = [
    [campaigns.length, 'campaign'],
    [templates.length + libraryTemplates.length, 'template'],
    [isEdit ? undefined : named.questions, 'question'],
    [users.length + newUsers, 'user'],
    [recipients?.length, 'recipient'],
  ]
  return texts(
    countTexts(counts),
    changes.length > 0 && editCount(changes),
    removedRecipients.length > 0 && `${counted(removedRecipients.length, 'recipient')} to remove`,
  )
}

/** Such as `2 questions changed, 1 new`. */
function editCount(changes: readonly Input[]): string {
  const added = changes.filter(({ before }) => before === undefined).length
  const removed = changes.filter(({ after }) => after === undefined).length
  const changed = changes.length - added - removed
  return texts(
    changed > 0 && `${counted(changed, 'question')} changed`,
    added > 0 && `${counted(added, 'question')} added`,
    removed > 0 && `${counted(removed, 'question')} removed`,
  ).join(', ')
}

const isPastDue = (campaign: Row | undefined): boolean => (dueTimeOf(campaign ?? {}) ?? Infinity) < Date.now()

const mailedSentence = (people: number): string =>
  people === 1 ? '1 recipient is mailed at once.' : `${counted(people, 'recipient')} are mailed at once.`

function launchWarnings(recipients: readonly Target[] | undefined, campaign: Row | undefined): string[] {
  return texts(
    recipients === undefined
      ? 'Qualys does not show who the recipients are, nor how many.'
      : recipients.length === 0
        ? 'It has no recipients.'
        : mailedSentence(recipients.length),
    isPastDue(campaign) && 'Its due date is past.',
  )
}

/** What is known of the addresses of new users. */
function addressWarnings({ named: { newAddresses }, existingUsers }: SaqTargets): string[] {
  if (!newAddresses) return []
  if (!existingUsers) return ['Which of these addresses exist already could not be looked up.']
  const existing = new Set(existingUsers.map(({ row }) => addressKey(row?.['emailAddress'])))
  const addresses = newAddresses.filter((address) => existing.has(addressKey(address)))
  const count = `${formatNumber(addresses.length)} of ${formatNumber(newAddresses.length)}`
  if (addresses.length === 0) return []
  return [
    `${count} addresses exist${addresses.length === 1 ? 's' : ''} already.`,
    'Qualys documents no rule for addresses that exist: it may refuse the whole list, or keep two users.',
  ]
}

/** Possible problems that are not forbidden. */
function warningsOf(targets: SaqTargets): string[] {
  const { mailsRecipients, changesReminders, movesReminders, recipients, reviewer, approver, bulkSize } =
    targets.named
  const { newRecipients, currentRecipients, campaigns, templates, draftIds } = targets
  const campaign = campaigns[0]?.row
  const isActive = campaign !== undefined && !isInactive(campaign)
  const changesRoles = isActive && (reviewer ?? approver) !== undefined
  const published =
    bulkSize && !recipients ? templates.filter(({ row }) => row?.['state'] === 'PUBLISHED') : []
  const isDraft = recipients && !campaign && templates[0]?.row?.['state'] === 'DRAFT'
  const people = currentRecipients ? counted(currentRecipients.length, 'recipient') : 'recipients'
  return texts(
    addressWarnings(targets),
    mailsRecipients && launchWarnings(currentRecipients, campaign),
    isActive && newRecipients.length > 0 && `The campaign is active: ${mailedSentence(newRecipients.length)}`,
    isActive && changesReminders && `The campaign is active: its ${people} get these mails.`,
    isActive &&
      movesReminders &&
      !changesReminders &&
      `The campaign is active: reminders that it sends to its ${people} go by the new due date.`,
    changesRoles && 'The campaign is active: the new reviewer or approver is mailed.',
    published.length > 0 &&
      `${counted(published.length, 'template')} of these: published. Qualys may refuse, or change what campaigns use.`,
    draftIds && draftIds.length > 0 && `The family has ${counted(draftIds.length, 'draft')} already.`,
    isDraft && 'The template is a draft: publish it first, Qualys may refuse it.',
  )
}

/** The preview of an effect on SAQ targets. */
export function saqPreview(targets: SaqTargets, args: Input): PreviewParts {
  const { named, newRecipients, currentRecipients = [], removedRecipients, existingRecipientCount } = targets
  return {
    counts: countsOf(targets, args),
    lines: [
      ...targets.campaigns.flatMap(campaignLines),
      ...templateBlocks('template', targets.templates),
      ...templateBlocks('library template', targets.libraryTemplates),
      ...blocksOf(personLine('reviewer', targets.reviewer), personLine('approver', targets.approver)),
      ...groupRows('recipients', currentRecipients),
      ...groupRows(named.campaigns ? 'new recipients' : 'recipients', newRecipients),
      ...texts(
        existingRecipientCount > 0 &&
          `${counted(existingRecipientCount, 'recipient')} already there: not sent again`,
      ),
      ...groupRows('recipients to remove', removedRecipients),
      ...userRows(targets.users),
      ...personRows('users that have one of these addresses already', targets.existingUsers ?? []),
      ...(named.deletesQuestionnaires ? deletedQuestionnaireLines(targets.deletedQuestionnaires) : []),
      ...newUserTables(args),
      ...changeLines(args),
      ...templateContents(args),
      ...mailLines(args),
    ],
    coveredArguments: new Set(
      texts(
        named.campaigns && 'campaignId',
        named.templates && 'templateId',
        named.templates && named.bulkSize !== undefined && 'ids',
        named.libraryTemplates && 'libraryTemplateId',
        named.users && ['userId', 'ids'],
        named.reviewer && 'reviewerId',
        named.approver && 'approverId',
        named.recipients?.into,
        named.removed && 'removeRecipientIds',
        args['changes'] !== undefined && 'changes',
        ['users', 'sections', 'scoring', 'notifications'],
      ),
    ),
    warnings: warningsOf(targets),
  }
}
