import {
  criticalities,
  type Question,
  questionTypes,
  type Scoring,
  type Section,
} from '../../data/saq/rows.ts'
import { invalidValue, missingElement, unexpectedElement } from '../../http/api-error.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import { anyText, flag, matching, nonBlankText, oneOf, record, reference } from '../element-schema.ts'
import { listOf } from '../list-schema.ts'

// reference_template.htm names the elements; their nesting is an assumption. Which are mandatory is a guess
// where the page's column is shifted by a row.

const questionInputs = {
  label: nonBlankText,
  text: nonBlankText,
  type: oneOf(...questionTypes),
  mode: oneOf('Button', 'Radio', 'Combo'),
  criticality: oneOf(...criticalities),
  requireAttachment: flag,
  requireComment: flag,
  requireAsset: flag,
  yesScoringLabel: nonBlankText,
  ...assumed(
    'The reference is cut off behind yesScoringLabel; a counterpart and options are to be expected.',
    {
      noScoringLabel: nonBlankText,
      options: listOf('Option', record({ text: nonBlankText, scoringLabel: nonBlankText }, ['text'])),
    },
  ),
}

const sectionInputs = {
  name: nonBlankText,
  description: anyText,
  questions: listOf('Question', record(questionInputs, ['text', 'type'])),
}

const elementsInputs = {
  sections: listOf('Section', record(sectionInputs, ['name', 'questions'])),
  scorings: listOf(
    'Scoring',
    record({ label: nonBlankText, value: matching(/^-?\d{1,9}$/, 'Specify an Integer.') }, [
      'label',
      'value',
    ]),
  ),
}

/** The inputs of create and of the bulk update. */
export const templateInputs = {
  name: nonBlankText,
  description: anyText,
  category: nonBlankText,
  elements: record(elementsInputs, ['sections']),
}

export const createTemplateInputs = {
  ...templateInputs,
  ...assumed(
    'Create from library has a page that could not be read; without guessed routes it must not be set.',
    { libraryTemplate: reference },
  ),
}

type ElementsInput = Parsed<typeof elementsInputs, 'sections'>
type QuestionInput = ElementsInput['sections'][number]['questions'][number]

/**
 * At most five labels; only dropdown, yes/no and select questions have a criticality
 * (risk_scoring_criticality.htm).
 */
export function toTemplateContent(elements: ElementsInput): { sections: Section[]; scorings: Scoring[] } {
  const scorings = elements.scorings ?? []
  const labels = new Set(scorings.map(({ label }) => label))
  if (scorings.length > 5 || labels.size < scorings.length) {
    throw invalidValue('scorings', scorings.length, 'Specify at most 5 scorings, with labels that differ.')
  }
  const sections = elements.sections.map(({ name, description, questions }) => ({
    name,
    ...(description !== undefined && { description }),
    questions: questions.map((question) => toQuestion(question, labels)),
  }))
  return { sections, scorings }
}

/** The modes of each type, the default first. */
const modes: Readonly<Record<Question['type'], readonly Question['mode'][]>> = {
  booleanQuestion: ['Button'],
  singleSelectQuestion: ['Radio', 'Combo'],
  multiSelectQuestion: [],
  numericQuestion: [],
  textQuestion: [],
}

function toQuestion(question: QuestionInput, labels: ReadonlySet<string>): Question {
  const { type, mode, criticality, yesScoringLabel, noScoringLabel, options } = question
  const isSelect = type === 'singleSelectQuestion' || type === 'multiSelectQuestion'
  const allowed = modes[type]
  if (mode !== undefined && allowed.length === 0) throw unexpectedElement('Question.mode')
  if (mode !== undefined && !allowed.includes(mode)) {
    throw invalidValue('Question.mode', mode, `Values expected: ${allowed.join(', ')}.`)
  }
  if (criticality !== undefined && !isSelect && type !== 'booleanQuestion')
    throw unexpectedElement('Question.criticality')
  if (options === undefined && isSelect) throw missingElement('Question.options')
  if (options !== undefined && !isSelect) throw unexpectedElement('Question.options')
  if (type !== 'booleanQuestion') {
    if (yesScoringLabel !== undefined) throw unexpectedElement('Question.yesScoringLabel')
    if (noScoringLabel !== undefined) throw unexpectedElement('Question.noScoringLabel')
  }
  const scoringLabels = { yesScoringLabel, noScoringLabel }
  for (const [name, label] of Object.entries(scoringLabels))
    requireKnownLabel(`Question.${name}`, label, labels)
  for (const { scoringLabel } of options ?? []) requireKnownLabel('Option.scoringLabel', scoringLabel, labels)
  const defaultMode = mode ?? allowed[0]
  const { requireAttachment = false, requireComment = false, requireAsset = false } = question
  return {
    ...question,
    ...(defaultMode && { mode: defaultMode }),
    requireAttachment,
    requireComment,
    requireAsset,
  } as Question
}

function requireKnownLabel(name: string, label: string | undefined, labels: ReadonlySet<string>): void {
  if (label === undefined || labels.has(label)) return
  throw invalidValue(name, label, 'Specify a label of the scorings.')
}
