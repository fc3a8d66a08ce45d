import { z } from 'zod'
import { type Contents, isKind, kinds, type Question, type Section } from './questions.ts'

/**
 * The presumed wire format of templates.
 *
 * Known (reference_template.htm): `elements` holds sections, questions and scorings; a section has name and
 * description, and holds sections and questions; a question has label, text, type, mode, criticality,
 * requireAttachment, requireComment, requireAsset and yesScoringLabel; a scoring has label and value;
 * booleanQuestion, numericQuestion and textQuestion are types, Button, Radio and Combo modes, INFO and
 * CRITICAL criticalities.
 * GUESSED, all of it here: how these nest (`elements/sections/Section/questions/Question/options/Option`, and
 * sections within a section in the same way), the types of questions with options, which mode goes with which
 * type, LOW, MEDIUM and HIGH, noScoringLabel, and the content of an option. The page's list ends after
 * yesScoringLabel. tools/effects reads a new template back and reports if Qualys counts a different number of
 * questions.
 */

function wireQuestion({ kind, options, yesScore, noScore, text, label, ...rest }: Question) {
  const { criticality, requireAttachment = false, requireComment = false, requireAsset = false } = rest
  return {
    label,
    text,
    ...(isKind(kind) ? kinds[kind] : { type: kind }),
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

/** A list of sections by level, as sections within sections. */
function wireSections(sections: readonly Section[], level = 1): object {
  const starts = sections.flatMap((section, at) => ((section.level ?? 1) === level ? [at] : []))
  return {
    Section: starts.map((start, nth) => {
      const [{ name, description, questions } = { name: '' }, ...within] = sections.slice(
        start,
        starts[nth + 1],
      )
      return {
        name,
        description,
        ...(questions && { questions: { Question: questions.map(wireQuestion) } }),
        ...(within.length > 0 && { sections: wireSections(within, level + 1) }),
      }
    }),
  }
}

/** The `elements` of a template. */
export function wireElements({ sections, scoring }: Contents) {
  return {
    ...(sections && { sections: wireSections(sections) }),
    ...(scoring && {
      scorings: { Scoring: scoring.map(({ label, value }) => ({ label, value: String(value) })) },
    }),
  }
}

type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wires = Object.entries(kinds) as [string, { readonly type: string; readonly mode?: string }][]

/** The kind of a question by its type and mode. An unusual mode and an unknown type are kept. */
function kindOf(type: unknown, mode: unknown) {
  const alike = wires.filter(([, wire]) => wire.type === type)
  const [kind, usual] = alike.find(([, wire]) => wire.mode === mode) ?? alike[0] ?? []
  return { kind: kind ?? type, mode: mode === usual?.mode ? undefined : mode }
}

/** In XML every value is a string; what is empty or false is left out, as in the input. */
const given = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      [undefined, null, '', false].includes(value as string) ? [] : [[name, value]],
    ),
  )

const flag = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value)

/** An empty element is an empty list, or no item. What is no list of objects stays as it is. */
const listOf = (value: unknown, read: (item: Fields) => Fields): unknown => {
  if (value === '' || value === null) return []
  if (!Array.isArray(value)) return value
  return value.filter((item) => item !== '').map((item) => (isFields(item) ? read(item) : item))
}

/** A question in the form of the input; further fields of Qualys are kept. */
function plainQuestion(question: Fields): Fields {
  const { type, mode, yesScoringLabel, noScoringLabel, options, ...rest } = question
  return given({
    ...rest,
    requireAttachment: flag(rest['requireAttachment']),
    requireComment: flag(rest['requireComment']),
    requireAsset: flag(rest['requireAsset']),
    ...kindOf(type, mode),
    yesScore: yesScoringLabel,
    noScore: noScoringLabel,
    options: listOf(options, ({ scoringLabel, ...option }) => given({ ...option, score: scoringLabel })),
  })
}

function plainSection({ questions, sections, ...section }: Fields): Fields {
  return given({
    ...section,
    questions: listOf(questions, plainQuestion),
    sections: listOf(sections, plainSection),
  })
}

/** A score is a number in the input; Qualys may hold any text. */
const numeric = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,7}(\.\d+)?$/.test(value) ? Number(value) : value

/**
 * Converts `elements` from the wire to names and values of the input. What has another form than expected is kept,
 * so that one odd value hides no other.
 */
export const elements = z.looseObject({}).transform(({ sections, scorings, ...rest }: Fields) =>
  given({
    sections: listOf(sections, plainSection),
    scoring: listOf(scorings, ({ value, ...score }) => given({ ...score, value: numeric(value) })),
    ...rest,
  }),
)
