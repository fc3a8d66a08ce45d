import { z } from 'zod'
import { yesNo } from '../../fields.ts'
import type { Adapted, Input } from '../../operation.ts'
import { quoted } from '../../sentences.ts'
import { words } from '../fields.ts'
import {
  type Contents,
  listOf,
  notTakenBy,
  type Question,
  question,
  questionName,
  questionsOf,
  validateContents,
} from './questions.ts'
import { fallSentence, type QuestionChange } from './template-comparison.ts'
import { asInput, firstOf, maxOthers, type StoredContents, wholeContentsOf } from './template-contents.ts'

const maxEdits = 1_000
/** A label, `57`, `#57`, or the text of a question. */
const place = words(4_000).optional()

const edit = z.strictObject({
  question: place,
  after: place,
  remove: yesNo().optional(),
  ...question.partial().shape,
})

type Edit = z.output<typeof edit>

/** What is listed: the other fields are those of a question, which another tool lists. */
const outline = {
  type: 'object',
  properties: {
    question: { type: 'string', description: 'label or number' },
    after: { type: 'string', description: 'instead, to add one' },
    remove: { type: 'boolean' },
    text: { type: 'string' },
  },
} as const

export const edits = listOf(edit, 'edit', maxEdits, '; pass sections instead').meta({
  description: 'changes of single questions; other fields as in saq_create_template',
  listedItems: outline,
})

interface Placed {
  readonly number: number
  readonly question: Question
}

/** Why edits are invalid whatever is stored. */
export function validateEdits(list: readonly Edit[]): string | undefined {
  for (const [at, { question: changed, after, remove, ...fields }] of list.entries()) {
    const count = Object.values(fields).filter((value) => value !== undefined).length
    const name = `edits.${at}`
    if ((changed === undefined) === (after === undefined))
      return `${name} names no question, or two: pass question to change one, or after to add one behind it.`
    if (remove && (after !== undefined || count > 0))
      return `${name} removes a question and sets fields: pass remove with question alone.`
    if (after !== undefined && (fields.text === undefined || fields.kind === undefined))
      return `${name} adds a question without text or kind: pass both.`
    if (!remove && count === 0)
      return `${name} changes nothing: pass the fields to set, none of them empty, or remove.`
  }
  return undefined
}

/** The one question that a label, a number or a text names, or what is wrong. */
function find(all: readonly Placed[], named: string): Placed | string {
  const word = named.trim()
  const digits = /^(#?)(\d{1,6})$/.exec(word)
  const byNumber = digits ? all[Number(digits[2]) - 1] : undefined
  if (digits?.[1] === '#')
    return byNumber ?? `There is no question ${word}: pass a number from #1 to #${all.length}.`
  const byLabel = all.filter(({ question }) => question.label?.trim() === word)
  const found =
    byLabel.length > 0
      ? byLabel
      : byNumber
        ? [byNumber]
        : all.filter(({ question }) => question.text.trim() === word)
  const [first, ...others] = found
  if (first === undefined) return `No question has the label ${quoted(word)}: ${adviceFor(all, word)}`
  if (others.length > 0)
    return `${quoted(word)} names ${found.length} questions: pass one of ${firstOf(
      found.map(({ number }) => `#${number}`),
      10,
    )}.`
  if (byNumber && byNumber !== first)
    return `${quoted(word)} is the label of question ${first.number} and the number of another: pass #${first.number} or #${byNumber.number}.`
  return first
}

function adviceFor(all: readonly Placed[], word: string): string {
  const labels = all.flatMap(({ question: { label } }) => (label === undefined ? [] : [label.trim()]))
  const lower = word.toLowerCase()
  const near = labels.filter((label) => {
    const other = label.toLowerCase()
    return other.includes(lower) || lower.includes(other)
  })
  const shown = near.length > 0 ? near : labels
  const range = `a number from #1 to #${all.length}`
  return shown.length > 0
    ? `pass one of ${firstOf(
        shown.map((label) => quoted(label)),
        8,
      )}, or ${range}.`
    : `pass ${range}.`
}

