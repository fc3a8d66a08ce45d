import type { Touched } from '../../../operations/operation.ts'
import { isQuiet } from '../../../operations/saq/campaign-fields.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import type { CampaignTally } from '../targets/campaign-tally.ts'
import type { Seen } from '../targets/car-targets.ts'
import type { Audience } from '../targets/saq-targets.ts'
import { count, line, type Parts, wholeLines } from './preview.ts'
import { mailLines, templateContents } from './template-preview.ts'

// The part of a preview about templates, campaigns and people.

const mostNames = 10
/** Objects that are changed themselves are all named, up to this number. */
const mostNamed = 100
const mostGroups = 10

type Args = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const nameOf = (row: Row | undefined): string =>
  [text(row?.['firstName']), text(row?.['lastName'])].filter((part) => part !== '').join(' ')

/** A person as id, name, company, e-mail address, in this order; empty where Qualys shows nothing. */
function person({ id, row }: Seen): string[] {
  return [id, nameOf(row), text(row?.['company']), text(row?.['emailAddress'])]
}

const personLine = (label: string, seen: Seen | undefined): string[] =>
  seen ? [line(label, ...person(seen))] : []

/** The distinct words with their counts, most frequent first. */
function grouped(words: readonly string[]): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

/** People counted by company, and the first of them by name. */
function groupLines(noun: string, people: readonly Seen[], most = mostNames): string[] {
  if (people.length === 0) return []
  const groups = grouped(people.map(({ row }) => text(row?.['company'])))
  const rest = groups.slice(mostGroups)
  const others = rest.reduce((sum, [, number]) => sum + number, 0)
  const shown = people.slice(0, most)
  return [
    ...groups
      .slice(0, mostGroups)
      .map(([company, number]) =>
        company === ''
          ? `  ${number.toLocaleString('en')} of a company that Qualys does not show`
          : line(`  ${number.toLocaleString('en')} of company`, company),
      ),
    ...(rest.length > 0 ? [`  ${count(others, noun)} of ${rest.length} more companies`] : []),
    ...(shown.length > 0 && people.length > shown.length
      ? [`  the first ${shown.length} of ${people.length.toLocaleString('en')}:`]
      : []),
    ...shown.map((seen) => line(`  ${noun}`, ...person(seen))),
  ]
}

function templateLines(noun: string, templates: readonly Seen[]): string[] {
  const shown = templates.slice(0, mostNamed)
  return [
    ...shown.flatMap(({ id, row }) => [
      line(`${noun} ${id}`, text(row?.['name'])),
      ...['state', 'revision', 'questionCnt', 'category'].flatMap((name) =>
        row?.[name] === undefined ? [] : [line(`  ${name}`, String(row[name]))],
      ),
    ]),
    ...(templates.length > shown.length
      ? [`  (${count(templates.length - shown.length, 'more template')})`]
      : []),
  ]
}

function campaignLines({ id, row }: Seen): string[] {
  const facts = { state: row?.['status'], workflow: row?.['workflowType'], due: row?.['dueDate'] }
  const template = row?.['template']
  const role = (name: string): string[] => {
    const found = row?.[name]
    return isObject(found) ? [line(`  ${name}`, ...person({ id: String(found['id']), row: found }))] : []
  }
  return [
    line(`campaign ${id}`, text(row?.['name'])),
    ...Object.entries(facts).map(([label, fact]) =>
      fact === undefined ? `  ${label}: not shown by Qualys` : line(`  ${label}`, fact),
    ),
    ...(isObject(template) ? [line('  template', String(template['id']), text(template['name']))] : []),
    ...role('reviewer'),
    ...role('approver'),
  ]
}

function lostLines(lost: CampaignTally | undefined): string[] {
  if (!lost) return ['its questionnaires: they cannot be counted']
  return [
    `its questionnaires: ${lost.all.toLocaleString('en')}`,
    ...[...lost.byState].map(([state, number]) =>
      line(`  ${number.toLocaleString('en')} in state`, state || 'none'),
    ),
  ]
}

/** New users appear nowhere else, so each is shown in full. */
function newUserLines({ users }: Args): string[] {
  const rows = Array.isArray(users) ? users.filter(isObject) : []
  return [
    ...groupLines(
      'user',
      rows.map((row) => ({ id: '', row })),
      0,
    ),
    ...rows.flatMap((row) => {
      const { title, tags } = row
      const facts = [nameOf(row), text(row['company']), text(row['emailAddress'])]
      const more = [
        ...(title === undefined ? [] : [text(title)]),
        ...(Array.isArray(tags) ? tags.map(String) : []),
      ]
      return wholeLines('  user', [...facts, ...more])
    }),
  ]
}

