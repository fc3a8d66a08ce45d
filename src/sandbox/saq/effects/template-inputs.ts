import type { Question, Scoring, Section } from '../../data/saq/rows.ts'
import { Complaint, invalid, mustNotBeSet, required } from '../../http/api-error.ts'
import { anyText, flag, madeUp, matching, oneOf, type Read, record, reference, words } from '../elements.ts'
import { listOf } from '../lists.ts'

// reference_template.htm names the elements; their nesting is an assumption. Which are mandatory is a guess
// where the page's column is shifted by a row.

export const questionInputs = {
  label: words,
  text: words,
  type: oneOf(
    'booleanQuestion',
    'numericQuestion',
    'textQuestion',
    'singleSelectQuestion',
    'multiSelectQuestion',
  ),
  mode: oneOf('Button', 'Radio', 'Combo'),
  criticality: oneOf('INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'),
  requireAttachment: flag,
  requireComment: flag,
  requireAsset: flag,
  yesScoringLabel: words,
  noScoringLabel: madeUp(words),
  options: madeUp(listOf('Option', record({ text: words, scoringLabel: words }, ['text']))),
}

export const sectionInputs = {
  name: words,
  description: anyText,
  questions: listOf('Question', record(questionInputs, ['text', 'type'])),
}

export const elementsInputs = {
  sections: listOf('Section', record(sectionInputs, ['name', 'questions'])),
  scorings: listOf(
    'Scoring',
    record({ label: words, value: matching(/^-?\d{1,9}$/, 'Specify an Integer.') }, ['label', 'value']),
  ),
}

/** The inputs of create and of the bulk update. */
export const templateInputs = {
  name: words,
  description: anyText,
  category: words,
  elements: record(elementsInputs, ['sections']),
}

/** create_from_library.htm exists but could not be read. */
export const createTemplateInputs = { ...templateInputs, libraryTemplate: madeUp(reference) }

type ReadElements = Read<typeof elementsInputs, 'sections'>
type ReadQuestion = ReadElements['sections'][number]['questions'][number]

/**
 * At most five labels; only dropdown, yes/no and select questions have a criticality
 * (risk_scoring_criticality.htm).
 */
export function contentOf(given: ReadElements): { sections: Section[]; scorings: Scoring[] } {
  const scorings = given.scorings ?? []
  const labels = new Set(scorings.map(({ label }) => label))
  if (scorings.length > 5 || labels.size < scorings.length) {
    throw new Complaint(
      'INVALID_REQUEST',
      `scorings: Invalid value (${scorings.length}).`,
      'Specify at most 5 scorings, with labels that differ.',
    )
  }
  const sections = given.sections.map(({ name, description, questions }) => ({
    name,
    ...(description !== undefined && { description }),
    questions: questions.map((question) => questionOf(question, labels)),
  }))
  return { sections, scorings }
}

/** The modes of each type, the usual one first. */
const modes: Readonly<Record<Question['type'], readonly Question['mode'][]>> = {
  booleanQuestion: ['Button'],
  singleSelectQuestion: ['Radio', 'Combo'],
  multiSelectQuestion: [],
  numericQuestion: [],
  textQuestion: [],
}

function questionOf(given: ReadQuestion, labels: ReadonlySet<string>): Question {
  const { type, mode, criticality, yesScoringLabel, noScoringLabel, options } = given
  const selects = type === 'singleSelectQuestion' || type === 'multiSelectQuestion'
  const allowed = modes[type]
  if (mode !== undefined && allowed.length === 0) throw mustNotBeSet('Question.mode')
  if (mode !== undefined && !allowed.includes(mode)) {
    throw invalid('Question.mode', mode, `Values expected: ${allowed.join(', ')}.`)
  }
  if (criticality !== undefined && !selects && type !== 'booleanQuestion')
    throw mustNotBeSet('Question.criticality')
  if (options === undefined && selects) throw required('Question.options')
  if (options !== undefined && !selects) throw mustNotBeSet('Question.options')
  if (type !== 'booleanQuestion') {
    if (yesScoringLabel !== undefined) throw mustNotBeSet('Question.yesScoringLabel')
    if (noScoringLabel !== undefined) throw mustNotBeSet('Question.noScoringLabel')
  }
  const used = { yesScoringLabel, noScoringLabel }
  for (const [name, label] of Object.entries(used)) known(`Question.${name}`, label, labels)
  for (const { scoringLabel } of options ?? []) known('Option.scoringLabel', scoringLabel, labels)
  const usual = mode ?? allowed[0]
  const { requireAttachment = false, requireComment = false, requireAsset = false } = given
  return {
    ...given,
    ...(usual && { mode: usual }),
    requireAttachment,
    requireComment,
    requireAsset,
  } as Question
}

function known(name: string, label: string | undefined, labels: ReadonlySet<string>): void {
  if (label === undefined || labels.has(label)) return
  throw invalid(name, label, 'Specify a label of the scorings.')
}
