import {
  criticalities,
  type Question,
  questionTypes,
  type Scoring,
  type Section,
} from '../../data/saq/rows.ts'
import { invalidValue, missingElement, unexpectedElement } from '../../http/api-error.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import {
  anyText,
  flag,
  type Input,
  matching,
  nonBlankText,
  oneOf,
  record,
  reference,
} from '../element-schema.ts'
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

const question = record(questionInputs, ['text', 'type'])
type QuestionInput = ReturnType<typeof question>

interface SectionInput {
  readonly name: string
  readonly description?: string
  readonly questions?: readonly QuestionInput[]
  readonly sections?: readonly SectionInput[]
}

/** Declared apart, since a section holds sections. */
const innerSection: Input<SectionInput> = (element, name, strict) => section(element, name, strict)

const sectionInputs = {
  name: nonBlankText,
  description: anyText,
  questions: listOf('Question', question),
  ...assumed('"A section may hold sections and questions" is all that the reference says.', {
    sections: listOf('Section', innerSection),
  }),
}

const section: Input<SectionInput> = record(sectionInputs, ['name'])

const elementsInputs = {
  sections: listOf('Section', section),
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
  return { sections: elements.sections.map((section) => toSection(section, labels)), scorings }
}

function toSection(
  { name, description, questions = [], sections = [] }: SectionInput,
  labels: ReadonlySet<string>,
): Section {
  if (questions.length + sections.length === 0) throw missingElement('Section.questions')
  return {
    name,
    ...(description !== undefined && { description }),
    questions: questions.map((one) => toQuestion(one, labels)),
    ...(sections.length > 0 && { sections: sections.map((inner) => toSection(inner, labels)) }),
  }
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
