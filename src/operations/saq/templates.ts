import { z } from 'zod'
import { operation } from '../operation.ts'
import { count, counted, longId, longIdsOf, search, searched, sent } from './fields.ts'
import { elements } from './questions.ts'

/**
 * The filter table of templates (search_templates.htm). It prints uuid and familyId as Integers, which they
 * are not.
 */
const filters = {
  id: searched.ids(),
  uuid: searched.text(),
  name: searched.text(),
  nameContains: searched.text(),
  description: searched.text(),
  descriptionContains: searched.text(),
  category: searched.text(),
  categoryContains: searched.text(),
  familyId: searched.text('from saq_search_templates'),
  revision: searched.numbers(),
  isLibrary: searched.flag(),
  questionCnt: searched.numbers(),
  state: searched.words(['DRAFT', 'PUBLISHED']),
} as const

/** reference_template.htm; its Mandatory column is shifted by a row in places, so only the id is required. */
const template = z.looseObject({
  id: sent.id,
  uuid: sent.text,
  name: sent.text,
  description: sent.text,
  category: sent.text,
  familyId: sent.text,
  revision: sent.number,
  isLibrary: sent.flag,
  questionCnt: sent.number,
  state: sent.text,
  elements: sent.one(elements),
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
  heavy: () => true,
  record: template,
  columns,
  tally: 'state',
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
  heavy: () => true,
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
  record: counted,
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
