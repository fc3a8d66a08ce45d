import type { Touched } from '../../operations/operation.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import type { CampaignTally } from '../workflows/campaign-tally.ts'
import type { Audience } from './audience.ts'
import { count, line, type Parts } from './preview.ts'
import type { Seen } from './scene.ts'

// What a preview shows of templates, campaigns and people.

const mostNames = 10
const mostGroups = 10

type Args = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const nameOf = (row: Row | undefined): string =>
  [text(row?.['firstName']), text(row?.['lastName'])].filter((part) => part !== '').join(' ')

/** A person in the fields that tell them apart, as far as they are known. */
function person({ id, row }: Seen): string[] {
  const facts = [nameOf(row), text(row?.['company']), text(row?.['emailAddress'])]
  return [id, ...facts].filter((fact) => fact !== '')
}

const personLine = (label: string, seen: Seen | undefined): string[] =>
  seen ? [line(label, ...person(seen))] : []

/** How many of each, the most frequent first. */
export function grouped(words: readonly string[]): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

/** People by company, and the first of them by name. */
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
  const shown = templates.slice(0, mostNames)
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

const mostQuestionLines = 60

/** The sections that a template is to have, question by question. */
function contentLines({ sections }: Args): string[] {
  if (!Array.isArray(sections)) return []
  const lines = sections
    .filter(isObject)
    .flatMap(({ name, description, questions }) => [
      line('section', name),
      ...(description === undefined ? [] : [line('  description', description)]),
      ...(Array.isArray(questions) ? questions.filter(isObject).flatMap(questionLines) : []),
    ])
  const rest = lines.length - mostQuestionLines
  return rest > 0 ? [...lines.slice(0, mostQuestionLines), `(${count(rest, 'more line')})`] : lines
}

function questionLines({ text: wording, kind, options, ...rest }: Args): string[] {
  return [
    line(`  ${String(kind)}`, wording),
    ...(Array.isArray(options) ? [line('    options', ...options.map(optionText))] : []),
    ...Object.entries(rest).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [line(`    ${name}`, String(value))],
    ),
  ]
}

/** `Good = 10` for a score, `reminder, 3 days, every 2 days` for a mail. */
function shortLines({ scoring, notifications }: Args): string[] {
  const scores = Array.isArray(scoring) ? scoring.filter(isObject) : []
  const mails = Array.isArray(notifications) ? notifications.filter(isObject) : []
  return [
    ...(scores.length > 0
      ? [line('scoring', ...scores.map(({ label, value }) => `${String(label)} = ${String(value)}`))]
      : []),
    ...mails.map(({ kind, ...rest }) =>
      line(
        'mail',
        kind,
        ...Object.entries(rest).flatMap(([name, value]) =>
          value === undefined ? [] : [`${name} ${String(value)}`],
        ),
      ),
    ),
  ]
}

const optionText = (option: unknown): string =>
  isObject(option) ? [option['text'], option['score']].filter(Boolean).join(' = ') : String(option)

/** Nobody has seen these anywhere else: each is shown whole. */
function newUserLines({ users }: Args): string[] {
  const rows = Array.isArray(users) ? users.filter(isObject) : []
  const people = rows.map((row) => ({ id: '', row }))
  const more = rows.map(({ title, tags }) => [text(title), ...(Array.isArray(tags) ? tags : [])])
  return [
    ...groupLines('user', people, 0),
    ...people.map((seen, at) => line('  user', ...person(seen), ...(more[at] ?? []).filter(Boolean))),
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

function launchWarnings(invited: readonly Seen[] | undefined, campaign: Row | undefined): string[] {
  return [
    invited === undefined
      ? 'Qualys does not show who the recipients are, nor how many.'
      : invited.length === 0
        ? 'It has no recipients.'
        : `${count(invited.length, 'recipient')} are mailed at once.`,
    ...(isPast(campaign?.['dueDate']) ? ['Its due date is past.'] : []),
  ]
}

/** What may go wrong, though nothing forbids it. */
function warningsOf({ launches, reminds, recipients }: Touched, audience: Audience): string[] {
  const { added, invited, campaigns, templates } = audience
  const campaign = campaigns[0]?.row
  const active = campaign !== undefined && campaign['status'] === 'ACTIVE'
  const unpublished = recipients && !campaign && templates[0]?.row?.['state'] === 'DRAFT'
  return [
    ...(launches ? launchWarnings(invited, campaign) : []),
    ...(active && added.length > 0
      ? [`The campaign is active: ${count(added.length, 'recipient')} are mailed at once.`]
      : []),
    ...(active && reminds
      ? [
          `The campaign is active: its ${invited ? count(invited.length, 'recipient') : 'recipients'} get these mails.`,
        ]
      : []),
    ...(unpublished ? ['The template is a draft: publish it first, Qualys may refuse it.'] : []),
  ]
}

/** What an effect does to templates, campaigns and people. */
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
      ...groupLines('recipient to remove', removed),
      ...groupLines('user', audience.users),
      ...(touched.loses ? lostLines(audience.lost) : []),
      ...newUserLines(args),
      ...contentLines(args),
      ...shortLines(args),
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
