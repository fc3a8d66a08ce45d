import {
  type Campaign,
  type Questionnaire,
  questionCnt,
  type Template,
  type User,
  workflowTypes,
} from '../data/saq/rows.ts'
import type { FilterTable } from './criteria.ts'

/** search_templates.htm; the page of the library templates has the same table. */
export const templateFilters: FilterTable<Template> = {
  id: { type: 'Long', read: ({ id }) => id },
  uuid: { type: 'uuid', read: ({ uuid }) => uuid },
  name: { type: 'text', read: ({ name }) => name },
  description: { type: 'text', read: ({ description }) => description },
  category: { type: 'text', read: ({ category }) => category },
  familyId: { type: 'uuid', read: ({ familyId }) => familyId },
  revision: { type: 'Integer', read: ({ revision }) => revision },
  isLibrary: { type: 'Boolean', read: ({ isLibrary }) => isLibrary },
  questionCnt: { type: 'Integer', read: questionCnt },
  state: { type: 'keyword', values: ['DRAFT', 'PUBLISHED'], read: ({ state }) => state },
}

/** current_count.htm. The search page prints the words of risk for workflowType, by mistake. */
export const campaignFilters: FilterTable<Campaign> = {
  id: { type: 'Long', read: ({ id }) => id },
  name: { type: 'text', read: ({ name }) => name },
  status: {
    type: 'keyword',
    values: ['ACTIVE', 'INACTIVE', 'COMPLETE', 'CANCELED'],
    read: ({ status }) => status,
  },
  workflowType: {
    type: 'keyword',
    values: workflowTypes,
    read: ({ workflowType }) => workflowType,
  },
}

/** search_questionnaires.htm */
export const questionnaireFilters: FilterTable<Questionnaire> = {
  id: { type: 'Long', read: ({ id }) => id },
  'campaign.id': { type: 'Long', read: ({ campaign }) => campaign.id },
  state: {
    type: 'keyword',
    values: ['INFORMATION_GATHERING', 'APPROVAL', 'REVIEW', 'CANCELED', 'INCOMPLETE', 'CLOSED'],
    read: ({ state }) => state,
  },
  risk: { type: 'keyword', values: ['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'], read: ({ risk }) => risk },
}

/** search_users.htm, which types uuid as Integer, also by mistake. */
export const userFilters: FilterTable<User> = {
  id: { type: 'Long', read: ({ id }) => id },
  uuid: { type: 'uuid', read: ({ uuid }) => uuid },
  firstName: { type: 'text', read: ({ firstName }) => firstName },
  lastName: { type: 'text', read: ({ lastName }) => lastName },
  company: { type: 'text', read: ({ company }) => company },
  title: { type: 'text', read: ({ title }) => title },
  emailAddress: { type: 'text', read: ({ emailAddress }) => emailAddress },
  userName: { type: 'text', read: ({ userName }) => userName },
  'tags.tag.id': { type: 'Long', read: ({ tags }) => tags.map(({ id }) => id) },
  'tags.tag.name': { type: 'text', read: ({ tags }) => tags.map(({ name }) => name) },
}