/** The question with the fields of an edit; what its new kind does not take goes. */
function changed(stored: Question, { question: _, after: __, remove: ___, ...fields }: Edit): Question {
  const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  const gone = fields.kind === undefined || fields.kind === stored.kind ? [] : notTakenBy(fields.kind)
  const kept = Object.entries(stored).filter(([name]) => !gone.includes(name as keyof Question))
  return { ...Object.fromEntries(kept), ...set } as Question
}

/** The contents after the edits, and what changes; or what is wrong. */
function apply(
  contents: Contents,
  list: readonly Edit[],
): { contents: Contents; changes: QuestionChange[] } | string {
  const sections = contents.sections ?? []
  let count = 0
  const placed = sections.map(({ questions = [] }) =>
    questions.map((question): Placed => ({ number: ++count, question })),
  )
  const all = placed.flat()
  const inPlace = new Map<number, Edit>()
  const behind = new Map<number, Edit[]>()
  for (const one of list) {
    const target = find(all, one.question ?? one.after ?? '')
    if (typeof target === 'string') return target
    const { number } = target
    if (one.after !== undefined) behind.set(number, [...(behind.get(number) ?? []), one])
    else if (inPlace.has(number)) return `Question ${number} is edited twice: pass one edit for it.`
    else inPlace.set(number, one)
  }
  const changes: QuestionChange[] = []
  const edited = sections.map((section, at) => {
    const note = (change: Omit<QuestionChange, 'section'>) =>
      changes.push({ ...change, section: section.name })
    const questions = (placed[at] ?? []).flatMap(({ number, question: before }): Question[] => {
      const one = inPlace.get(number)
      const after = one?.remove ? undefined : one ? changed(before, one) : before
      if (one) note({ number, before, ...(after && { after }) })
      const added = (behind.get(number) ?? []).map((edit) => changed({} as Question, edit))
      for (const question of added) note({ number, after: question })
      return [...(after ? [after] : []), ...added]
    })
    return { ...section, ...(questions.length > 0 ? { questions } : { questions: undefined }) }
  })
  const emptied = edited.find(({ questions }, at) => !questions && sections[at]?.questions)
  if (emptied)
    return `Section ${quoted(emptied.name)} would hold no question any more: add one to it with after, or pass sections without it.`
  return { contents: { ...contents, sections: edited }, changes }
}

/** What of a stored template cannot be sent back without a loss. */
function losses(stored: StoredContents, complaints: readonly string[]): string | undefined {
  if (stored.others.length > 0)
    return `holds ${firstOf(stored.others, maxOthers)}, which no input takes, and would lose it`
  return complaints.length > 0 ? `cannot be sent again as it is, ${firstOf(complaints)}` : undefined
}

const elsewhere = 'change it in the Qualys UI, or pass all sections'

/** The arguments with all sections, as they are stored but for the edits. `current`: the template, just read. */
export function adaptEdits(
  input: Input & { readonly ids: readonly string[]; readonly edits?: readonly Edit[] | undefined },
  current: Input | undefined,
): Adapted {
  const { edits: list = [], ...others } = input
  const [id] = input.ids
  const stored = current && wholeContentsOf(current)
  if (!stored)
    return { input, problem: `The questions of template ${id} cannot be read whole: ${elsewhere}.` }
  if (stored.count === 0) return { input, problem: `Template ${id} has no questions: pass sections.` }
  const { contents, complaints } = asInput(stored)
  const loss = losses(stored, complaints)
  if (!contents || loss !== undefined) return { input, problem: `Template ${id} ${loss}: ${elsewhere}.` }
  const applied = apply(contents, list)
  if (typeof applied === 'string') return { input, problem: applied }
  const problem = validateContents(applied.contents)
  if (problem !== undefined) return { input, problem }
  const removed = applied.changes.filter(({ after }) => after === undefined)
  return {
    input: { ...others, ...applied.contents },
    shown: { ...others, changes: applied.changes },
    warnings: [
      ...(removed.length > 0
        ? [
            fallSentence(
              removed.map(({ before = {} }) => questionName(before)),
              questionsOf(contents).length,
              'question',
            ),
          ]
        : []),
      ...(stored.ids.length > 0 ? [`Qualys may give new ids: ${stored.ids.join(', ')}.`] : []),
      'All sections are sent again, with nothing else changed. How they nest is guessed: what Qualys stored is counted afterwards.',
    ],
  }
}
