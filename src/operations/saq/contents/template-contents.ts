import { z } from 'zod'
import type { Input } from '../../operation.ts'
import { counted, nameInSentence } from '../../sentences.ts'
import { type Contents, question, scoring, sections, validateContents } from './questions.ts'
import { isFields } from './template-wire.ts'

/** What a template holds, in the form that inputs take. */
export interface StoredContents {
  /** In their order, each with its level if it lies within another. */
  readonly sections: readonly Input[]
  readonly scoring: readonly Input[]
  /** The number of questions, with those outside of sections. */
  readonly count: number
  /** Fields of Qualys' that no input takes: `weight (12 options)`. */
  readonly others: readonly string[]
  /** Those of them that Qualys gives by itself: new ones come with the next update. */
  readonly ids: readonly string[]
}

const fieldsOf = {
  section: ['name', 'description', 'level', 'questions'],
  question: Object.keys(question.shape).sort((a, b) => readOrder(a) - readOrder(b)),
  option: ['text', 'score'],
  score: ['label', 'value'],
} as const

/** A label stands before its text. */
function readOrder(field: string): number {
  return field === 'label' ? -1 : Object.keys(question.shape).indexOf(field)
}

type Holder = keyof typeof fieldsOf | 'template'

const outsideOfSections = 'questions outside of sections'

/** Splits contents into what inputs take, and names of what they do not. */
class ContentsReader {
  readonly #others = new Map<string, Map<Holder, number>>()

  /** The fields that inputs take, in one order. */
  take(holder: keyof typeof fieldsOf, fields: Input): Record<string, unknown> {
    const known: readonly string[] = fieldsOf[holder]
    for (const name of Object.keys(fields)) if (!known.includes(name)) this.note(name, holder)
    return Object.fromEntries(known.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])))
  }

  note(name: string, holder: Holder, count = 1): void {
    const holders = this.#others.get(name) ?? new Map<Holder, number>()
    this.#others.set(name, holders.set(holder, (holders.get(holder) ?? 0) + count))
  }

  /** `id (332 questions, 9 sections)`. */
  named(isWanted: (name: string) => boolean): readonly string[] {
    return [...this.#others]
      .filter(([name]) => isWanted(name))
      .map(([name, holders]) => {
        const places = [...holders].map(([holder, count]) =>
          holder === 'template' ? count.toLocaleString('en') : counted(count, holder),
        )
        return `${name === outsideOfSections ? name : nameInSentence(name)} (${places.join(', ')})`
      })
  }
}

/** Applied to the objects of a list; anything else stays, and is refused where it is passed. */
const each = (list: unknown, read: (item: Input) => unknown): unknown =>
  Array.isArray(list) ? list.map((item) => (isFields(item) ? read(item) : item)) : list

function takeQuestion(reader: ContentsReader, fields: Input): Input {
  const taken = reader.take('question', fields)
  return 'options' in taken
    ? { ...taken, options: each(taken['options'], (option) => reader.take('option', option)) }
    : taken
}

/** A section and those within it, one behind the other. */
function flatten(reader: ContentsReader, { sections: within, ...fields }: Input, level: number): Input[] {
  // A level of Qualys' own would be taken for ours.
  const { level: foreign, ...own } = fields
  if (foreign !== undefined) reader.note('level', 'section')
  const { name, description, questions = [] } = reader.take('section', own)
  const list = each(questions, (item) => takeQuestion(reader, item))
  return [
    {
      name,
      ...(description !== undefined && { description }),
      ...(level > 1 && { level }),
      ...(!(Array.isArray(list) && list.length === 0) && { questions: list }),
    },
    ...(Array.isArray(within) ? within.filter(isFields) : []).flatMap((inner) =>
      flatten(reader, inner, level + 1),
    ),
  ]
}

const isId = (name: string): boolean => /^(?:id|uuid)$/i.test(name)

