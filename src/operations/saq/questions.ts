import { z } from 'zod'
import { oneOf, yesNo } from '../fields.ts'
import { received, words } from './fields.ts'

/**
 * Templates as an assistant writes and reads them, and their presumed wire format.
 *
 * Known (reference_template.htm): `elements` holds sections, questions and scorings; a section has name and
 * description, and holds sections and questions; a question has label, text, type, mode, criticality,
 * requireAttachment, requireComment, requireAsset and yesScoringLabel; a scoring has label and value;
 * booleanQuestion, numericQuestion and textQuestion are types, Button, Radio and Combo modes, INFO and
 * CRITICAL criticalities.
 * GUESSED, all of it here: how these nest (`elements/sections/Section/questions/Question/options/Option`),
 * the types of questions with options, which mode goes with which type, LOW, MEDIUM and HIGH, noScoringLabel,
 * and the content of an option. The page's list ends after yesScoringLabel. tools/effects reads a new
 * template back and reports if Qualys counts a different number of questions.
 */

/** The kind of a question, and its type and mode on the wire. */
const kinds = {
  yesNo: { type: 'booleanQuestion', mode: 'Button' },
  number: { type: 'numericQuestion' },
  text: { type: 'textQuestion' },
  single: { type: 'singleSelectQuestion', mode: 'Radio' },
  dropdown: { type: 'singleSelectQuestion', mode: 'Combo' },
  multi: { type: 'multiSelectQuestion' },
} as const satisfies Readonly<Record<string, { readonly type: string; readonly mode?: string }>>

type Kind = keyof typeof kinds

const withOptions: readonly Kind[] = ['single', 'dropdown', 'multi']
/**
 * "criticality may be set on Dropdown, Yes/No, Multi-select and Single-select questions only" (portal help).
 */
const withCriticality: readonly Kind[] = ['yesNo', ...withOptions]

const maxSections = 50
const maxQuestions = 500
const maxOptions = 50
/** "up to five score labels" (portal help). */
const maxScores = 5

const listOf = <T extends z.ZodType>(item: T, what: string, most: number, least = 1) =>
  z
    .array(item, { error: `must be a list of ${what}` })
    .min(least, { error: `must hold at least ${least} ${what}` })
    .max(most, { error: `must hold at most ${most} ${what}` })

/** A plain text is an option without a score. */
const option = z
  .preprocess(
    (value) => (typeof value === 'string' ? { text: value } : value),
    z.strictObject({ text: words(500), score: words(50).optional() }),
  )
  .meta({ takesText: true })

