import type { Script } from '../../data/car/rows.ts'
import {
  anyText,
  flag,
  integer,
  integerOrText,
  list,
  nonBlankText,
  oneOf,
  parameter,
  removedField,
} from '../../http/body-schema.ts'
import { badRequest, notFound, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'
import { scriptOf } from '../scripts.ts'
import { initialStatus, scriptAnswer, storeScript } from './new-script.ts'
import { categoryOf, languageOf, parametersOf, refuseContent, subTypeOf, typeOf } from './script-rules.ts'
import { originFields, sourceInputs, sourceOf, syncChanges } from './script-sources.ts'
import { subTypes, typeFields, typeInputs } from './script-types.ts'

const common = {
  title: nonBlankText,
  description: anyText,
  categoryId: integerOrText(1),
  severity: integerOrText(1, 5),
  threshold: integer(1),
  thresholdTimeUnit: removedField('threshold is in seconds (release 2.3)'),
  ...sourceInputs,
  scriptApprovalUserConsent: flag,
  hasParameters: flag,
  params: list(parameter),
  ...typeInputs,
}

/** create_scripts.htm, create_custom_qid.htm, the GitHub page, and release notes 2.4.1 to 2.7. */
const createInputs = {
  ...common,
  typeId: integer(1),
  subType: oneOf(...subTypes),
  languageId: integer(1),
  platform: oneOf('WINDOWS', 'LINUX', 'UNIX', 'MAC'),
}

/** update_scripts.htm, which uses the spelling githubInputURL. */
const updateInputs = { ...common, comment: nonBlankText, githubInputURL: nonBlankText }

/** Creates and changes scripts. */
export const scriptChangeRoutes: RouteTable = {
  'POST /sm/v5/script': { ...documented(createScript, 'script create'), inputs: createInputs },
  'PATCH /sm/v4/script/{scriptId}': { ...documented(updateScript, 'script update'), inputs: updateInputs },
  'POST /sm/v1/scripts/{scriptId}/clone': documented(cloneScript, 'script create'),
}

function createScript(call: Call): Reply {
  const { world } = call
  const mandatory = ['title', 'typeId', 'languageId', 'platform', 'severity'] as const
  const inputs = readInputs(call, createInputs, mandatory)
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
  const id = storeScript(call, {
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
    status: initialStatus(call, inputs.scriptApprovalUserConsent),
    hasParameters,
    params: parametersOf(hasParameters, inputs.params),
    content: source.content,
    ...source.origin,
    ...typeFields(typeId, inputs),
  })
  return scriptAnswer(call, 'Script created successfully', id, false)
}

function updateScript(call: Call): Reply {
  const { world } = call
  const { store } = world
  const script = scriptOf(call)
  const { githubInputURL, ...fields } = readInputs(call, updateInputs)
  const inputs = { ...(githubInputURL !== undefined && { githubInputUrl: githubInputURL }), ...fields }
  const { title, description, severity, threshold, categoryId, comment } = inputs
  const source = sourceOf(inputs, script.languageId)
  if (source) refuseContent(store, script.languageId, source.content)
  if (source && source.content !== script.content && comment === undefined) {
    throw badRequest('comment is mandatory when the content changes')
  }
  const hasParameters = inputs.hasParameters ?? script.hasParameters
  const hasUnchangedParameters = inputs.params === undefined && hasParameters && script.params.length > 0
  const approved = inputs.scriptApprovalUserConsent
  const changes: Partial<Script> = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(severity !== undefined && { severity }),
    ...(threshold !== undefined && { threshold }),
    ...(categoryId !== undefined && { category: categoryOf(categoryId) }),
    ...(source ? { content: source.content, ...source.origin } : syncChanges(script, inputs)),
    hasParameters,
    params: hasUnchangedParameters ? script.params : parametersOf(hasParameters, inputs.params),
    ...typeFields(script.typeId, inputs, script),
    ...(source && call.world.knobs.changedScripts === 'pending' && { status: 'PENDING_TEST' as const }),
    ...(approved && { status: initialStatus(call, approved) }),
    updatedDateTime: world.now(),
  }
  store.change(['scripts'], () => {
    if (source) for (const field of originFields) delete script[field]
    Object.assign(script, changes)
  })
  return scriptAnswer(call, 'Script updated successfully', script.id, false)
}

/** The path may hold the id or the name (clone_scripts.htm). */
function cloneScript(call: Call): Reply {
  const { scripts } = call.world.store
  const { scriptTitle } = readInputs(call, { scriptTitle: nonBlankText })
  const original = scriptByIdOrTitle(scripts, call.params['scriptId'] ?? '')
  const title = scriptTitle ?? `Copy of ${original.title}`
  if (original.status === 'DEPRECATED' || original.status === 'REJECTED') {
    throw badRequest(`A script in status ${original.status} cannot be cloned`)
  }
  if (scripts.some((script) => script.title === title)) {
    throw badRequest(`A script with the same title already exists: ${title}`)
  }
  const copy: Script = { ...structuredClone(original), title, status: 'PENDING_TEST' }
  return scriptAnswer(call, 'Cloned script successfully', storeScript(call, copy), true)
}

function scriptByIdOrTitle(scripts: readonly Script[], name: string): Script {
  const byId = scripts.filter(({ id }) => String(id) === name)
  const matches = byId.length > 0 ? byId : scripts.filter(({ title }) => title === name)
  if (matches.length > 1) throw badRequest(`More than one script is called ${name}`)
  if (!matches[0]) throw notFound(`Script not found: ${name}`)
  return matches[0]
}