function countsOf(touched: Touched, audience: Audience, args: Args): string[] {
  const { templates, libraryTemplates, campaigns, users, added, invited = [], removed } = audience
  const made = Array.isArray(args['users']) ? args['users'].length : 0
  const counts: (readonly [number | undefined, string])[] = [
    [campaigns.length, 'campaign'],
    [templates.length + libraryTemplates.length, 'template'],
    [touched.questions, 'question'],
    [users.length + made, 'user'],
    [touched.launches ? invited.length : added.length, 'recipient'],
    [removed.length, 'recipient to remove'],
  ]
  return counts.flatMap(([number, noun]) =>
    number === undefined || number === 0 ? [] : [count(number, noun)],
  )
}

const isPast = (time: unknown): boolean => Date.parse(text(time)) < Date.now()

const mailed = (people: number): string =>
  people === 1 ? '1 recipient is mailed at once.' : `${count(people, 'recipient')} are mailed at once.`

function launchWarnings(invited: readonly Seen[] | undefined, campaign: Row | undefined): string[] {
  return [
    invited === undefined
      ? 'Qualys does not show who the recipients are, nor how many.'
      : invited.length === 0
        ? 'It has no recipients.'
        : mailed(invited.length),
    ...(isPast(campaign?.['dueDate']) ? ['Its due date is past.'] : []),
  ]
}

/** Possible problems that are not forbidden. */
function warningsOf(touched: Touched, audience: Audience): string[] {
  const { launches, reminds, recipients, reviewer, approver, bulk: contents } = touched
  const { added, invited, campaigns, templates, drafts } = audience
  const campaign = campaigns[0]?.row
  const active = campaign !== undefined && !isQuiet(campaign)
  const roles = active && (reviewer ?? approver) !== undefined
  const published = contents ? templates.filter(({ row }) => row?.['state'] === 'PUBLISHED') : []
  const unpublished = recipients && !campaign && templates[0]?.row?.['state'] === 'DRAFT'
  return [
    ...(launches ? launchWarnings(invited, campaign) : []),
    ...(active && added.length > 0 ? [`The campaign is active: ${mailed(added.length)}`] : []),
    ...(active && reminds
      ? [
          `The campaign is active: its ${invited ? count(invited.length, 'recipient') : 'recipients'} get these mails.`,
        ]
      : []),
    ...(roles ? ['The campaign is active: the new reviewer or approver is mailed.'] : []),
    ...(published.length > 0
      ? [
          `${count(published.length, 'template')} of these: published. Qualys may refuse, or change what campaigns use.`,
        ]
      : []),
    ...(drafts && drafts.length > 0 ? [`The family has ${count(drafts.length, 'draft')} already.`] : []),
    ...(unpublished ? ['The template is a draft: publish it first, Qualys may refuse it.'] : []),
  ]
}

/** The preview of an effect on templates, campaigns and people. */
export function audienceParts(touched: Touched, audience: Audience, args: Args): Parts {
  const { recipients: asked } = touched
  const { added, invited = [], removed } = audience
  const into = asked?.into ?? ''
  return {
    counts: countsOf(touched, audience, args),
    lines: [
      ...audience.campaigns.flatMap(campaignLines),
      ...templateLines('template', audience.templates),
      ...templateLines('library template', audience.libraryTemplates),
      ...personLine('reviewer', audience.reviewer),
      ...personLine('approver', audience.approver),
      ...groupLines('recipient', invited),
      ...groupLines(touched.campaigns ? 'new recipient' : 'recipient', added),
      ...(audience.already > 0
        ? [`  ${count(audience.already, 'recipient')} already there: not sent again`]
        : []),
      ...groupLines('recipient to remove', removed, mostNamed),
      ...groupLines('user', audience.users, mostNamed),
      ...(touched.loses ? lostLines(audience.lost) : []),
      ...newUserLines(args),
      ...templateContents(args),
      ...mailLines(args),
    ],
    named: new Set([
      ...(touched.campaigns ? ['campaignId'] : []),
      ...(touched.templates ? ['templateId', ...(touched.bulk === undefined ? [] : ['ids'])] : []),
      ...(touched.libraryTemplates ? ['libraryTemplateId'] : []),
      ...(touched.users ? ['userId', 'ids'] : []),
      ...(touched.reviewer ? ['reviewerId'] : []),
      ...(touched.approver ? ['approverId'] : []),
      into,
      ...(touched.removed ? ['removeRecipientIds'] : []),
      'users',
      'sections',
      'scoring',
      'notifications',
    ]),
    warnings: warningsOf(touched, audience),
  }
}