const question = z.strictObject({
  text: words(4_000),
  label: words(100).optional(),
  kind: oneOf(Object.keys(kinds) as [Kind, ...Kind[]]),
  options: listOf(option, 'options', maxOptions, 2).optional(),
  yesScore: words(50).describe('a label of scoring').optional(),
  noScore: words(50).optional(),
  criticality: oneOf(['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
  requireAttachment: yesNo('the answerer must attach a file').optional(),
  requireComment: yesNo().optional(),
  requireAsset: yesNo('must name an asset').optional(),
})

const section = z.strictObject({
  name: words(255),
  description: words(4_000).optional(),
  questions: listOf(question, 'questions', maxQuestions),
})

export const sections = listOf(section, 'sections', maxSections)

const outline = z.strictObject({
  ...section.pick({ name: true }).shape,
  questions: z.array(question.pick({ text: true, kind: true })),
})

/**
 * Sections that are listed with their main properties: all of them cost as many tokens as a tool, and one tool
 * lists them all.
 */
export const sectionsOutlined = (description: string) =>
  sections.meta({ description, listedItems: z.toJSONSchema(outline, { io: 'input' }) })

export const scoring = listOf(
  z.strictObject({ label: words(50), value: z.number({ error: 'must be a number' }).min(0).max(1_000_000) }),
  'scores',
  maxScores,
).describe('labels that answers are scored with')

type Question = z.output<typeof question>
type Section = z.output<typeof section>
type Score = z.output<typeof scoring>[number]

/** The content of a template, in the form of the input. */
export interface Contents {
  readonly sections?: readonly Section[] | undefined
  readonly scoring?: readonly Score[] | undefined
}

export const questionsOf = ({ sections = [] }: Contents): readonly Question[] =>
  sections.flatMap(({ questions }) => questions)

/** The score labels that a question's answers use. */
const scoresOf = ({ options = [], yesScore, noScore }: Question): readonly string[] =>
  [yesScore, noScore, ...options.map(({ score }) => score)].filter((label) => label !== undefined)

function validateQuestion(input: Question, labels: readonly string[]): string | undefined {
  const { kind, options, yesScore, noScore, criticality, text } = input
  const name = `Question "${text.slice(0, 60).replaceAll('"', "'")}"`
  if (withOptions.includes(kind) && !options)
    return `${name} of kind ${kind} has nothing to choose from: pass options.`
  if (options && !withOptions.includes(kind))
    return `${name} of kind ${kind} takes no options: leave them out, or choose single, dropdown or multi.`
  if ((yesScore ?? noScore) !== undefined && kind !== 'yesNo')
    return `${name} of kind ${kind} takes no yesScore or noScore: pass score with each of its options.`
  if (criticality && !withCriticality.includes(kind))
    return `${name} of kind ${kind} takes no criticality: leave it out.`
  const unknown = scoresOf(input).find((label) => !labels.includes(label))
  return unknown === undefined
    ? undefined
    : `${name} is scored "${unknown}", which is no label of scoring: ${labels.length > 0 ? `use one of ${labels.join(', ')}` : 'pass scoring'}.`
}

/** Why the content is invalid, in one sentence. */
export function validateContents(contents: Contents): string | undefined {
  const questions = questionsOf(contents)
  if (questions.length > maxQuestions)
    return `The template has ${questions.length} questions: make it at most ${maxQuestions}, or split it.`
  const labels = (contents.scoring ?? []).map(({ label }) => label)
  const twice = labels.find((label, at) => labels.indexOf(label) !== at)
  if (twice !== undefined) return `scoring has the label "${twice}" twice: use each once.`
  return questions
    .map((input) => validateQuestion(input, labels))
    .find((complaint) => complaint !== undefined)
}

function wireQuestion({ kind, options, yesScore, noScore, text, label, ...rest }: Question) {
  const { criticality, requireAttachment = false, requireComment = false, requireAsset = false } = rest
  return {
    label,
    text,
    ...kinds[kind],
    criticality,
    requireAttachment,
    requireComment,
    requireAsset,
    yesScoringLabel: yesScore,
    noScoringLabel: noScore,
    ...(options && {
      options: { Option: options.map(({ text, score }) => ({ text, scoringLabel: score })) },
    }),
  }
}

/** The `elements` of a template. */
export function wireElements({ sections, scoring }: Contents) {
  return {
    ...(sections && {
      sections: {
        Section: sections.map(({ name, description, questions }) => ({
          name,
          description,
          questions: { Question: questions.map(wireQuestion) },
        })),
      },
    }),
    ...(scoring && {
      scorings: { Scoring: scoring.map(({ label, value }) => ({ label, value: String(value) })) },
    }),
  }
}

const wires = Object.entries(kinds) as [Kind, { readonly type: string; readonly mode?: string }][]

/** The kind of a question by its type and mode. An unusual mode and an unknown type are kept. */
function kindOf(type: string | undefined, mode: string | undefined) {
  const alike = wires.filter(([, wire]) => wire.type === type)
  const [found] = alike.find(([, wire]) => wire.mode === mode) ?? alike[0] ?? []
  const usual = found && (kinds[found] as { readonly mode?: string }).mode
  return { kind: found ?? type, mode: mode === usual ? undefined : mode }
}

const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== false))

const receivedOption = z.looseObject(received.texts('text', 'scoringLabel'))
const receivedQuestion = z.looseObject({
  ...received.texts('text', 'label', 'criticality', 'type', 'mode', 'yesScoringLabel', 'noScoringLabel'),
  requireAttachment: received.flag,
  requireComment: received.flag,
  requireAsset: received.flag,
  options: received.list(receivedOption),
})

/** A question in the form of the input; further fields of Qualys are kept. */
function plainQuestion(question: z.output<typeof receivedQuestion>) {
  const { type, mode, yesScoringLabel, noScoringLabel, options, ...rest } = question
  return given({
    ...rest,
    ...kindOf(type, mode),
    yesScore: yesScoringLabel,
    noScore: noScoringLabel,
    options: options?.map(({ scoringLabel, ...option }) => given({ ...option, score: scoringLabel })),
  })
}

/** A score is a number in the input; Qualys may hold any text. */
const numeric = (value: string | undefined) =>
  value !== undefined && /^\d{1,7}(\.\d+)?$/.test(value) ? Number(value) : value

/** Converts `elements` from the wire to the form of the input. */
export const elements = z
  .looseObject({
    sections: received.list(
      z.looseObject({
        ...received.texts('name', 'description'),
        questions: received.list(receivedQuestion),
      }),
    ),
    scorings: received.list(z.looseObject(received.texts('label', 'value'))),
  })
  .transform(({ sections, scorings, ...rest }) =>
    given({
      sections: sections?.map(({ questions, ...section }) =>
        given({ ...section, questions: questions?.map(plainQuestion) }),
      ),
      scoring: scorings?.map(({ value, ...score }) => given({ ...score, value: numeric(value) })),
      ...rest,
    }),
  )
