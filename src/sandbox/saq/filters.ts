import { type Campaign, type Questionnaire, questionCnt, type Template, type User } from '../data/saq/rows.ts'
import type { FilterTable } from './criteria.ts'

/** search_templates.htm; the page of the library templates has the same table. */
export const templateFilters: FilterTable<Template> = {
  id: { type: 'Long', of: ({ id }) => id },
  uuid: { type: 'uuid', of: ({ uuid }) => uuid },
  name: { type: 'text', of: ({ name }) => name },
  description: { type: 'text', of: ({ description }) => description },
  category: { type: 'text', of: ({ category }) => category },
  familyId: { type: 'uuid', of: ({ familyId }) => familyId },
  revision: { type: 'Integer', of: ({ revision }) => revision },
  isLibrary: { type: 'Boolean', of: ({ isLibrary }) => isLibrary },
  questionCnt: { type: 'Integer', of: questionCnt },
  state: { type: 'keyword', words: ['DRAFT', 'PUBLISHED'], of: ({ state }) => state },
}

/** current_count.htm. The search page prints the words of risk for workflowType, by mistake. */
export const campaignFilters: FilterTable<Campaign> = {
  id: { type: 'Long', of: ({ id }) => id },
  name: { type: 'text', of: ({ name }) => name },
  status: {
    type: 'keyword',
    words: ['ACTIVE', 'INACTIVE', 'COMPLETE', 'CANCELED'],
    of: ({ status }) => status,
  },
  workflowType: {
    type: 'keyword',
    words: ['SIMPLE', 'REVIEWABLE', 'FULL'],
    of: ({ workflowType }) => workflowType,
  },
}

/** search_questionnaires.htm */
export const questionnaireFilters: FilterTable<Questionnaire> = {
  id: { type: 'Long', of: ({ id }) => id },
  'campaign.id': { type: 'Long', of: ({ campaign }) => campaign.id },
  state: {
    type: 'keyword',
    words: ['INFORMATION_GATHERING', 'APPROVAL', 'REVIEW', 'CANCELED', 'INCOMPLETE', 'CLOSED'],
    of: ({ state }) => state,
  },
  risk: { type: 'keyword', words: ['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'], of: ({ risk }) => risk },
}

/** search_users.htm, which types uuid as Integer, also by mistake. */
export const userFilters: FilterTable<User> = {
  id: { type: 'Long', of: ({ id }) => id },
  uuid: { type: 'uuid', of: ({ uuid }) => uuid },
  firstName: { type: 'text', of: ({ firstName }) => firstName },
  lastName: { type: 'text', of: ({ lastName }) => lastName },
  company: { type: 'text', of: ({ company }) => company },
  title: { type: 'text', of: ({ title }) => title },
  emailAddress: { type: 'text', of: ({ emailAddress }) => emailAddress },
  userName: { type: 'text', of: ({ userName }) => userName },
  'tags.tag.id': { type: 'Long', of: ({ tags }) => tags.map(({ id }) => id) },
  'tags.tag.name': { type: 'text', of: ({ tags }) => tags.map(({ name }) => name) },
}
