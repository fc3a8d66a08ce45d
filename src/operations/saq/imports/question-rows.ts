import type { Input } from '../../operation.ts'
import { quoted } from '../../sentences.ts'

// A questionnaire as a spreadsheet has it: one row a question, the rows of a section below each other.

interface Problem {
  readonly row: number
  readonly problem: string
}

interface OpenSection {
  fields: Input
  /** The row that begins it, and those of its questions. */
  readonly row: number
  readonly questionRows: number[]
  readonly questions: Input[]
}

const has = (value: unknown): boolean => value !== undefined && value !== ''

/** Options with their scores, which stand in a column of their own in the same order. */
function scoredOptions({ options, optionScores }: Input): {
  readonly options?: unknown
  readonly problem?: string
} {
  const [texts, scores] = [options, optionScores].map((list): readonly unknown[] =>
    Array.isArray(list) ? list : [],
  )
  if (!texts || !scores || scores.length === 0) return has(options) ? { options } : {}
  if (texts.length !== scores.length)
    return {
      problem: `has ${texts.length} options and ${scores.length} optionScores; give each option one, or leave it empty between semicolons`,
    }
  return { options: texts.map((text, at) => (has(scores[at]) ? { text, score: scores[at] } : { text })) }
}

/** The fields of a question in a row; undefined if the row only names a section. */
function questionOf(row: Input): Input | undefined {
  const {
    section: _,
    sectionDescription: __,
    level: ___,
    optionScores: ____,
    options: _____,
    ...question
  } = row
  return Object.values(question).some(has) || has(row['options']) ? question : undefined
}

/** Sections of questions in the form of the input, made of rows. An empty section is that of the row above. */
export function sectionsOf(rows: readonly Input[]) {
  const sections: OpenSection[] = []
  const problems: Problem[] = []
  for (const [at, row] of rows.entries()) {
    const { section, sectionDescription, level } = row
    const last = sections.at(-1)
    const isOther = (key: string, value: unknown): boolean => has(value) && value !== last?.fields[key]
    if (!last || isOther('name', section) || isOther('level', level)) {
      const isRepeated =
        !has(level) && sections.some(({ fields }) => has(section) && fields['name'] === section)
      if (isRepeated)
        problems.push({
          row: at,
          problem: `names section ${quoted(String(section))} again behind another one; put the rows of a section together`,
        })
      const name = has(section) ? section : last?.fields['name']
      const fields = {
        // A questionnaire without a column for sections is one section.
        name: name ?? 'Questions',
        ...(has(level) && { level }),
      }
      sections.push({ fields, row: at, questionRows: [], questions: [] })
    }
    const open = sections.at(-1)
    if (open && has(sectionDescription)) {
      const { description = sectionDescription } = open.fields
      if (description !== sectionDescription)
        problems.push({ row: at, problem: 'gives its section another sectionDescription; write it once' })
      open.fields = { ...open.fields, description }
    }
    const question = questionOf(row)
    if (!question) continue
    const { options, problem } = scoredOptions(row)
    if (problem !== undefined) problems.push({ row: at, problem })
    open?.questions.push({ ...question, ...(options !== undefined && { options }) })
    open?.questionRows.push(at)
  }
  return {
    value: sections.map(({ fields, questions }) => ({
      ...fields,
      ...(questions.length > 0 && { questions }),
    })),
    rowAt: ([section, , question]: readonly PropertyKey[]): number | undefined => {
      const found = sections[Number(section)]
      return found?.questionRows[Number(question)] ?? found?.row
    },
    problems,
  }
}