/** The contents of a template as a read shows it; undefined if they are not there, or of another form. */
export function contentsOf({ elements }: Input): StoredContents | undefined {
  if (!isFields(elements)) return undefined
  const { sections: roots = [], scoring: scores = [], ...rest } = elements
  if (!Array.isArray(roots) || !roots.every(isFields) || !Array.isArray(scores)) return undefined
  const reader = new ContentsReader()
  const found = roots.flatMap((root) => flatten(reader, root, 1))
  const taken = scores.filter(isFields).map((score) => reader.take('score', score))
  for (const [name, value] of Object.entries(rest))
    reader.note(name === 'questions' ? outsideOfSections : name, 'template', sizeOf(value))
  return {
    sections: found,
    scoring: taken,
    count:
      storedQuestions({ sections: found }).length + ('questions' in rest ? sizeOf(rest['questions']) : 0),
    others: reader.named((name) => !isId(name)),
    ids: reader.named(isId),
  }
}

const sizeOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1)

/** The questions of sections in the form of the input, in their order. */
export const storedQuestions = ({ sections }: Pick<StoredContents, 'sections'>): readonly Input[] =>
  sections.flatMap(({ questions }) => (Array.isArray(questions) ? questions.filter(isFields) : []))

/**
 * The contents if they are all that Qualys stores: the list of templates may hold a part of them, or none. The
 * number of questions tells.
 */
export function wholeContentsOf(template: Input): StoredContents | undefined {
  const contents = contentsOf(template)
  const { questionCnt } = template
  if (!contents) return undefined
  return typeof questionCnt !== 'number' || questionCnt === contents.count ? contents : undefined
}

const contentsInput = z.object({ sections, scoring: scoring.optional() })

/** The contents as an input, if they can be passed; otherwise what they hold that cannot. */
export function asInput({ sections, scoring }: Pick<StoredContents, 'sections' | 'scoring'>): {
  readonly contents?: Contents
  readonly complaints: readonly string[]
} {
  if (sections.length === 0) return { contents: {}, complaints: [] }
  const { data, error } = contentsInput.safeParse({ sections, ...(scoring.length > 0 && { scoring }) })
  if (!error) {
    const problem = validateContents(data)
    return problem === undefined
      ? { contents: data, complaints: [] }
      : { complaints: [problem.replace(/: [^:]*$/, '')] }
  }
  const starts: number[] = [0]
  for (const { questions } of sections) starts.push((starts.at(-1) ?? 0) + sizeOf(questions ?? []))
  return {
    complaints: error.issues.map(({ path, message }) => {
      const [list, at, items, nth, ...inside] = path
      return list === 'sections' && items === 'questions' && typeof nth === 'number'
        ? `question ${(starts[Number(at)] ?? 0) + nth + 1} (${[...inside, message].join(' ')})`
        : `${path.join('.')} (${message})`
    }),
  }
}

const maxNamed = 3
export const maxOthers = 8

/** The first of some texts, and how many more there are. */
export function firstOf(all: readonly string[], most = maxNamed): string {
  const more = all.length - most
  return more > 0 ? `${all.slice(0, most).join(', ')} and ${more.toLocaleString('en')} more` : all.join(', ')
}

/** What a read tells of a template that could not be passed back as it is, one sentence each. */
export function readNotes(contents: StoredContents): readonly string[] {
  const others = [...contents.others, ...contents.ids]
  // What holds no question is passed nowhere.
  const complaints = storedQuestions(contents).length > 0 ? asInput(contents).complaints : []
  return [
    ...(others.length > 0
      ? [
          `Qualys also stores ${firstOf(others, maxOthers)}, which no input takes: an update of the sections loses it. qualys_export of saq_search_templates shows it.`,
        ]
      : []),
    ...(complaints.length > 0
      ? [`These sections cannot be passed as they are: ${firstOf(complaints)}.`]
      : []),
  ]
}

/** What an update of the sections loses besides. */
export const lossWarnings = ({ others, ids }: Pick<StoredContents, 'others' | 'ids'>): readonly string[] => {
  const unsent = [...others, ...ids]
  return unsent.length > 0
    ? [`Qualys also stores ${firstOf(unsent, maxOthers)}: these are not sent, and lost.`]
    : []
}
