import type { Campaign, Questionnaire, Template, User } from '../data/saq/rows.ts'
import { campaignFilters, questionnaireFilters, templateFilters, userFilters } from './filters.ts'
import {
  campaignElement,
  libraryTemplateElement,
  questionnaireElement,
  templateElement,
  userElement,
} from './response-elements.ts'
import type { ObjectKind } from './search.ts'

export const templateKind: ObjectKind<Template> = {
  name: 'Template',
  rows: ({ templates }) => templates,
  filters: templateFilters,
  toElement: templateElement,
}

export const libraryTemplateKind: ObjectKind<Template> = {
  name: 'LibraryTemplate',
  rows: ({ libraryTemplates }) => libraryTemplates,
  filters: templateFilters,
  toElement: libraryTemplateElement,
}

export const campaignKind: ObjectKind<Campaign> = {
  name: 'QuestionnaireCampaign',
  rows: ({ campaigns }) => campaigns,
  filters: campaignFilters,
  toElement: campaignElement,
}

export const questionnaireKind: ObjectKind<Questionnaire> = {
  name: 'Questionnaire',
  rows: ({ questionnaires }) => questionnaires,
  filters: questionnaireFilters,
  toElement: questionnaireElement,
}

export const userKind: ObjectKind<User> = {
  name: 'User',
  rows: ({ users }) => users,
  filters: userFilters,
  toElement: userElement,
  ignoredFilters: ({ userGroups }) => (userGroups === 'ignored' ? ['company', 'tags.tag.name'] : []),
}
