import { z } from 'zod'
import { oneRecord } from '../fields.ts'
import { type Adapted, type Input, operation } from '../operation.ts'
import { counted, idOrHint } from '../sentences.ts'
import {
  type Contents,
  isKind,
  questionsOf,
  type Section,
  scoring,
  sections,
  sectionsOutlined,
  validateContents,
} from './contents/questions.ts'
import { compareSections } from './contents/template-comparison.ts'
import { contentsOf, firstOf, lossWarnings, wholeContentsOf } from './contents/template-contents.ts'
import { adaptEdits, edits, validateEdits } from './contents/template-edits.ts'
import { wireElements } from './contents/template-wire.ts'
import { criteriaForIds, longId, longIds, missingCount, received, words } from './fields.ts'
import { questionColumns } from './imports/question-columns.ts'
import { sectionsOf } from './imports/question-rows.ts'
import { abridge } from './templates.ts'

const fromTemplates = 'from saq_search_templates'
/** More than any operator may allow with QUALYS_MAX_BULK. */
const maxBulk = 1_000

const storedTemplate = z.looseObject({
  id: received.id.optional(),
  questionCnt: received.number,
  count: received.number,
})
/** The answer holds the whole template. */
const answer = { ...oneRecord(storedTemplate), abridge: abridge('saq_get_template') } as const
const recovery = 'look with saq_search_templates'

const fields = {
  name: words(255),
  description: words(4_000),
  category: words(255),
} as const

const asDraft = 'A draft: saq_publish_template before a campaign can use it.'

