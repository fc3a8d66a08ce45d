import type { Script } from '../../data/car/rows.ts'
import {
  anyText,
  flag,
  list,
  oneOf,
  parameter,
  removed,
  whole,
  wholeOrText,
  words,
} from '../../http/body-schema.ts'
import { callerOf } from '../../http/permission.ts'
import { badRequest, done, notFound, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { scriptById } from '../scripts.ts'
import { keepScript, statusOf } from './new-script.ts'
import { kindFields, kindInputs, subTypes } from './script-kinds.ts'
import { categoryOf, languageOf, parametersOf, refuseContent, subTypeOf, typeOf } from './script-rules.ts'
import { originFields, sourceInputs, sourceOf, syncChanges } from './sources.ts'

const common = {
  title: words,
  description: anyText,
  categoryId: wholeOrText(1),
  severity: wholeOrText(1, 5),
  threshold: whole(1),
  thresholdTimeUnit: removed('threshold is in seconds (release 2.3)'),
  ...sourceInputs,
  scriptApprovalUserConsent: flag,
  hasParameters: flag,
  params: list(parameter),
  ...kindInputs,
}

/** create_scripts.htm, create_custom_qid.htm, the GitHub page, and release notes 2.4.1 to 2.7. */
export const createInputs = {
  ...common,
  typeId: whole(1),
  subType: oneOf(...subTypes),
  languageId: whole(1),
  platform: oneOf('WINDOWS', 'LINUX', 'UNIX', 'MAC'),
}

/** update_scripts.htm, which uses the spelling githubInputURL. */
export const updateInputs = { ...common, comment: words, githubInputURL: words }

/** clone_scripts.htm */
export const cloneInputs = { scriptTitle: words }

/** Creates and changes scripts. */
export function scriptChangeRoutes(world: World): RouteTable {
  return {
    'POST /sm/v5/script': documented((call) => created(world, call), 'script create'),
    'PATCH /sm/v4/script/{scriptId}': documented((call) => updated(world, call), 'script update'),
    'POST /sm/v1/scripts/{scriptId}/clone': documented((call) => cloned(world, call), 'script create'),
  }
}

function created(world: World, call: Call): Reply {
  const account = callerOf(call)
  const must = ['title', 'typeId', 'languageId', 'platform', 'severity'] as const
  const inputs = readInputs(world, call, createInputs, must)
  const { typeId, languageId, platform, hasParameters = false } = inputs
  const type = typeOf(typeId)
  const language = languageOf(languageId)
  if (language.platform !== platform) throw badRequest(`Language ${languageId} is not one of ${platform}`)
  const source = sourceOf(inputs, languageId)
  if (!source) throw badRequest('content is mandatory unless the script comes from GitHub or GitLab')
  refuseContent(world.store, languageId, source.content)
  if (typeId === 3 && !inputs.autorScriptsMetadata) {
    throw badRequest('autorScriptsMetadata is mandatory for Control ID Remediation')
  }
  const id = keepScript(world, account, {
    title: inputs.title,
    description: inputs.description ?? '',
    typeId,
    typeName: type.name,
    subType: subTypeOf(typeId, inputs.subType),
    languageId,
    languageName: language.name,
    platform,
    category: categoryOf(inputs.categoryId),
    severity: inputs.severity,
    threshold: inputs.threshold ?? 300,
    status: statusOf(account, inputs.scriptApprovalUserConsent),
    hasParameters,
    params: parametersOf(hasParameters, inputs.params),
    content: source.content,
    ...source.origin,
    ...kindFields(typeId, inputs),
  })
  return done('Script created successfully', { id })
}

function updated(world: World, call: Call): Reply {
  const { store } = world
  const script = scriptById(store.scripts, call.params['scriptId'] ?? '')
  const { githubInputURL, ...given } = readInputs(world, call, updateInputs)
  const inputs = { ...(githubInputURL !== undefined && { githubInputUrl: githubInputURL }), ...given }
  const { title, description, severity, threshold, categoryId, comment } = inputs
  const source = sourceOf(inputs, script.languageId)
  if (source) refuseContent(store, script.languageId, source.content)
  if (source && source.content !== script.content && comment === undefined) {
    throw badRequest('comment is mandatory when the content changes')
  }
  const hasParameters = inputs.hasParameters ?? script.hasParameters
  const keepsParameters = inputs.params === undefined && hasParameters && script.params.length > 0
  const approved = inputs.scriptApprovalUserConsent
  const changes: Partial<Script> = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(severity !== undefined && { severity }),
    ...(threshold !== undefined && { threshold }),
    ...(categoryId !== undefined && { category: categoryOf(categoryId) }),
    ...(source ? { content: source.content, ...source.origin } : syncChanges(script, inputs)),
    hasParameters,
    params: keepsParameters ? script.params : parametersOf(hasParameters, inputs.params),
    ...kindFields(script.typeId, inputs, script),
    ...(approved && { status: statusOf(callerOf(call), approved) }),
    updatedDateTime: world.now(),
  }
  store.change(['scripts'], () => {
    if (source) for (const field of originFields) delete script[field]
    Object.assign(script, changes)
  })
  return done('Script updated successfully', { id: script.id })
}

/** The path may hold the id or the name (clone_scripts.htm). */
function cloned(world: World, call: Call): Reply {
  const { scripts } = world.store
  const { scriptTitle } = readInputs(world, call, cloneInputs)
  const original = scriptByIdOrTitle(scripts, call.params['scriptId'] ?? '')
  const title = scriptTitle ?? `Copy of ${original.title}`
  if (original.status === 'DEPRECATED' || original.status === 'REJECTED') {
    throw badRequest(`A script in status ${original.status} cannot be cloned`)
  }
  if (scripts.some((script) => script.title === title)) {
    throw badRequest(`A script with the same title already exists: ${title}`)
  }
  const copy: Script = { ...structuredClone(original), title, status: 'PENDING_TEST' }
  return done('Cloned script successfully', { id: keepScript(world, callerOf(call), copy) })
}

function scriptByIdOrTitle(scripts: readonly Script[], name: string): Script {
  const byId = scripts.filter(({ id }) => String(id) === name)
  const found = byId.length > 0 ? byId : scripts.filter(({ title }) => title === name)
  if (found.length > 1) throw badRequest(`More than one script is called ${name}`)
  if (!found[0]) throw notFound(`Script not found: ${name}`)
  return found[0]
}
