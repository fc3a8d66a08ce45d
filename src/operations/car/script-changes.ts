import { z } from 'zod'
import { id, oneOf, recordId, text, whole, yesNo } from '../fields.ts'
import { type Input, operation, type Provided } from '../operation.ts'
import { base64, type Parameter, parameters, secretsOf, wireParameters } from './parameters.ts'
import { type Repository, refuseRepository, repositoryInput, wireRepository } from './repository.ts'
import { listScriptLanguages, listScriptTypes } from './scripts.ts'

/** "Script size 500 KB" (scripts.htm). */
const largestContent = 500 * 1024

const content = z
  .string({ error: 'must be the source as plain text' })
  .regex(/\S/, { error: 'must not be empty' })
  .refine((source) => !/[\0\p{Cs}]/u.test(source), { error: 'must be text, not bytes' })
  .refine((source) => Buffer.byteLength(source) <= largestContent, {
    error: 'is larger than the 500 KB that Qualys takes; make it shorter, or split it',
  })
  .describe('source as plain text')

/** release_2_5_1_api.htm; the wire drops the first h. */
const authorScriptsMetadata = z
  .strictObject({
    cid: text(64),
    tech: z.array(z.string()).min(1, { error: 'must name at least one technology' }),
    policies: z.array(z.string()).optional(),
    displayName: z.string().optional(),
  })
  .describe('for Control ID Remediation')

/** Only detectionRegex is a name of Qualys' (release 2.5.2), and its shape is cut off there; the others are guessed. */
const qid = z
  .strictObject({
    title: z.string().optional(),
    severity: whole(1, 5).optional(),
    vulnerabilityType: oneOf(['Confirmed', 'Potential', 'Information Gathered']).optional(),
    qdsScore: whole(1, 100).optional(),
    detectionRegex: z.string().optional(),
  })
  .describe('for Custom QID; unverified')

const described = {
  description: text(4_000).optional(),
  categoryId: id('of a category').optional(),
  thresholdSeconds: whole(1, 86_400).optional(),
  content: content.optional(),
  ...repositoryInput,
  params: parameters.optional(),
  scriptApprovalUserConsent: yesNo('approve at once').optional(),
  authorScriptsMetadata: authorScriptsMetadata.optional(),
  qid: qid.optional(),
} as const

interface Described extends Repository {
  readonly categoryId?: string | undefined
  readonly thresholdSeconds?: number | undefined
  readonly content?: string | undefined
  readonly params?: readonly Parameter[] | undefined
  readonly authorScriptsMetadata?: Input | undefined
  readonly qid?: Input | undefined
}

const numeric = (id: string | undefined): number | undefined => (id === undefined ? undefined : Number(id))

/** The fields create and update share, as the wire spells them; no thresholdTimeUnit since release 2.3. */
function wireScript(input: Described, provided: Provided) {
  const { categoryId, thresholdSeconds, content, params, authorScriptsMetadata, qid } = input
  return {
    categoryId: numeric(categoryId),
    threshold: thresholdSeconds,
    content: content === undefined ? undefined : base64(content),
    ...wireRepository(input, provided),
    ...(params && { hasParameters: params.length > 0, params: wireParameters(params, provided) }),
    autorScriptsMetadata: authorScriptsMetadata,
    ...(qid && {
      qidTitle: qid['title'],
      qidSeverity: qid['severity'],
      vulnerabilityType: qid['vulnerabilityType'],
      qdsScore: qid['qdsScore'],
      detectionRegex: qid['detectionRegex'],
    }),
  }
}

function secretsIn({ params, repositoryToken }: Described): string[] {
  return [...secretsOf(params), ...(repositoryToken === undefined ? [] : [repositoryToken])]
}

function refuseSource(input: Described): string | undefined {
  if (input.content !== undefined && input.sourceUrl !== undefined)
    return 'Both content and sourceUrl are given: pass the one the script is to come from.'
  return refuseRepository(input)
}

interface Kind extends Described {
  readonly typeId: string
  readonly subType?: 'Detection' | 'Response' | undefined
  readonly languageId: string
  readonly platform: string
}

/** Which fields a script type takes (create_scripts.htm). A type Qualys does not name to us is left to Qualys. */
function refuseKind(input: Kind, { known }: Provided): string | undefined {
  const type = known('type', input.typeId)
  const forced =
    type === 'Custom QID' ? 'Detection' : type === 'Control ID Remediation' ? 'Response' : undefined
  const spoken = known('language', input.languageId)
  if (spoken !== undefined && spoken !== input.platform)
    return `languageId ${input.languageId} is a language of ${spoken}, not of ${input.platform}: pass one of car_list_script_languages for ${input.platform}, or that platform.`
  if (type === undefined) return undefined
  if (type === 'Custom Script' && input.subType === undefined)
    return 'A Custom Script needs a subType: pass Detection, or Response.'
  if (forced !== undefined && input.subType !== undefined && input.subType !== forced)
    return `The subType of a ${type} is always ${forced}: leave subType out.`
  if (input.qid && type !== 'Custom QID')
    return `qid belongs to a Custom QID only, not to a ${type}: leave it out.`
  if (type === 'Control ID Remediation' && !input.authorScriptsMetadata)
    return 'A Control ID Remediation needs authorScriptsMetadata with the cid and the technologies: pass it.'
  if (type !== 'Control ID Remediation' && input.authorScriptsMetadata)
    return `authorScriptsMetadata belongs to a Control ID Remediation only, not to a ${type}: leave it out.`
  return undefined
}

