import type { Template } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { invalidValue, missingElement, unexpectedElement } from '../../http/api-error.ts'
import { successEnvelope } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable, regular } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { compileFilters } from '../criteria.ts'
import { readObject } from '../element-schema.ts'
import { templateFilters } from '../filters.ts'
import { templateKind } from '../object-kinds.ts'
import { dataObject, readRequest } from '../request.ts'
import { templateElement } from '../response-elements.ts'
import { rowById, scopedRows } from '../search.ts'
import { readObjectId } from './object-id.ts'
import { ownerMark, requireWriteAccess } from './rights.ts'
import { createTemplateInputs, templateInputs, toTemplateContent } from './template-inputs.ts'

/**
 * Creates and updates templates and moves them through their states: draft, published, draft of the next
 * revision.
 */
export function templateChangeRoutes(world: World): RouteTable {
  const newVersion = requireWriteAccess((call) => createVersion(world, call))
  return {
    'POST /qps/rest/1.0/create/saq/template': regular(
      requireWriteAccess((call) => createTemplate(world, call)),
    ),
    'POST /qps/rest/1.0/update/saq/template': documented(
      requireWriteAccess((call) => updateTemplates(world, call)),
    ),
    'POST /qps/rest/1.0/publish/saq/template': documented(
      requireWriteAccess((call) => publishTemplate(world, call)),
    ),
    // The heading has the id in the path, the sample in the body.
    'POST /qps/rest/1.0/newversion/saq/template/{templateId}': documented(newVersion),
    'POST /qps/rest/1.0/newversion/saq/template': documented(newVersion),
    'POST /qps/rest/1.0/delete/saq/template/{templateId}': guessed(
      requireWriteAccess((call) => deleteTemplate(world, call)),
    ),
  }
}

function createTemplate(world: World, call: Call): Reply {
  const { saq, knobs, evidence } = world
  const object = dataObject(readRequest(world, call, 'data'), 'Template')
  // Create from library is not public; it may have another path.
  const schema = evidence === 'all' ? createTemplateInputs : templateInputs
  const inputs: ReturnType<typeof readObject<typeof createTemplateInputs>> = readObject(
    object,
    schema,
    [],
    knobs.strictEffects,
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
    return storeDraft(world, call, { ...structuredClone(source), name: name ?? source.name })
  }
  if (name === undefined) throw missingElement('name')
  if (category === undefined) throw missingElement('category')
  if (elements === undefined) throw missingElement('elements')
  return storeDraft(world, call, {
    name,
    description: description ?? '',
    category,
    isLibrary: false,
    ...toTemplateContent(elements),
  })
}

type Draft = Omit<Template, 'id' | 'uuid' | 'familyId' | 'revision' | 'state' | 'madeBy'>

/** Stores a new draft, the first of its family. */
function storeDraft({ saq, random }: World, call: Call, draft: Draft): Reply {
  const template: Template = {
    ...draft,
    id: nextId(saq.templates),
    uuid: random.uuid(),
    familyId: random.uuid(),
    revision: 1,
    state: 'DRAFT',
    ...ownerMark(callerOf(call)),
  }
  saq.templates.push(template)
  return successEnvelope(call, { count: 1, data: [templateElement(template)] })
}

/**
 * Updates every template that the filters match; without filters, all of them. The elements of a published
 * template cannot be changed.
 */
function updateTemplates(world: World, call: Call): Reply {
  const request = readRequest(world, call, 'filters', 'data')
  const inputs = readObject(dataObject(request, 'Template'), templateInputs, [], world.knobs.strictEffects)
  const { elements, ...others } = inputs
  const content = elements && toTemplateContent(elements)
  const rows = scopedRows(world, call, templateKind).filter(
    compileFilters(request.filters, templateFilters, false),
  )
  const published = content && rows.find(({ state }) => state === 'PUBLISHED')
  if (published) {
    throw invalidValue(
      'state',
      published.state,
      `Create a new version of template ${published.id} to change its elements.`,
    )
  }
  for (const row of rows) Object.assign(row, others, structuredClone(content))
  return successEnvelope(call, { count: rows.length, data: rows.map(templateElement) })
}

function publishTemplate(world: World, call: Call): Reply {
  const template = rowById(
    templateKind,
    scopedRows(world, call, templateKind),
    readObjectId(world, call, 'Template'),
  )
  if (template.state !== 'DRAFT') {
    throw invalidValue('state', template.state, 'Only templates in state DRAFT can be published.')
  }
  template.state = 'PUBLISHED'
  return successEnvelope(call, { count: 1, data: [templateElement(template)] })
}

/** The reply of the sample has the requested id: a client must search the new draft by its family. */
function createVersion(world: World, call: Call): Reply {
  const { saq, knobs, random } = world
  const template = rowById(
    templateKind,
    scopedRows(world, call, templateKind),
    readObjectId(world, call, 'Template'),
  )
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
    ...ownerMark(callerOf(call)),
  }
  saq.templates.push(draft)
  const id = knobs.newVersionAnswers === 'newId' ? draft.id : template.id
  return successEnvelope(call, { count: 1, data: [element('Template', { id })] })
}

function deleteTemplate(world: World, call: Call): Reply {
  const { templates, campaigns } = world.saq
  const template = rowById(
    templateKind,
    scopedRows(world, call, templateKind),
    readObjectId(world, call, 'Template'),
  )
  const { id } = template
  const dependentCampaign = campaigns.find(
    (campaign) => campaign.template.id === id && ['INACTIVE', 'ACTIVE'].includes(campaign.status),
  )
  if (dependentCampaign) throw invalidValue('id', id, `Campaign ${dependentCampaign.id} uses the template.`)
  templates.splice(templates.indexOf(template), 1)
  return successEnvelope(call, { count: 1, data: [element('Template', { id })] })
}
