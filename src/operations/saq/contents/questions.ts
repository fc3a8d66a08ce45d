import { z } from 'zod'
import { whole, yesNo } from '../../fields.ts'
import { quoted } from '../../sentences.ts'
import { words } from '../fields.ts'

/** Templates as an assistant writes and reads them. Their wire format: template-wire.ts. */

/** The kind of a question, and its type and mode on the wire. */
export const kinds = {
  yesNo: { type: 'booleanQuestion', mode: 'Button' },
  number: { type: 'numericQuestion' },
  text: { type: 'textQuestion' },
  single: { type: 'singleSelectQuestion', mode: 'Radio' },
  dropdown: { type: 'singleSelectQuestion', mode: 'Combo' },
  multi: { type: 'multiSelectQuestion' },
} as const satisfies Readonly<Record<string, { readonly type: string; readonly mode?: string }>>

export type Kind = keyof typeof kinds

export const isKind = (word: string): word is Kind => Object.hasOwn(kinds, word)

const choices = ['single', 'dropdown', 'multi']
/**
 * "criticality may be set on Dropdown, Yes/No, Multi-select and Single-select questions only" (portal help).
 */
const withCriticality = ['yesNo', ...choices]

// No page of Qualys bounds these. They are far beyond what a person answers, and keep a template within one answer of
// Qualys, since a template that cannot be read back cannot be checked.
const maxSections = 1_000
const maxQuestions = 5_000
const maxOptions = 1_000
const maxBytes = 4_000_000
const maxLevel = 8
/** "up to five score labels" (portal help). */
const maxScores = 5

/** `advice`: what to do with more. */
export const listOf = <T extends z.ZodType>(item: T, noun: string, most: number, advice: string) =>
  z
    .array(item, { error: `must be a list of ${noun}s` })
    .min(1, { error: `must hold at least 1 ${noun}` })
    .max(most, { error: `must hold at most ${most.toLocaleString('en')} ${noun}s${advice}` })

/** A plain text is an option without a score. */
const option = z
  .preprocess(
    (value) => (typeof value === 'string' ? { text: value } : value),
    z.strictObject({ text: words(4_000), score: words(50).optional() }),
  )
  .meta({ takesText: true })

const kindNames = Object.keys(kinds)
/** A type of Qualys that is none of the kinds, as a question that was read has it: sent as it is. */
const otherType = /^[a-z]\w{0,60}Question$/
const isOwnType = (word: string): boolean => Object.values(kinds).some(({ type }) => type === word)
const notKind = { error: `must be one of ${kindNames.join(', ')}` }

const kind = z
  .string(notKind)
  .refine((word) => isKind(word) || (otherType.test(word) && !isOwnType(word)), notKind)
  .meta({ enum: kindNames })

const criticalities = ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

export const question = z.strictObject({
  text: words(4_000),
  label: words(100).optional(),
  kind,
  options: listOf(
    option,
    'option',
    maxOptions,
    '; ask with kind text instead, or split them over two questions',
  ).optional(),
  yesScore: words(50).describe('a label of scoring').optional(),
  noScore: words(50).optional(),
  criticality: z.enum(criticalities, { error: `must be one of ${criticalities.join(', ')}` }).optional(),
  requireAttachment: yesNo('the answerer must attach a file').optional(),
  requireComment: yesNo().optional(),
  requireAsset: yesNo('must name an asset').optional(),
})

const section = z.strictObject({
  name: words(255),
  description: words(4_000).optional(),
  level: whole(1, maxLevel, '2: within the last one of level 1').optional(),
  questions: listOf(question, 'question', maxQuestions, '').optional(),
  continued: yesNo('as read').optional(),
})

type SentSection = z.output<typeof section>
export type Section = Omit<SentSection, 'continued'>
export type Question = z.output<typeof question>

/** Joins what a part of a template continues with the section before it. */
function joinContinued(list: readonly SentSection[], context: z.RefinementCtx): Section[] {
  const joined: Section[] = []
  for (const [at, { continued, ...part }] of list.entries()) {
    const last = joined.at(-1)
    if (!continued) joined.push(part)
    else if (last?.name === part.name)
      joined[joined.length - 1] = {
        ...last,
        questions: [...(last.questions ?? []), ...(part.questions ?? [])],
      }
    else {
      const message = `continues a section of another name than the one before; pass the parts of saq_get_template in their order`
      context.addIssue({ code: 'custom', path: [at], message })
      return z.NEVER
    }
  }
  return joined
}

export const sections = listOf(section, 'section', maxSections, '').transform(joinContinued)

const outline = z.strictObject({
  ...section.pick({ name: true }).shape,
  questions: z.array(question.pick({ text: true }).extend({ kind: z.string() })).optional(),
})

