import { z } from 'zod'
import type { Act } from '../effects/effect-targets.ts'
import { id, idNumber, oneOf, oneRecord, recordId, text, whole } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint } from '../sentences.ts'
import { type Edit, edits, validateEdits } from './content/edit.ts'
import { editContent } from './content/edit-content.ts'
import { adaptNewContent } from './content/new-content.ts'
import { adaptContent } from './inputs/line-ends.ts'
import { parameterWarnings } from './inputs/parameters.ts'
import { repositoryTarget } from './inputs/repository.ts'
import {
  type ScriptInput,
  scriptInput,
  secretsIn,
  validateKind,
  validateSource,
  wireScript,
} from './inputs/script.ts'
import { listScriptLanguages, typeReference } from './scripts.ts'
import { approvalAdvice, changedScriptState, newScriptState } from './states/script.ts'
import { textIn, titled, withTitle } from './states/words.ts'

const created = z.looseObject({ id: recordId.optional() })

const platform = oneOf(['WINDOWS', 'LINUX', 'UNIX', 'MAC'])

const followsRepository = 'Whoever may change the file in the repository changes what runs.'

const actsOfScript = ({ scriptApprovalUserConsent, sourceUrl }: ScriptInput): Act[] => [
  ...(scriptApprovalUserConsent ? (['approve'] as const) : []),
  ...(sourceUrl === undefined ? [] : (['repository'] as const)),
]

const approvedAtOnce = 'It is approved at once: nobody reviews it before it may run.'

export const createScript = operation({
  name: 'car_create_script',
  title: 'Create a script',
  description: 'Create a script; it runs once approved: scriptApprovalUserConsent or Qualys UI',
  route: 'POST /sm/v5/script',
  effect: 'create',
  evidence: 'documented',
  source:
    'car/api/scripts/create_scripts.htm, create_custom_qid.htm, create_custom_scripts_with_github_url_and_parameter.htm; release_2_4_1, 2_5_1 and 2_7_api.htm',
  input: {
    title: text(255),
    typeId: id('from car_list_script_types'),
    subType: oneOf(['Detection', 'Response']).describe('for Custom Script').optional(),
    languageId: id('from car_list_script_languages'),
    platform,
    severity: whole(1, 5, '1-5'),
    ...scriptInput,
  },
  references: {
    type: typeReference,
    language: {
      ids: ({ languageId }) => [languageId],
      list: listScriptLanguages,
      fields: ['platform'],
      optional: true,
    },
  },
  request: (input, resolved) => {
    const { title, description, typeId, subType, languageId, platform, severity } = input
    const { scriptApprovalUserConsent } = input
    return {
      body: {
        title,
        description,
        typeId: idNumber(typeId),
        subType,
        languageId: idNumber(languageId),
        platform,
        severity,
        scriptApprovalUserConsent,
        ...wireScript(input, resolved),
      },
    }
  },
  ...oneRecord(created),
  retired: [{ route: 'POST /sm/v1/script', endOfLife: '2026-06' }],
  change: {
    validate: (input) =>
      input.content === undefined && input.sourceUrl === undefined
        ? 'The script has no source: pass content, or sourceUrl for one that lies at GitHub or GitLab.'
        : validateSource(input),
    validateWith: validateKind,
    secrets: (input) => secretsIn(input),
    targets: (input) => ({
      product: 'car',
      scriptTypes: [input.typeId],
      languages: [input.languageId],
      guardrails: { languageId: input.languageId },
      ...repositoryTarget(input),
    }),
    acts: actsOfScript,
    adapt: (input) => adaptContent(input, input.platform),
    // Approving a script allows it to run, so it counts as running it.
    effect: ({ scriptApprovalUserConsent }) => (scriptApprovalUserConsent ? 'execute' : 'create'),
    warnings: ({ scriptApprovalUserConsent, sync, params }) => [
      ...parameterWarnings(params),
      ...(scriptApprovalUserConsent ? [approvedAtOnce] : []),
      ...(sync ? [followsRepository] : []),
    ],
    newState: async ({ title, scriptApprovalUserConsent = false }, record) =>
      newScriptState(record, scriptApprovalUserConsent, title),
    summary: ({ id }, { title }) => `script ${idOrHint(id, 'car_search_scripts')}${titled(title)} created`,
    next: ({ scriptApprovalUserConsent = false }, record) => {
      const advice = approvalAdvice(record, scriptApprovalUserConsent)
      return advice && `${advice} Before that, try it on lab assets (car_execute_script with testMode).`
    },
    recovery: 'look for the title with car_search_scripts, newest first',
  },
})

interface ScriptChange extends ScriptInput {
  readonly edits?: readonly Edit[] | undefined
}

/** Active schedules run the new content, so changing it counts as running it (design 1). */
const runsAnew = ({ content, edits, sourceUrl, branch, sync, params }: ScriptChange): boolean =>
  [content, edits, sourceUrl, branch, sync, params].some((value) => value !== undefined)