export const createTemplate = operation({
  name: 'saq_create_template',
  title: 'Create a template',
  description:
    'Write a questionnaire: sections of questions, scored or not; it begins as a draft. Conditions between questions and help texts are not part of the API',
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
  ...answer,
  change: {
    validate: validateContents,
    targets: (input) => ({ product: 'saq', questions: questionsOf(input).length }),
    imports: {
      by: 'whole',
      into: 'sections',
      columns: questionColumns,
      members: ['name', 'category', 'description', 'scoring'],
      ignored: ['id', 'uuid', 'familyId', 'revision', 'isLibrary', 'questionCnt', 'state'],
      fromRows: sectionsOf,
    },
    verify: 'template',
    warnings: (input) => [
      ...otherTypeWarnings(input),
      'How sections and questions nest is guessed: what Qualys stored is counted afterwards.',
    ],
    summary: ({ id }) => `template ${idOrHint(id, 'saq_search_templates')} created`,
    next: () => asDraft,
    recovery: 'look for the name with saq_search_templates',
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
  ...answer,
  change: {
    targets: ({ libraryTemplateId }) => ({ product: 'saq', libraryTemplates: [libraryTemplateId] }),
    verify: 'template',
    summary: ({ id }) => `template ${idOrHint(id, 'saq_search_templates')} created from the library`,
    next: () => asDraft,
    recovery: recovery,
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
    ids: longIds(fromTemplates, maxBulk),
    name: fields.name.optional(),
    description: fields.description.optional(),
    category: fields.category.optional(),
    sections: sectionsOutlined('as in saq_create_template; all of them, for one template').optional(),
    scoring: scoring.describe('as in saq_create_template').optional(),
    edits: edits.optional(),
  },
  request: ({ ids, name, description, category, edits: _, ...contents }) => {
    const elements = wireElements(contents)
    const Template = {
      name,
      description,
      category,
      ...(Object.keys(elements).length > 0 && { elements }),
    }
    return { body: { criteria: criteriaForIds(ids), data: { Template } } }
  },
  ...answer,
  change: {
    validate: ({ ids, name, description, category, edits, ...contents }) => {
      const { sections, scoring } = contents
      if ([name, description, category, sections, scoring, edits].every((value) => value === undefined))
        return 'There is nothing to change: pass name, description, category, sections, scoring or edits.'
      if (ids.length > 1 && (sections ?? scoring ?? name) !== undefined)
        return 'name, sections and scoring would make several templates alike: pass them for one id.'
      if (ids.length > 1 && edits) return 'edits name questions of one template: pass one id.'
      if (edits && (sections ?? scoring) !== undefined)
        return 'edits change what is stored, and sections and scoring replace it: pass one of the two.'
      return (edits && validateEdits(edits)) ?? validateContents(contents)
    },
    targets: ({ ids, edits, ...contents }) => ({
      product: 'saq',
      templates: ids,
      bulkSize: ids.length,
      ...((contents.sections ?? edits) && { readsContents: true }),
      ...(contents.sections && { questions: questionsOf(contents).length }),
    }),
    adapt: (input, current) => {
      if (input.edits) return adaptEdits(input, current)
      return input.sections ? replace({ ...input, sections: input.sections }, current) : { input }
    },
    verify: 'template',
    warnings: ({ sections, scoring }) => [
      ...otherTypeWarnings({ sections }),
      ...(sections ? ['The sections that are there are replaced, and lost.'] : []),
      ...(scoring ? ['The scoring that is there is replaced, and lost.'] : []),
      ...(sections ? ['How sections nest is guessed: what Qualys stored is counted afterwards.'] : []),
    ],
    expectedIds: ({ ids }) => ids,
    summary: (record, { ids }) => `${counted(ids.length, 'template')} updated${missingCount(record)}`,
    recovery: recovery,
  },
})

/** A type that is no kind came from a template that was read, or was made up. */
function otherTypeWarnings(contents: Contents): readonly string[] {
  const types = new Set(questionsOf(contents).flatMap(({ kind }) => (isKind(kind) ? [] : [kind])))
  return types.size > 0
    ? [`No page names the type ${firstOf([...types])}: it is sent as it is, and Qualys may refuse it.`]
    : []
}

/** What changes, falls and is lost when sections take the place of those that are stored. */
function replace<I extends { readonly sections: readonly Section[] }>(
  input: I,
  current: Input | undefined,
): Adapted<I> {
  const { sections } = input
  const stored = current && wholeContentsOf(current)
  if (stored) {
    const { changes, warnings } = compareSections(stored, { sections })
    return { input, shown: { ...input, changes }, warnings: [...warnings, ...lossWarnings(stored)] }
  }
  const count = Number(current?.['questionCnt'])
  const fewer = count - questionsOf({ sections }).length
  const warnings = [
    fewer > 0
      ? `At least ${fewer.toLocaleString('en')} of ${count.toLocaleString('en')} questions fall: which ones is not known.`
      : 'What falls of the stored questions is not known: they could not be read whole.',
    ...lossWarnings((current && contentsOf(current)) ?? { others: [], ids: [] }),
  ]
  return { input, warnings }
}

/**
 * A call on one template: its id in the body (create_version.htm), and in the path if the path has a place
 * for it.
 */
const oneTemplate = {
  input: { templateId: longId(fromTemplates) },
  request: ({ templateId }: { readonly templateId: string }) => ({
    body: { data: { Template: { id: templateId } } },
  }),
  ...answer,
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
  ...oneTemplate,
  change: {
    targets: ({ templateId }) => ({ product: 'saq', templates: [templateId] }),
    validateAgainst: ({ state }, { templateId }) =>
      state === 'PUBLISHED'
        ? `Template ${templateId} is published already: make a new version with saq_create_template_version.`
        : undefined,
    expectedIds: ({ templateId }) => [templateId],
    checkResult: ({ state }) =>
      state === undefined || state === 'PUBLISHED' ? undefined : 'still shows it unpublished',
    verify: 'publication',
    summary: (_, { templateId }) => `template ${templateId} published`,
    recovery: recovery,
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
  ...oneTemplate,
  change: {
    targets: ({ templateId }) => ({ product: 'saq', templates: [templateId], startsVersion: true }),
    verify: 'templateVersion',
    validateAgainst: ({ state }, { templateId }) =>
      state === 'DRAFT'
        ? `Template ${templateId} is a draft itself: change it with saq_update_templates.`
        : undefined,
    // The sample echoes the id that was sent, so it may not be the id of the new version.
    summary: (_, { templateId }) => `new version of template ${templateId} begun`,
    recovery: `${recovery} and the familyId of that template`,
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
  ...oneTemplate,
  change: {
    targets: ({ templateId }) => ({ product: 'saq', templates: [templateId] }),
    warnings: () => [
      'A deleted template cannot be brought back; what becomes of campaigns made from it is not documented.',
    ],
    expectedIds: ({ templateId }) => [templateId],
    verify: 'deletion',
    summary: (_, { templateId }) => `template ${templateId} deleted`,
    recovery: recovery,
  },
})