/**
 * Sections that are listed with their main properties: all of them cost as many tokens as a tool, and one tool
 * lists them all.
 */
export const sectionsOutlined = (description: string) =>
  sections.meta({ description, listedItems: z.toJSONSchema(outline, { io: 'input' }) })

export const scoring = listOf(
  z.strictObject({
    label: words(50),
    value: z.number({ error: 'must be a number from 0 to 1,000,000' }).min(0).max(1_000_000),
  }),
  'score',
  maxScores,
  ': Qualys takes no more (portal help); merge some',
).describe('labels that answers are scored with')

export type Score = z.output<typeof scoring>[number]

/** The content of a template, in the form of the input. */
export interface Contents {
  readonly sections?: readonly Section[] | undefined
  readonly scoring?: readonly Score[] | undefined
}

/** A question in a sentence: its label, and its text. */
export const questionName = ({
  label,
  text,
}: {
  readonly label?: unknown
  readonly text?: unknown
}): string => quoted([label, text].filter(Boolean).join(' '))

export const questionsOf = ({ sections = [] }: Contents): readonly Question[] =>
  sections.flatMap(({ questions = [] }) => questions)

/** The score labels that a question's answers use. */
const scoresOf = ({ options = [], yesScore, noScore }: Question): readonly string[] =>
  [yesScore, noScore, ...options.map(({ score }) => score)].filter((label) => label !== undefined)

/** What this kind of question does not take; of a type that is not known here, everything is taken. */
export function notTakenBy(word: string): readonly (keyof Question)[] {
  if (!isKind(word)) return []
  return [
    ...(choices.includes(word) ? [] : (['options'] as const)),
    ...(word === 'yesNo' ? [] : (['yesScore', 'noScore'] as const)),
    ...(withCriticality.includes(word) ? [] : (['criticality'] as const)),
  ]
}

function validateQuestion(input: Question, labels: readonly string[]): string | undefined {
  const { kind, options } = input
  const name = `Question ${questionName(input)}`
  const isChoice = choices.includes(kind)
  if (isChoice && !options) return `${name} of kind ${kind} has nothing to choose from: pass options.`
  if (isChoice && kind !== 'multi' && options?.length === 1)
    return `${name} of kind ${kind} must hold at least 2 options: add one, or make it kind multi, a single checkbox.`
  const odd = notTakenBy(kind).find((field) => input[field] !== undefined)
  if (odd === 'options')
    return `${name} of kind ${kind} takes no options: leave them out, or choose single, dropdown or multi.`
  if (odd === 'criticality') return `${name} of kind ${kind} takes no criticality: leave it out.`
  if (odd !== undefined)
    return `${name} of kind ${kind} takes no yesScore or noScore: pass score with each of its options.`
  const unknown = scoresOf(input).find((label) => !labels.includes(label))
  return unknown === undefined
    ? undefined
    : `${name} is scored ${quoted(unknown)}, which is no label of scoring: ${labels.length > 0 ? `use one of ${labels.join(', ')}` : 'pass scoring'}.`
}

/** Levels without gaps, and something in each section. */
function validateSections(sections: readonly Section[]): string | undefined {
  let above = 0
  for (const [at, { name, level = 1, questions = [] }] of sections.entries()) {
    if (level > above + 1)
      return `Section ${quoted(name)} of level ${level} has no section of level ${level - 1} before it: make its level ${above + 1}, or add that section.`
    if (questions.length === 0 && (sections[at + 1]?.level ?? 1) <= level)
      return `Section ${quoted(name)} must hold at least 1 question or a section of level ${level + 1}: add one, or leave it out.`
    above = level
  }
  return undefined
}

/** Why the content is invalid, in one sentence. */
export function validateContents(contents: Contents): string | undefined {
  const { sections = [], scoring = [] } = contents
  const questions = questionsOf(contents)
  if (questions.length > maxQuestions)
    return `The template has ${questions.length} questions: make it at most ${maxQuestions}, or split it.`
  const bytes = Buffer.byteLength(JSON.stringify(contents))
  if (bytes > maxBytes)
    return `The template has ${bytes.toLocaleString('en')} bytes: make it at most ${maxBytes.toLocaleString('en')}, or split it.`
  const labels = scoring.map(({ label }) => label)
  const twice = labels.find((label, at) => labels.indexOf(label) !== at)
  if (twice !== undefined) return `scoring has the label "${twice}" twice: use each once.`
  return (
    validateSections(sections) ??
    questions.map((input) => validateQuestion(input, labels)).find((complaint) => complaint !== undefined)
  )
}