const created = z.looseObject({ id: recordId.optional() })

const platform = oneOf(['WINDOWS', 'LINUX', 'UNIX', 'MAC'])

const approvedAtOnce = 'It is approved at once: nobody reviews it before it may run.'

export const createScript = operation({
  name: 'car_create_script',
  title: 'Create a script',
  description: 'Create a script; it cannot run until it is approved, in the Qualys UI only',
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
    ...described,
  },
  references: {
    type: {
      ids: ({ typeId }) => [typeId],
      list: listScriptTypes,
      fields: ['name', 'typeName'],
      optional: true,
    },
    language: {
      ids: ({ languageId }) => [languageId],
      list: listScriptLanguages,
      fields: ['platform'],
      optional: true,
    },
  },
  request: (input, provided) => {
    const { title, description, typeId, subType, languageId, platform, severity } = input
    const { scriptApprovalUserConsent } = input
    return {
      body: {
        ...{
          title,
          description,
          typeId: Number(typeId),
          subType,
          languageId: Number(languageId),
          platform,
          severity,
        },
        ...{ scriptApprovalUserConsent, ...wireScript(input, provided) },
      },
    }
  },
  returns: 'record',
  record: created,
  columns: ['*'],
  retired: [{ route: 'POST /sm/v1/script', endOfLife: '2026-06' }],
  change: {
    refuse: (input, provided) =>
      input.content === undefined && input.sourceUrl === undefined
        ? 'The script has no source: pass content, or sourceUrl for one that lies at GitHub or GitLab.'
        : (refuseSource(input) ?? refuseKind(input, provided)),
    secrets: secretsIn,
    warnings: ({ scriptApprovalUserConsent }) => (scriptApprovalUserConsent ? [approvedAtOnce] : []),
    done: ({ id }) => `script ${id} created`,
    next: ({ scriptApprovalUserConsent }) =>
      scriptApprovalUserConsent
        ? undefined
        : 'It cannot run until it is approved: try it on lab assets (car_execute_script with testMode), then a reviewer approves it in the Qualys UI.',
    findOut: 'look for the title with car_search_scripts, newest first',
  },
})

/** Active schedules run the new content, so changing it is as good as running it (design 1). */
const runsAnew = ({ content, sourceUrl, branch, sync, params }: Described): boolean =>
  [content, sourceUrl, branch, sync, params].some((value) => value !== undefined)

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
    ...described,
    comment: text(1_000, 'why the content changes').optional(),
  },
  request: (input, provided) => {
    const { title, description, severity, comment, scriptApprovalUserConsent } = input
    return {
      body: {
        title,
        description,
        severity,
        comment,
        scriptApprovalUserConsent,
        ...wireScript(input, provided),
      },
    }
  },
  returns: 'record',
  record: created,
  columns: ['*'],
  retired: [{ route: 'PATCH /sm/v1/script/{scriptId}', endOfLife: '2026-06' }],
  change: {
    effect: (input) => (runsAnew(input) ? 'execute' : 'update'),
    refuse: (input) => {
      const { scriptId: _, ...changes } = input
      if (Object.values(changes).every((value) => value === undefined))
        return 'Nothing is to change: pass the fields with their new values.'
      if (input.content !== undefined && input.comment === undefined)
        return 'New content needs a comment that says why it changes: pass comment.'
      return refuseSource(input)
    },
    secrets: secretsIn,
    touches: (input) => ({ scripts: [input.scriptId], rewrites: true, throughSchedules: runsAnew(input) }),
    warnings: (input) => [
      ...(runsAnew(input) ? ['The old content, repository and parameters are replaced and not kept.'] : []),
      ...(input.scriptApprovalUserConsent ? [approvedAtOnce] : []),
    ],
    done: (_, { scriptId }) => `script ${scriptId} updated`,
    findOut: 'compare the script with car_get_script',
  },
})

export const cloneScript = operation({
  name: 'car_clone_script',
  title: 'Clone a script',
  description: 'Copy a script under another title; the copy has to be approved before it can run',
  route: 'POST /sm/v1/scripts/{scriptId}/clone',
  effect: 'create',
  evidence: 'documented',
  source: 'car/api/script_operations/clone_scripts.htm',
  input: {
    scriptId: id('from car_search_scripts; not deprecated or rejected'),
    scriptTitle: text(255, 'title of the copy, not yet in use').optional(),
  },
  returns: 'record',
  record: created,
  columns: ['*'],
  change: {
    touches: ({ scriptId }) => ({ scripts: [scriptId] }),
    done: ({ id }, { scriptId }) => `script ${scriptId} cloned as ${id}`,
    next: () => 'The copy cannot run until it is approved in the Qualys UI.',
    findOut: 'look for the title with car_search_scripts, newest first',
  },
})
