import { z } from 'zod'
import { operation } from '../operation.ts'
import { count, countRecord, longId, longIdsOf, received, search, searchInputs } from './fields.ts'
import { elements } from './questions.ts'

/**
 * The filter table of templates (search_templates.htm). It prints uuid and familyId as Integers, which they
 * are not.
 */
const filters = {
  id: searchInputs.ids(),
  uuid: searchInputs.text(),
  name: searchInputs.text(),
  nameContains: searchInputs.text(),
  description: searchInputs.text(),
  descriptionContains: searchInputs.text(),
  category: searchInputs.text(),
  categoryContains: searchInputs.text(),
  familyId: searchInputs.text('from saq_search_templates'),
  revision: searchInputs.numbers(),
  isLibrary: searchInputs.flag(),
  questionCnt: searchInputs.numbers(),
  state: searchInputs.words(['DRAFT', 'PUBLISHED']),
} as const

/** reference_template.htm; its Mandatory column is shifted by a row in places, so only the id is required. */
const template = z.looseObject({
  id: received.id,
  uuid: received.text,
  name: received.text,
  description: received.text,
  category: received.text,
  familyId: received.text,
  revision: received.number,
  isLibrary: received.flag,
  questionCnt: received.number,
  state: received.text,
  elements: received.one(elements),
})

const columns = ['id', 'name', 'category', 'state', 'revision', 'questionCnt'] as const

export const searchTemplates = operation({
  name: 'saq_search_templates',
  title: 'Search templates',
  description: 'Questionnaire templates of this account; the revisions of one template share a familyId',
  route: 'POST /qps/rest/1.0/search/saq/template',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/templates/search_templates.htm',
  input: filters,
  request: search,
  returns: 'rows',
  paging: { kind: 'qps', by: 'offset' },
  byId: longIdsOf,
  hasLargeRows: () => true,
  record: template,
  columns,
  countBy: 'state',
})

export const searchLibraryTemplates = operation({
  name: 'saq_search_library_templates',
  title: 'Search the template library',
  description: "Qualys' own templates, to be copied with saq_create_template_from_library",
  route: 'POST /qps/rest/1.0/search/saq/librarytemplate',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/templates/search_library_templates.htm',
  input: filters,
  request: search,
  returns: 'rows',
  paging: { kind: 'qps', by: 'offset' },
  byId: longIdsOf,
  hasLargeRows: () => true,
  record: template,
  columns: ['id', 'name', 'category', 'questionCnt', 'description'],
})

export const countTemplates = operation({
  name: 'saq_count_templates',
  title: 'Count templates',
  description: 'How many templates a search finds',
  route: 'POST /qps/rest/1.0/count/saq/template',
  effect: 'read',
  evidence: 'regular',
  source: 'no page; as counting campaigns and users (current_count.htm)',
  input: filters,
  request: count,
  returns: 'record',
  record: countRecord,
  columns: ['count'],
})

export const getTemplate = operation({
  name: 'saq_get_template',
  title: 'Get a template',
  description: 'One template with its sections and questions, in the form that saq_create_template takes',
  route: 'GET /qps/rest/1.0/get/saq/template/{templateId}',
  effect: 'read',
  evidence: 'regular',
  source: 'no page; as campaigns/get_campaign_details.htm; the nesting of the elements is guessed',
  input: { templateId: longId('from saq_search_templates') },
  returns: 'record',
  record: template,
  columns: ['*'],
})
