import type { Campaign, Questionnaire, Template, User } from '../data/saq/rows.ts'
import { campaignFilters, questionnaireFilters, templateFilters, userFilters } from './filters.ts'
import type { Kind } from './search.ts'
import { showCampaign, showLibraryTemplate, showQuestionnaire, showTemplate, showUser } from './shown.ts'

export const templateKind: Kind<Template> = {
  name: 'Template',
  rows: ({ templates }) => templates,
  filters: templateFilters,
  show: showTemplate,
}

export const libraryTemplateKind: Kind<Template> = {
  name: 'LibraryTemplate',
  rows: ({ libraryTemplates }) => libraryTemplates,
  filters: templateFilters,
  show: showLibraryTemplate,
}

export const campaignKind: Kind<Campaign> = {
  name: 'QuestionnaireCampaign',
  rows: ({ campaigns }) => campaigns,
  filters: campaignFilters,
  show: showCampaign,
}

export const questionnaireKind: Kind<Questionnaire> = {
  name: 'Questionnaire',
  rows: ({ questionnaires }) => questionnaires,
  filters: questionnaireFilters,
  show: showQuestionnaire,
}

export const userKind: Kind<User> = {
  name: 'User',
  rows: ({ users }) => users,
  filters: userFilters,
  show: showUser,
}
