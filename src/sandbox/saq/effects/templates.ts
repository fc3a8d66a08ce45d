import type { Template } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { invalid, mustNotBeSet, required } from '../../http/api-error.ts'
import { succeeded } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable, regular } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { compiled } from '../criteria.ts'
import { readObject } from '../elements.ts'
import { templateFilters } from '../filters.ts'
import { templateKind } from '../kinds.ts'
import { objectIn, readRequest } from '../request.ts'
import { rowById, rowsFor } from '../search.ts'
import { showTemplate } from '../shown.ts'
import { namedId } from './named-object.ts'
import { changing, madeBy } from './rights.ts'
import { contentOf, createTemplateInputs, templateInputs } from './template-inputs.ts'

/**
 * Creates and updates templates and moves them through their states: draft, published, draft of the next
 * revision.
 */
export function templateChangeRoutes(world: World): RouteTable {
  const versioned = changing((call) => nextVersion(world, call))
  return {
    'POST /qps/rest/1.0/create/saq/template': regular(changing((call) => created(world, call))),
    'POST /qps/rest/1.0/update/saq/template': documented(changing((call) => updated(world, call))),
    'POST /qps/rest/1.0/publish/saq/template': documented(changing((call) => published(world, call))),
    // The heading has the id in the path, the sample in the body.
    'POST /qps/rest/1.0/newversion/saq/template/{templateId}': documented(versioned),
    'POST /qps/rest/1.0/newversion/saq/template': documented(versioned),
    'POST /qps/rest/1.0/delete/saq/template/{templateId}': guessed(changing((call) => deleted(world, call))),
  }
}

function created(world: World, call: Call): Reply {
  const { saq, knobs, evidence } = world
  const object = objectIn(readRequest(world, call, 'data'), 'Template')
  // Create from library is not public; it may have another path.
  const inputs = evidence === 'all' ? createTemplateInputs : templateInputs
  const given: ReturnType<typeof readObject<typeof createTemplateInputs>> = readObject(
    object,
    inputs,
    [],
    knobs.strictEffects,
  )
  const { libraryTemplate, name, description, category, elements } = given
  if (libraryTemplate) {
    const stray = (['description', 'category', 'elements'] as const).find((one) => given[one] !== undefined)
    if (stray) throw mustNotBeSet(stray)
    const source = saq.libraryTemplates.find(({ id }) => id === libraryTemplate.id)
    if (!source)
      throw invalid('libraryTemplate.id', libraryTemplate.id, 'Specify the id of a library template.')
    return kept(world, call, { ...structuredClone(source), name: name ?? source.name })
  }
  if (name === undefined) throw required('name')
  if (category === undefined) throw required('category')
  if (elements === undefined) throw required('elements')
  return kept(world, call, {
    name,
    description: description ?? '',
    category,
    isLibrary: false,
    ...contentOf(elements),
  })
}

type Draft = Omit<Template, 'id' | 'uuid' | 'familyId' | 'revision' | 'state' | 'madeBy'>

/** Stores a new draft, the first of its family. */
function kept({ saq, chance }: World, call: Call, draft: Draft): Reply {
  const template: Template = {
    ...draft,
    id: nextId(saq.templates),
    uuid: chance.uuid(),
    familyId: chance.uuid(),
    revision: 1,
    state: 'DRAFT',
    ...madeBy(callerOf(call)),
  }
  saq.templates.push(template)
  return succeeded(call, { count: 1, data: [showTemplate(template)] })
}

/**
 * Updates every template that the filters match; without filters, all of them. The elements of a published
 * template cannot be changed.
 */
function updated(world: World, call: Call): Reply {
  const request = readRequest(world, call, 'filters', 'data')
  const inputs = readObject(objectIn(request, 'Template'), templateInputs, [], world.knobs.strictEffects)
  const { elements, ...others } = inputs
  const content = elements && contentOf(elements)
  const rows = rowsFor(world, call, templateKind).filter(compiled(request.filters, templateFilters, false))
  const published = content && rows.find(({ state }) => state === 'PUBLISHED')
  if (published) {
    throw invalid(
      'state',
      published.state,
      `Create a new version of template ${published.id} to change its elements.`,
    )
  }
  for (const row of rows) Object.assign(row, others, structuredClone(content))
  return succeeded(call, { count: rows.length, data: rows.map(showTemplate) })
}

function published(world: World, call: Call): Reply {
  const template = rowById(templateKind, rowsFor(world, call, templateKind), namedId(world, call, 'Template'))
  if (template.state !== 'DRAFT') {
    throw invalid('state', template.state, 'Only templates in state DRAFT can be published.')
  }
  template.state = 'PUBLISHED'
  return succeeded(call, { count: 1, data: [showTemplate(template)] })
}

/** The sample answers with the requested id: the new draft must be searched by its family. */
function nextVersion(world: World, call: Call): Reply {
  const { saq, knobs, chance } = world
  const template = rowById(templateKind, rowsFor(world, call, templateKind), namedId(world, call, 'Template'))
  if (template.state !== 'PUBLISHED') {
    throw invalid('state', template.state, 'Only templates in state PUBLISHED can have a new version.')
  }
  const family = saq.templates.filter(({ familyId }) => familyId === template.familyId)
  const draft: Template = {
    ...structuredClone(template),
    id: nextId(saq.templates),
    uuid: chance.uuid(),
    revision: Math.max(...family.map(({ revision }) => revision)) + 1,
    state: 'DRAFT',
    ...madeBy(callerOf(call)),
  }
  saq.templates.push(draft)
  const id = knobs.newVersionAnswers === 'newId' ? draft.id : template.id
  return succeeded(call, { count: 1, data: [element('Template', { id })] })
}

function deleted(world: World, call: Call): Reply {
  const { templates, campaigns } = world.saq
  const template = rowById(templateKind, rowsFor(world, call, templateKind), namedId(world, call, 'Template'))
  const { id } = template
  const used = campaigns.find(
    (campaign) => campaign.template.id === id && ['INACTIVE', 'ACTIVE'].includes(campaign.status),
  )
  if (used) throw invalid('id', id, `Campaign ${used.id} uses the template.`)
  templates.splice(templates.indexOf(template), 1)
  return succeeded(call, { count: 1, data: [element('Template', { id })] })
}
