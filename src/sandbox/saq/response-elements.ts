import {
  type Campaign,
  eachNotice,
  type Question,
  type Questionnaire,
  questionCnt,
  type Section,
  type Template,
  type User,
} from '../data/saq/rows.ts'
import type { Knobs } from '../state/knobs.ts'
import { element, type Members, type XmlElement } from '../xml/writer.ts'

// The objects as replies show them. Collections have no wrapper, as in the samples; a knob adds the wrapper
// of the framework.

/** `2019-10-23T05:47:16Z` */
export const toIso = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`

const pick = <Row, Name extends keyof Row>(row: Row, ...names: readonly Name[]): Pick<Row, Name> =>
  Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>

const userMembers = (user: User): Members =>
  pick(user, 'id', 'uuid', 'firstName', 'lastName', 'company', 'emailAddress', 'userName', 'title')

function tagElements({ tags }: User, { tagLists }: Knobs): XmlElement[] | undefined {
  if (tags.length === 0) return undefined
  const elements = tags.map(({ id, name }) => element('Tag', { id, name }))
  return tagLists === 'plain' ? elements : [element('count', tags.length), element('list', elements)]
}

export function userElement(user: User, knobs: Knobs): XmlElement {
  const groups = knobs.userGroupFields ? { tags: tagElements(user, knobs) } : { company: undefined }
  return element('User', { ...userMembers(user), ...groups })
}

/** The user in the reply to create: without title and tags (create_user.htm). */
export function newUserElement(user: User): XmlElement {
  return element('User', pick(user, 'id', 'uuid', 'firstName', 'lastName', 'company', 'emailAddress'))
}

export function libraryTemplateElement(template: Template): XmlElement {
  return element('LibraryTemplate', templateMembers(template))
}

export function templateElement(template: Template, knobs: Knobs): XmlElement {
  const { sections, scorings } = template
  const elements = {
    sections: sections.map((section, at) => sectionElement(section, knobs, `${template.id}${at + 1}`)),
    scorings: scorings.map((scoring) => element('Scoring', pick(scoring, 'label', 'value'))),
  }
  return element('Template', { ...templateMembers(template), elements })
}

function templateMembers(template: Template): Members {
  const { id, uuid, name, description, category, familyId, revision, isLibrary, state } = template
  const count = questionCnt(template)
  return { id, uuid, name, description, category, familyId, revision, isLibrary, questionCnt: count, state }
}

/** What a knob adds to each section and question; `path` makes an id that no other of the template has. */
function furtherMembers(path: string, { templateFields }: Knobs, weight?: number): Members {
  if (templateFields === 'known') return {}
  return { id: path, ...(templateFields === 'weights' && weight !== undefined && { weight }) }
}

function sectionElement(section: Section, knobs: Knobs, path: string): XmlElement {
  const { name, description, questions, sections } = section
  return element('Section', {
    ...furtherMembers(path, knobs),
    name,
    description,
    questions: questions.map((question, at) => questionElement(question, knobs, `${path}0${at + 1}`)),
    sections: sections?.map((inner, at) => sectionElement(inner, knobs, `${path}${at + 1}`)),
  })
}

function questionElement({ options, ...question }: Question, knobs: Knobs, path: string): XmlElement {
  const choices = options?.map(({ text, scoringLabel }) => element('Option', { text, scoringLabel }))
  return element('Question', { ...furtherMembers(path, knobs, 1), ...question, options: choices })
}

/** get_campaign_details.htm; dueDate and recipients are assumed in the part that is cut off. */
export function campaignElement(campaign: Campaign, knobs: Knobs): XmlElement {
  const { id, name, workflowType, status, created, updated, launchDate, dueDate } = campaign
  const { template, user, reviewer, approver, recipients, campaignNotification: notices } = campaign
  const { company: _, ...owner } = userMembers(user)
  return element('QuestionnaireCampaign', {
    id,
    name,
    workflowType,
    status,
    created: toIso(created),
    updated: toIso(updated),
    launchDate: launchDate === undefined ? undefined : toIso(launchDate),
    dueDate: knobs.campaignDueDate ? toIso(dueDate) : undefined,
    template,
    user: { ...owner, tags: tagElements(user, knobs) },
    reviewer: reviewer && userMembers(reviewer),
    approver: approver && userMembers(approver),
    campaignNotification: eachNotice((kind) => pick(notices[kind], 'enabled', 'interval', 'noOfDays')),
    recipients: recipientElements(recipients, knobs),
  })
}

/** The fields of a recipient in a campaign, by the knob `campaignRecipients`. */
const recipientFields = {
  shown: ['id', 'firstName', 'lastName', 'company', 'emailAddress'],
  ids: ['id'],
  names: ['firstName', 'lastName', 'company'],
} as const

function recipientElements(
  recipients: readonly User[],
  { campaignRecipients: shape }: Knobs,
): XmlElement[] | undefined {
  if (shape === 'hidden') return undefined
  return recipients.map((user) => element('User', pick(user, ...recipientFields[shape])))
}

export function questionnaireElement(questionnaire: Questionnaire, knobs: Knobs): XmlElement {
  const { id, title, campaign, state, risk, created, updated } = questionnaire
  return element('Questionnaire', {
    id,
    title,
    dueDate: knobs.questionnaireDueDate ? toIso(campaign.dueDate) : undefined,
    campaign: {
      named: { id: campaign.id, name: campaign.name },
      id: { id: campaign.id },
      none: undefined,
    }[knobs.questionnaireCampaign],
    state,
    risk,
    created: toIso(created),
    updated: toIso(updated),
  })
}
