import { z } from 'zod'
import { type InputOf, id, idNumber, isText, oneOf, text, whole, yesNo } from '../../fields.ts'
import type { Resolved, SecretUse } from '../../operation.ts'
import { StoredText } from '../../stored-text.ts'
import { base64, parameters, secretsOf, wireParameters } from './parameters.ts'
import { repositoryInput, secretsOfRepository, validateRepository, wireRepository } from './repository.ts'

/** "Script size 500 KB" (scripts.htm). */
export const largestContent = 500 * 1024

const content = z
  .string({ error: 'must be the source as plain text' })
  .regex(/\S/, { error: 'must not be empty' })
  .refine(isText, { error: 'must be text, not bytes' })
  .refine((source) => Buffer.byteLength(source) <= largestContent, {
    error: 'is larger than the 500 KB that Qualys takes; make it shorter, or split it',
  })
  .describe('source as plain text')

const names = z
  .array(text(255), { error: 'must be a list such as ["Windows 10"]' })
  .max(100, { error: 'must hold at most 100' })

/** release_2_5_1_api.htm; the wire spells it without the first h. */
const authorScriptsMetadata = z
  .strictObject({
    cid: text(64),
    tech: names.min(1, { error: 'must name at least one technology' }),
    policies: names.meta({ emptiable: true }).optional(),
    displayName: text(255).optional(),
  })
  .meta({ sentWhole: true })
  .describe('for Control ID Remediation')

/**
 * Qualys names only detectionRegex (release 2.5.2), and its shape is cut off there; the other names are
 * guessed.
 */
const qid = z
  .strictObject({
    title: text(255).optional(),
    severity: whole(1, 5).optional(),
    vulnerabilityType: oneOf(['Confirmed', 'Potential', 'Information Gathered']).optional(),
    qdsScore: whole(1, 100).optional(),
    detectionRegex: text(4_000).optional(),
  })
  .describe('for Custom QID; unverified')

export const scriptInput = {
  description: text(4_000).optional(),
  categoryId: id('of a category, from car_search_jobs').optional(),
  thresholdSeconds: whole(1, 86_400).optional(),
  content: content.optional(),
  ...repositoryInput,
  params: parameters.optional(),
  scriptApprovalUserConsent: yesNo('approve at once')
    .meta({ whenEmpty: 'leave it out to approve nothing' })
    .optional(),
  authorScriptsMetadata: authorScriptsMetadata.optional(),
  qid: qid.optional(),
} as const

/** The shared fields; content is a stored text after edits, which change its bytes. */
export type ScriptInput = Omit<InputOf<typeof scriptInput>, 'content'> & {
  readonly content?: string | StoredText | undefined
}

/**
 * The fields that create and update share, as the wire spells them; no thresholdTimeUnit since release 2.3.
 */
export function wireScript(input: ScriptInput, resolved: Resolved) {
  const { categoryId, thresholdSeconds, content, params, authorScriptsMetadata, qid } = input
  const { title: qidTitle, severity: qidSeverity, ...ofQid } = qid ?? {}
  return {
    categoryId: categoryId === undefined ? undefined : idNumber(categoryId),
    threshold: thresholdSeconds,
    content: content instanceof StoredText ? content.bytes.toString('base64') : content && base64(content),
    ...wireRepository(input, resolved),
    ...(params && { hasParameters: params.length > 0, params: wireParameters(params, resolved) }),
    autorScriptsMetadata: authorScriptsMetadata,
    qidTitle,
    qidSeverity,
    ...ofQid,
  }
}

/** The secrets of a script; `scriptId` is undefined for one that is new. */
export function secretsIn(input: ScriptInput, scriptId?: string): SecretUse[] {
  return [...secretsOf(scriptId, input.params), ...secretsOfRepository(input)]
}

export function validateSource(input: ScriptInput): string | undefined {
  if (input.content !== undefined && input.sourceUrl !== undefined)
    return 'Both content and sourceUrl are given: pass the one the script is to come from.'
  return validateRepository(input)
}

interface Kind extends ScriptInput {
  readonly typeId: string
  readonly subType?: 'Detection' | 'Response' | undefined
  readonly languageId: string
  readonly platform: string
}

/**
 * Why the fields do not fit the script type (create_scripts.htm). Unknown types are left to Qualys to check.
 */
export function validateKind(input: Kind, { lookup }: Resolved): string | undefined {
  const type = lookup('type', input.typeId)
  const forced =
    type === 'Custom QID' ? 'Detection' : type === 'Control ID Remediation' ? 'Response' : undefined
  const spoken = lookup('language', input.languageId)
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
