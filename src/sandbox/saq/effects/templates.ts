import { removeRows } from '../../data/remove-rows.ts'
import type { Template } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { invalidValue, missingElement, unexpectedElement } from '../../http/api-error.ts'
import type { Parsed } from '../../http/input.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable, regular } from '../../route.ts'
import { templateKind } from '../object-kinds.ts'
import { readRequest } from '../request.ts'
import { changedReply, idsReply, matchingRows, readInputs, requestedRow } from './objects.ts'
import { ownerMark } from './rights.ts'
import { createTemplateInputs, templateInputs, toTemplateContent } from './template-inputs.ts'

/**
 * Creates and updates templates and moves them through their states: draft, published, draft of the next
 * revision.
 */
export const templateChangeRoutes: RouteTable = {
  'POST /qps/rest/1.0/create/saq/template': { ...regular(createTemplate), inputs: createTemplateInputs },
  'POST /qps/rest/1.0/update/saq/template': documented(updateTemplates),
  'POST /qps/rest/1.0/publish/saq/template': documented(publishTemplate),
  // The heading has the id in the path, the sample in the body.
  'POST /qps/rest/1.0/newversion/saq/template/{templateId}': documented(createVersion),
  'POST /qps/rest/1.0/newversion/saq/template': documented(createVersion),
  'POST /qps/rest/1.0/delete/saq/template/{templateId}': guessed(
    'No page; by the rule that paths follow. The user interface deletes templates.',
    deleteTemplate,
  ),
}

function createTemplate(call: Call): Reply {
  const { saq, evidence } = call.world
  // Create from library is not public; it may have another path.
  const schema = evidence === 'all' ? createTemplateInputs : templateInputs
  const inputs: Parsed<typeof createTemplateInputs> = readInputs(
    call,
    readRequest(call, 'data'),
    templateKind,
    schema,
  )
  const { libraryTemplate, name, description, category, elements } = inputs
  if (libraryTemplate) {
    const unexpected = (['description', 'category', 'elements'] as const).find(
      (key) => inputs[key] !== undefined,
    )
    if (unexpected) throw unexpectedElement(unexpected)
    const source = saq.libraryTemplates.find(({ id }) => id === libraryTemplate.id)
    if (!source)
      throw invalidValue('libraryTemplate.id', libraryTemplate.id, 'Specify the id of a library template.')
    return storeDraft(call, { ...structuredClone(source), name: name ?? source.name })
  }
  if (name === undefined) throw missingElement('name')
  if (category === undefined) throw missingElement('category')
  if (elements === undefined) throw missingElement('elements')
  return storeDraft(call, {
    name,
    description: description ?? '',
    category,
    isLibrary: false,
    ...toTemplateContent(elements),
  })
}

type Draft = Omit<Template, 'id' | 'uuid' | 'familyId' | 'revision' | 'state' | 'madeBy'>

/** Stores a new draft, the first of its family. */
function storeDraft(call: Call, draft: Draft): Reply {
  const { saq, random } = call.world
  const template: Template = {
    ...draft,
    id: nextId(saq.templates),
    uuid: random.uuid(),
    familyId: random.uuid(),
    revision: 1,
    state: 'DRAFT',
    ...ownerMark(call.account),
  }
  saq.templates.push(template)
  return changedReply(call, templateKind, [template])
}

/**
 * Updates every template that the filters match; without filters, all of them. The elements of a published
 * template cannot be changed.
 */
function updateTemplates(call: Call): Reply {
  const request = readRequest(call, 'filters', 'data')
  const { elements, ...others } = readInputs(call, request, templateKind, templateInputs)
  const content = elements && toTemplateContent(elements)
  const rows = matchingRows(call, templateKind, request)
  const published = content && rows.find(({ state }) => state === 'PUBLISHED')
  if (published) {
    throw invalidValue(
      'state',
      published.state,
      `Create a new version of template ${published.id} to change its elements.`,
    )
  }
  for (const row of rows) Object.assign(row, others, structuredClone(content))
  return changedReply(call, templateKind, rows)
}

function publishTemplate(call: Call): Reply {
  const template = requestedRow(call, templateKind)
  if (template.state !== 'DRAFT') {
    throw invalidValue('state', template.state, 'Only templates in state DRAFT can be published.')
  }
  template.state = 'PUBLISHED'
  return changedReply(call, templateKind, [template])
}

/** The reply of the sample has the requested id: a client must search the new draft by its family. */
function createVersion(call: Call): Reply {
  const { saq, knobs, random } = call.world
  const template = requestedRow(call, templateKind)
  if (template.state !== 'PUBLISHED') {
    throw invalidValue('state', template.state, 'Only templates in state PUBLISHED can have a new version.')
  }
  const family = saq.templates.filter(({ familyId }) => familyId === template.familyId)
  const draft: Template = {
    ...structuredClone(template),
    id: nextId(saq.templates),
    uuid: random.uuid(),
    revision: Math.max(...family.map(({ revision }) => revision)) + 1,
    state: 'DRAFT',
    ...ownerMark(call.account),
  }
  saq.templates.push(draft)
  return idsReply(call, templateKind, [knobs.newVersionAnswers === 'newId' ? draft : template])
}

function deleteTemplate(call: Call): Reply {
  const { templates, campaigns } = call.world.saq
  const deleted = requestedRow(call, templateKind)
  const { id } = deleted
  const dependentCampaign = campaigns.find(
    (campaign) => campaign.template.id === id && ['INACTIVE', 'ACTIVE'].includes(campaign.status),
  )
  if (dependentCampaign) throw invalidValue('id', id, `Campaign ${dependentCampaign.id} uses the template.`)
  removeRows(templates, (template) => template === deleted)
  return idsReply(call, templateKind, [deleted])
}