export const updateScript = operation({
  name: 'car_update_script',
  title: 'Update a script',
  description:
    'Change fields of a script; what is left out stays. New content needs comment, and active schedules run it',
  route: 'PATCH /sm/v4/script/{scriptId}',
  effect: 'update',
  evidence: 'documented',
  source:
    'car/api/scripts/update_scripts.htm, update_custom_qid.htm, update_scripts_with_github_url_and_parameter.htm; release_2_4_1 and 2_7_api.htm',
  input: {
    scriptId: id('from car_search_scripts'),
    title: text(255).optional(),
    severity: whole(1, 5, '1-5').optional(),
    ...scriptInput,
    edits: edits.optional(),
    // An empty list is sent: the script then takes no parameters.
    params: scriptInput.params.meta({
      emptiable: true,
      whenEmpty: 'pass [] to take all parameters away, or leave it out to keep them',
    }),
    comment: text(1_000, 'why the content changes')
      .meta({ whenEmpty: 'write why the content changes, or leave it out if it does not' })
      .optional(),
  },
  request: (input, resolved) => {
    const { title, description, severity, comment, scriptApprovalUserConsent } = input
    return {
      body: {
        title,
        description,
        severity,
        comment,
        scriptApprovalUserConsent,
        ...wireScript(input, resolved),
      },
    }
  },
  ...oneRecord(created),
  retired: [{ route: 'PATCH /sm/v1/script/{scriptId}', endOfLife: '2026-06' }],
  change: {
    effect: (input) => (runsAnew(input) || input.scriptApprovalUserConsent ? 'execute' : 'update'),
    validate: (input) => {
      const { scriptId: _, ...changes } = input
      if (Object.values(changes).every((value) => value === undefined))
        return 'Nothing is to change: pass the fields with their new values.'
      const { content, edits, sourceUrl, comment } = input
      if (edits && (content ?? sourceUrl) !== undefined)
        return 'edits change the stored content, and content or sourceUrl replaces it: pass one of them.'
      if ((content ?? edits) !== undefined && comment === undefined)
        return 'New content needs a comment that says why it changes: pass comment.'
      return validateSource(input) ?? (edits && validateEdits(edits))
    },
    secrets: (input) => secretsIn(input, input.scriptId),
    targets: (input) => ({
      product: 'car',
      scripts: [input.scriptId],
      changesScript: true,
      ...(input.params && { passed: [{ script: input.scriptId, values: input.params }] }),
      guardrails: {},
      ...repositoryTarget(input),
      runsBySchedules: runsAnew(input) || input.scriptApprovalUserConsent === true,
    }),
    acts: actsOfScript,
    adapt: (input, script, cover) =>
      input.edits ? editContent(input, script, cover) : adaptNewContent(input, script),
    warnings: (input) => [
      ...(runsAnew(input) ? ['What is replaced of content, repository and parameters is not kept.'] : []),
      ...parameterWarnings(input.params),
      ...(input.scriptApprovalUserConsent ? [approvedAtOnce] : []),
      ...(input.sync ? [followsRepository] : []),
    ],
    newState: async (input, record) => changedScriptState(input, record),
    summary: (_, { scriptId }, shown) => `script ${withTitle('script', scriptId, shown)} updated`,
    next: (input, record) =>
      runsAnew(input) && !input.scriptApprovalUserConsent && record['status'] === undefined
        ? 'Whether it has to be approved again is not documented: car_get_script shows its status.'
        : undefined,
    recovery: 'compare the script with car_get_script',
  },
})

export const cloneScript = operation({
  name: 'car_clone_script',
  title: 'Clone a script',
  description: 'Copy a script under another title; the copy must be approved to run',
  route: 'POST /sm/v1/scripts/{scriptId}/clone',
  effect: 'create',
  evidence: 'documented',
  source: 'car/api/script_operations/clone_scripts.htm',
  input: {
    scriptId: id('from car_search_scripts; not deprecated or rejected'),
    title: text(255, 'of the copy, not yet in use').optional(),
  },
  request: ({ title }) => ({ body: { scriptTitle: title } }),
  ...oneRecord(created),
  change: {
    targets: ({ scriptId }) => ({ product: 'car', scripts: [scriptId], copiesScript: true }),
    newState: async ({ title }, record) => newScriptState(record, false, title ?? textIn(record, 'title')),
    summary: ({ id, ...answer }, { scriptId, title = textIn(answer, 'title') }, shown) =>
      `script ${withTitle('script', scriptId, shown)} cloned as ${idOrHint(id, 'car_search_scripts')}${titled(title)}`,
    next: (_, record) => approvalAdvice(record, false),
    recovery: 'look for the title with car_search_scripts, newest first',
  },
})
