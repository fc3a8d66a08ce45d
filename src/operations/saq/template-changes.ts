import { z } from 'zod'
import { told } from '../fields.ts'
import { operation } from '../operation.ts'
import { exactly, longId, longIds, number, sent, uncounted, words } from './fields.ts'
import { questionsOf, refuseContents, scoring, sections, wireElements } from './questions.ts'

const fromTemplates = 'from saq_search_templates'
/** More than any operator may allow with QUALYS_MAX_BULK. */
const mostAtOnce = 1_000

const stored = z.looseObject({ id: sent.id.optional(), questionCnt: sent.number, count: sent.number })
const findOut = 'look with saq_search_templates'

const fields = {
  name: words(255),
  description: words(4_000),
  category: words(255),
} as const

const asDraft = 'A draft: saq_publish_template before a campaign can use it.'

export const createTemplate = operation({
  name: 'saq_create_template',
  title: 'Create a template',
  description: 'Write a questionnaire: sections of questions, scored or not; it begins as a draft',
  route: 'POST /qps/rest/1.0/create/saq/template',
  effect: 'create',
  evidence: 'regular',
  source:
    'reference_template.htm names the elements, "Create New Template API" exists unread; the nesting is guessed',
  input: {
    name: fields.name,
    category: fields.category.describe('any label'),
    description: fields.description.optional(),
    sections,
    scoring: scoring.optional(),
  },
  request: ({ name, description, category, ...contents }) => ({
    body: { data: { Template: { name, description, category, elements: wireElements(contents) } } },
  }),
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    refuse: refuseContents,
    touches: (input) => ({ questions: questionsOf(input).length }),
    warnings: () => ['How sections and questions nest is guessed: what Qualys stored is counted afterwards.'],
    done: ({ id }) => `template ${told(id, 'saq_search_templates')} created`,
    next: () => asDraft,
    findOut: 'look for the name with saq_search_templates',
  },
})

export const createTemplateFromLibrary = operation({
  name: 'saq_create_template_from_library',
  title: 'Create a template from the library',
  description: 'Copy a library template into the own ones, as a draft to change and publish',
  route: 'POST /qps/rest/1.0/create/saq/template',
  effect: 'create',
  evidence: 'guessed',
  source: '"Create Template From the Library API" exists (saq/api/templates/create_from_library.htm), unread',
  input: { libraryTemplateId: longId('from saq_search_library_templates'), name: fields.name.optional() },
  request: ({ libraryTemplateId, name }) => ({
    body: { data: { Template: { name, libraryTemplate: { id: libraryTemplateId } } } },
  }),
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    touches: ({ libraryTemplateId }) => ({ libraryTemplates: [libraryTemplateId] }),
    done: ({ id }) => `template ${told(id, 'saq_search_templates')} created from the library`,
    next: () => asDraft,
    findOut,
  },
})

export const updateTemplates = operation({
  name: 'saq_update_templates',
  title: 'Update templates',
  description: 'Set name, description, category or contents, on exactly the templates named by id',
  route: 'POST /qps/rest/1.0/update/saq/template',
  effect: 'update',
  evidence: 'documented',
  source: 'saq/api/templates/update_template_bulk.htm; the nesting of the elements is guessed',
  input: {
    ids: longIds(fromTemplates, mostAtOnce),
    name: fields.name.optional(),
    description: fields.description.optional(),
    category: fields.category.optional(),
    sections: z
      .array(z.looseObject({}), { error: 'must be a list of sections' })
      .pipe(sections)
      .describe('as in saq_create_template; all of them, for one template')
      .optional(),
    scoring: z
      .array(z.looseObject({}), { error: 'must be a list of scores' })
      .pipe(scoring)
      .describe('as in saq_create_template')
      .optional(),
  },
  request: ({ ids, name, description, category, ...contents }) => {
    const elements = wireElements(contents)
    const Template = {
      name,
      description,
      category,
      ...(Object.keys(elements).length > 0 && { elements }),
    }
    return { body: { criteria: exactly(ids), data: { Template } } }
  },
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    refuse: ({ ids, name, description, category, ...contents }) => {
      const { sections, scoring } = contents
      if ([name, description, category, sections, scoring].every((value) => value === undefined))
        return 'There is nothing to change: pass name, description, category, sections or scoring.'
      if (ids.length > 1 && (sections ?? scoring ?? name) !== undefined)
        return 'name, sections and scoring would make several templates alike: pass them for one id.'
      return refuseContents(contents)
    },
    touches: ({ ids, ...contents }) => ({
      templates: ids,
      bulk: ids.length,
      ...(contents.sections && { questions: questionsOf(contents).length }),
    }),
    warnings: ({ sections, scoring }) => [
      ...(sections ? ['The sections that are there are replaced, and lost.'] : []),
      ...(scoring ? ['The scoring that is there is replaced, and lost.'] : []),
      ...(sections ? ['How sections nest is guessed: what Qualys stored is counted afterwards.'] : []),
    ],
    acts: ({ ids }) => ids,
    done: (record, { ids }) => `${number(ids.length, 'template')} updated${uncounted(record)}`,
    findOut,
  },
})

