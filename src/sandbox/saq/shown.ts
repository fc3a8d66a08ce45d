import {
  type Campaign,
  type Notice,
  type Question,
  type Questionnaire,
  questionCnt,
  type Section,
  type Template,
  type User,
  type UserTag,
} from '../data/saq/rows.ts'
import type { Knobs } from '../state/knobs.ts'
import { element, type Members, type XmlElement } from '../xml/writer.ts'

// The wire form of each object. Collections have no wrapper, as in the samples; a knob adds the framework's
// wrapper.

/** `2019-10-23T05:47:16Z` */
export const dated = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`

function person({ id, uuid, firstName, lastName, company, emailAddress, userName, title }: User): Members {
  return { id, uuid, firstName, lastName, company, emailAddress, userName, title }
}

function tagList(tags: readonly UserTag[], { tagLists }: Knobs): XmlElement[] {
  const elements = tags.map(({ id, name }) => element('Tag', { id, name }))
  return tagLists === 'plain' ? elements : [element('count', tags.length), element('list', elements)]
}

export function showUser(user: User, knobs: Knobs): XmlElement {
  const tags = user.tags.length > 0 ? tagList(user.tags, knobs) : undefined
  return element('User', { ...person(user), tags })
}

/** The answer of create: without title and tags (create_user.htm). */
export function showNewUser({ id, uuid, firstName, lastName, company, emailAddress }: User): XmlElement {
  return element('User', { id, uuid, firstName, lastName, company, emailAddress })
}

export function showLibraryTemplate(template: Template): XmlElement {
  return element('LibraryTemplate', head(template))
}

export function showTemplate(template: Template): XmlElement {
  const { sections, scorings } = template
  const elements = {
    sections: sections.map(showSection),
    scorings: scorings.map(({ label, value }) => element('Scoring', { label, value })),
  }
  return element('Template', { ...head(template), elements })
}

function head(template: Template): Members {
  const { id, uuid, name, description, category, familyId, revision, isLibrary, state } = template
  const count = questionCnt(template)
  return { id, uuid, name, description, category, familyId, revision, isLibrary, questionCnt: count, state }
}

function showSection({ name, description, questions }: Section): XmlElement {
  return element('Section', { name, description, questions: questions.map(showQuestion) })
}

function showQuestion({ options, ...question }: Question): XmlElement {
  const choices = options?.map(({ text, scoringLabel }) => element('Option', { text, scoringLabel }))
  return element('Question', { ...question, options: choices })
}

/** get_campaign_details.htm; dueDate and recipients are assumed in the part that is cut off. */
export function showCampaign(campaign: Campaign, knobs: Knobs): XmlElement {
  const { id, name, workflowType, status, created, updated, launchDate, dueDate } = campaign
  const { template, user, reviewer, approver, recipients, campaignNotification: notices } = campaign
  const { company: _, ...owner } = person(user)
  return element('QuestionnaireCampaign', {
    id,
    name,
    workflowType,
    status,
    created: dated(created),
    updated: dated(updated),
    launchDate: launchDate === undefined ? undefined : dated(launchDate),
    dueDate: knobs.campaignDueDate ? dated(dueDate) : undefined,
    template,
    user: { ...owner, tags: user.tags.length > 0 ? tagList(user.tags, knobs) : undefined },
    reviewer: reviewer && person(reviewer),
    approver: approver && person(approver),
    campaignNotification: {
      reminderNotification: showNotice(notices.reminderNotification),
      dueDateNotification: showNotice(notices.dueDateNotification),
      overdueNotification: showNotice(notices.overdueNotification),
    },
    recipients: knobs.campaignRecipients ? recipients.map(showRecipient) : undefined,
  })
}

const showNotice = ({ enabled, interval, noOfDays }: Notice): Members => ({ enabled, interval, noOfDays })

function showRecipient({ id, firstName, lastName, company, emailAddress }: User): XmlElement {
  return element('User', { id, firstName, lastName, company, emailAddress })
}

export function showQuestionnaire({
  id,
  title,
  campaign,
  state,
  risk,
  created,
  updated,
}: Questionnaire): XmlElement {
  return element('Questionnaire', {
    id,
    title,
    dueDate: dated(campaign.dueDate),
    campaign: { id: campaign.id, name: campaign.name },
    state,
    risk,
    created: dated(created),
    updated: dated(updated),
  })
}
