import type { NewState } from '../../../../operations/effects/new-state.ts'
import type { Input } from '../../../../operations/operation.ts'
import { searchTemplates } from '../../../../operations/saq/templates.ts'
import { counted, inSentence } from '../../../../operations/sentences.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { formatNumber, texts } from '../../../../shared/format.ts'
import { isId } from '../../../../shared/json.ts'
import type { ToolContext } from '../../../tool.ts'
import { type Target, toTarget } from '../../targets/lookup.ts'
import { listDrafts, type SaqTargets } from '../../targets/saq-targets.ts'
import { look } from '../look.ts'
import type { SentEffect } from '../sent-effect.ts'
import { stateByName } from './by-name.ts'
import { compareFields, plainFields } from './compare.ts'
import { inQuotes, readRowsNow } from './rows-now.ts'
import { describeSeveral } from './several.ts'

const advice = 'look with saq_get_template'
const comparedFields = plainFields('name', 'description', 'category')

/** `"Vendors", DRAFT, revision 2, 12 questions`, as far as the record shows it. */
function describe({ row = {} }: Target, withQuestions = true): string {
  const { name, state, revision, questionCnt } = row
  return texts(
    typeof name === 'string' && inQuotes(name),
    state === undefined ? 'its state is not shown' : inSentence(state, 60),
    revision !== undefined && `revision ${inSentence(revision, 40)}`,
    withQuestions && typeof questionCnt === 'number' && counted(questionCnt, 'question'),
  ).join(', ')
}

/** The fields for programs. */
function fieldsOf({ id, row = {} }: Target): Row {
  const { name, state, revision, questionCnt } = row
  return { id, name, state, revision, questionCnt }
}

/** A template that was created or changed: its state, its questions, and whether it holds what was sent. */
export async function verifyTemplate(
  { args, targets }: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  if (targets.product !== 'saq') return undefined
  const { templates, libraryTemplates, named } = targets
  if (templates.length > 1)
    return describeSeveral(context, clock, {
      list: searchTemplates,
      fields: comparedFields,
      args,
      targets: templates,
    })
  const id = templates[0]?.id ?? record['id']
  if (!isId(id)) {
    const name = args['name'] ?? libraryTemplates[0]?.row?.['name']
    return stateByName(context, clock, searchTemplates, name, describe)
  }
  const { found, failure } = await readRowsNow(context, clock, searchTemplates, [String(id)])
  const target = found?.rows.get(String(id))
  if (!target)
    return {
      text:
        named.questions === undefined || failure === undefined
          ? `its state ${failure ?? 'is not shown yet'}: ${advice}`
          : `its state, and how many questions Qualys made of it, ${failure}: ${advice}`,
    }
  const clauses = texts(
    describe(target, named.questions === undefined),
    comparisonNote(args, target, context, templates.length > 0),
    named.questions !== undefined && questionsNote(named.questions, target, targets),
  )
  return { text: clauses.join('; '), fields: fieldsOf(target) }
}

function comparisonNote(
  args: Input,
  target: Target,
  { session }: ToolContext,
  isUpdate: boolean,
): readonly string[] {
  const { alike, differences, hidden } = compareFields(args, target, comparedFields, session.redact)
  const unshown = alike.map(({ name }) => name).filter((name) => name !== 'name')
  return texts(
    isUpdate && unshown.length > 0 && `${unshown.join(' and ')} as sent`,
    differences.length > 0 && `BUT Qualys shows ${differences.join(', and ')}: ${advice}`,
    isUpdate && hidden.length > 0 && `Qualys does not show its ${hidden.join(' and ')}`,
  )
}

/** Compares the number of questions that Qualys stored with the number sent: their nesting is a guess. */
function questionsNote(expected: number, { row = {} }: Target, targets: SaqTargets): string {
  const { questionCnt: stored } = row
  if (stored === expected) return storedNote(expected, targets)
  return typeof stored === 'number'
    ? `BUT Qualys counts ${stored} questions where ${expected} were sent: how they nest is a guess, which does not hold here. Finish the template in the Qualys UI, and report it`
    : `how many questions Qualys made of it could not be read: ${advice}`
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

const published = 'PUBLISHED'

/** A template that was published. The answer may show its state (publish_template.htm is mangled there). */
export async function verifyPublished(
  { targets }: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const [before] = targets.product === 'saq' ? targets.templates : []
  if (!before) return undefined
  if (record['state'] !== undefined) {
    const target = toTarget(context, before.id, { ...before.raw, ...record })
    return { text: describe(target), fields: fieldsOf(target) }
  }
  const { found, failure } = await readRowsNow(context, clock, searchTemplates, [before.id])
  const target = found?.rows.get(before.id)
  if (!target) return { text: `its state ${failure ?? 'is not shown now'}: ${advice}` }
  const state = target.row?.['state']
  const isOther = state !== undefined && state !== published
  return {
    text: isOther
      ? `BUT Qualys still shows ${describe(target)}, where ${published} was asked for: that may take a while; ${advice}`
      : texts(describe(target), state === undefined && advice).join(': '),
    fields: fieldsOf(target),
  }
}

/** Finds the draft of the new version, since the answer may echo the id of the old one. */
export async function verifyTemplateVersion(
  { targets }: SentEffect,
  _record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  if (targets.product !== 'saq') return undefined
  const { templates, draftIds } = targets
  const family = templates[0]?.raw
  const { found: rows } = await look(context, clock, (limited) => listDrafts(limited, family))
  const newDrafts = draftIds ? (rows?.filter(({ id }) => !draftIds.includes(String(id))) ?? []) : []
  const [draft] = newDrafts
  if (!draft || newDrafts.length > 1)
    return {
      text: 'which template it is could not be read: look with saq_search_templates, familyId and state DRAFT',
    }
  const target = toTarget(context, String(draft['id']), draft)
  return {
    text: `it is template ${inSentence(target.id, 40)}, ${describe(target)}`,
    fields: fieldsOf(target),
  }
}