/**
 * A call on one template: its id in the body (create_version.htm), and in the path if the path has a place
 * for it.
 */
const onOne = {
  input: { templateId: longId(fromTemplates) },
  request: ({ templateId }: { readonly templateId: string }) => ({
    body: { data: { Template: { id: templateId } } },
  }),
  returns: 'record',
  record: stored,
  columns: ['*'],
} as const

export const publishTemplate = operation({
  name: 'saq_publish_template',
  title: 'Publish a template',
  description: 'Make a draft ready for campaigns',
  route: 'POST /qps/rest/1.0/publish/saq/template',
  effect: 'update',
  evidence: 'documented',
  source:
    'saq/api/templates/publish_template.htm; its body is mangled there, and taken from create_version.htm',
  ...onOne,
  change: {
    touches: ({ templateId }) => ({ templates: [templateId] }),
    refuseSeen: ({ state }, { templateId }) =>
      state === 'PUBLISHED'
        ? `Template ${templateId} is published already: make a new version with saq_create_template_version.`
        : undefined,
    acts: ({ templateId }) => [templateId],
    doubts: ({ state }) =>
      state === undefined || state === 'PUBLISHED' ? undefined : 'still shows it unpublished',
    done: (_, { templateId }) => `template ${templateId} published`,
    findOut,
  },
})

export const createTemplateVersion = operation({
  name: 'saq_create_template_version',
  title: 'Create a new version of a template',
  description: 'Begin the next revision of a published template, as a draft in the same family',
  route: 'POST /qps/rest/1.0/newversion/saq/template/{templateId}',
  effect: 'create',
  evidence: 'documented',
  source:
    'saq/api/templates/create_version.htm: id in the path by its heading, in the body by its sample; both are sent',
  ...onOne,
  change: {
    touches: ({ templateId }) => ({ templates: [templateId], begins: true }),
    refuseSeen: ({ state }, { templateId }) =>
      state === 'DRAFT'
        ? `Template ${templateId} is a draft itself: change it with saq_update_templates.`
        : undefined,
    // The sample echoes the id that was sent, so it may not be the id of the new version.
    done: (_, { templateId }) => `new version of template ${templateId} begun`,
    findOut: `${findOut} and the familyId of that template`,
  },
})

export const deleteTemplate = operation({
  name: 'saq_delete_template',
  title: 'Delete a template',
  description: 'Remove one template for good',
  route: 'POST /qps/rest/1.0/delete/saq/template/{templateId}',
  effect: 'delete',
  evidence: 'guessed',
  source: 'no page; as users/delete_user.htm',
  ...onOne,
  change: {
    touches: ({ templateId }) => ({ templates: [templateId] }),
    warnings: () => [
      'A deleted template cannot be brought back; what becomes of campaigns made from it is not documented.',
    ],
    acts: ({ templateId }) => [templateId],
    done: (_, { templateId }) => `template ${templateId} deleted`,
    findOut,
  },
})
