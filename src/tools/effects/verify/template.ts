import { searchTemplates } from '../../../operations/saq/templates.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { isId } from '../../../shared/json.ts'
import type { ToolContext } from '../../tool.ts'
import { readRows, tryLookUp } from '../targets/lookup.ts'
import { listDrafts, type SaqTargets } from '../targets/saq-targets.ts'
import type { SentEffect } from './sent-effect.ts'

/** Compares the number of questions that Qualys stored with the number sent: their nesting is a guess. */
export async function verifyQuestions(
  { targets }: SentEffect,
  record: Row,
  context: ToolContext,
): Promise<string | undefined> {
  if (targets.product !== 'saq' || targets.named.questions === undefined) return undefined
  const expected = targets.named.questions
  const id = targets.templates[0]?.id ?? record['id']
  const rows = isId(id)
    ? await tryLookUp(context, () => readRows(context, searchTemplates, [String(id)]))
    : undefined
  const stored = rows?.get(String(id))?.['questionCnt']
  if (stored === expected) return storedNote(expected, targets)
  return typeof stored === 'number'
    ? `BUT Qualys counts ${stored} questions where ${expected} were sent: how they nest is a guess, which does not hold here. Finish the template in the Qualys UI, and report it`
    : 'how many questions Qualys made of it could not be read: look with saq_get_template'
}

/** What was sent is all of a new template; of one that there was it may be a part. */
function storedNote(sent: number, { named, templates }: SaqTargets): string {
  const before = templates[0]?.row?.['questionCnt']
  if (typeof before === 'number' && sent < before)
    return `${counted(sent, 'question')} sent, ${formatNumber(before)} were stored before; Qualys counts ${formatNumber(sent)}`
  if (sent === 1) return 'Qualys counts the 1 question'
  return named.readsContents && before === undefined
    ? `Qualys counts ${formatNumber(sent)} questions, as many as were sent`
    : `Qualys counts all ${sent} questions`
}

/** Finds the draft of the new version, since the answer may echo the id of the old one. */
export async function verifyTemplateVersion(
  { targets }: SentEffect,
  _record: Row,
  context: ToolContext,
): Promise<string | undefined> {
  if (targets.product !== 'saq') return undefined
  const { templates, draftIds } = targets
  const rows = await tryLookUp(context, () => listDrafts(context, templates[0]?.row))
  const newDrafts = draftIds ? (rows?.filter(({ id }) => !draftIds.includes(String(id))) ?? []) : []
  const [draft] = newDrafts
  return draft && newDrafts.length === 1
    ? `it is template ${inSentence(String(draft['id']), 40)}, revision ${inSentence(draft['revision'], 40)}`
    : 'which template it is could not be read: look with saq_search_templates, familyId and state DRAFT'
}
