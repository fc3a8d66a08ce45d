import type { Input } from '../../operation.ts'
import { counted, quoted } from '../../sentences.ts'
import { questionName } from './questions.ts'
import { firstOf, type StoredContents, storedQuestions } from './template-contents.ts'

// What is stored of a template, compared with what takes its place.

/** One question before and after; the one that is not there is undefined. */
export interface QuestionChange {
  /** As it is stored; for a new one that of the question before it, or 0. */
  readonly number: number
  readonly section: string
  readonly before?: Input
  readonly after?: Input
}

type Sections = Pick<StoredContents, 'sections'>

interface Placed {
  readonly number: number
  readonly section: string
  readonly question: Input
  /** What the question says, to compare it. */
  readonly meaning: string
}

function placedIn({ sections }: Sections): readonly Placed[] {
  let count = 0
  return sections.flatMap((section) =>
    storedQuestions({ sections: [section] }).map((question) => ({
      number: ++count,
      section: String(section['name']),
      question,
      meaning: meaningOf(question),
    })),
  )
}

/** Stored items with the new ones that take their places: each new one is for one item, by the first key that fits. */
function pair<T>(
  stored: readonly T[],
  sent: readonly T[],
  keys: readonly ((item: T) => unknown)[],
): ReadonlyMap<T, T> {
  const pairs = new Map<T, T>()
  let free = sent
  for (const keyOf of keys) {
    const open = new Map<unknown, T[]>()
    for (const item of free) {
      const key = keyOf(item)
      const alike = open.get(key)
      if (alike) alike.push(item)
      else if (key !== undefined) open.set(key, [item])
    }
    const used = new Set<T>()
    for (const item of stored) {
      const match = pairs.has(item) ? undefined : open.get(keyOf(item))?.shift()
      if (match === undefined) continue
      pairs.set(item, match)
      used.add(match)
    }
    free = free.filter((item) => !used.has(item))
  }
  return pairs
}

/** What a question says, however its members are ordered; what is left out is false. */
function meaningOf(question: Input): string {
  const { options } = question
  // Qualys may send an option as a plain text.
  const choices =
    Array.isArray(options) && options.map((one) => (typeof one === 'string' ? { text: one } : one))
  const members = Object.entries({ ...question, options: choices }).filter(
    ([, value]) => value !== undefined && value !== false,
  )
  return JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Labels may begin anew in each section, and a text may be asked in several. */
const questionKeys: readonly ((placed: Placed) => unknown)[] = [
  ({ section, meaning }) => JSON.stringify([section, meaning]),
  ({ section, question: { label, text } }) => JSON.stringify([section, label, text]),
  ({ question: { label, text } }) => JSON.stringify([label, text]),
  ({ section, question: { label } }) => label && JSON.stringify([section, label]),
  ({ question: { label } }) => label,
  ({ question: { text } }) => text,
]

const total = (count: number): string => count.toLocaleString('en')

/** `2 of 9 sections fall: "A", "B".` */
export function fallSentence(names: readonly string[], all: number, noun: string): string {
  return `${total(names.length)} of ${total(all)} ${noun}s ${names.length === 1 ? 'falls' : 'fall'}: ${firstOf(names)}.`
}

/** What differs between stored and new sections. */
export interface Comparison {
  readonly changes: readonly QuestionChange[]
  /** One sentence each. */
  readonly warnings: readonly string[]
}

function changesOf(before: readonly Placed[], after: readonly Placed[], pairs: ReadonlyMap<Placed, Placed>) {
  const storedFor = new Map([...pairs].map(([old, now]) => [now, old]))
  let last = 0
  const kept = after.flatMap((placed): QuestionChange[] => {
    const { section, question, meaning } = placed
    const old = storedFor.get(placed)
    if (!old) return [{ number: last, section, after: question }]
    last = old.number
    return old.meaning === meaning
      ? []
      : [{ number: old.number, section, before: old.question, after: question }]
  })
  const gone = before.flatMap((one): QuestionChange[] =>
    pairs.has(one) ? [] : [{ number: one.number, section: one.section, before: one.question }],
  )
  return [...kept, ...gone].sort((a, b) => a.number - b.number)
}

function changeSentence(changes: readonly QuestionChange[]): string {
  const added = changes.filter(({ before }) => !before).length
  const removed = changes.filter(({ after }) => !after).length
  const counts = [
    [changes.length - added - removed, 'changed'],
    [added, 'added'],
  ] as const
  const said = counts.flatMap(([count, what]) => (count > 0 ? [`${counted(count, 'question')} ${what}`] : []))
  if (said.length > 0) return `Compared with what is stored: ${said.join(', ')}.`
  return removed > 0 ? 'The other questions are as they are stored.' : 'All questions are as they are stored.'
}

/** Questions that are the same and stand elsewhere. */
function placeSentences(pairs: ReadonlyMap<Placed, Placed>): readonly string[] {
  const moved = [...pairs].filter(([old, now]) => old.section !== now.section).length
  const numbers = [...pairs].sort(([, a], [, b]) => a.number - b.number).map(([{ number }]) => number)
  const isOrdered = numbers.every((number, at) => number >= (numbers[at - 1] ?? 0))
  return [
    ...(moved > 0
      ? [`${counted(moved, 'question')} ${moved === 1 ? 'stands' : 'stand'} in another section.`]
      : []),
    ...(isOrdered ? [] : ['The order of the questions changes.']),
  ]
}

/** Compares the sections that are stored with those that take their place. */
export function compareSections(stored: StoredContents, sent: Sections): Comparison {
  const [before, after] = [placedIn(stored), placedIn(sent)]
  const pairs = pair(before, after, questionKeys)
  const changes = changesOf(before, after, pairs)
  const sections = pair(stored.sections, sent.sections, [({ name }) => name])
  const fallen = changes.flatMap((change) => (change.after ? [] : [questionName(change.before ?? {})]))
  const fallenSections = stored.sections.filter((section) => !sections.has(section))
  const altered = [...sections].filter(
    ([old, now]) => old['description'] !== now['description'] || (old['level'] ?? 1) !== (now['level'] ?? 1),
  )
  const namesOf = (list: readonly Input[]) => list.map(({ name }) => quoted(String(name)))
  return {
    changes,
    warnings: [
      ...(fallen.length > 0 ? [fallSentence(fallen, before.length, 'question')] : []),
      ...(fallenSections.length > 0
        ? [fallSentence(namesOf(fallenSections), stored.sections.length, 'section')]
        : []),
      changeSentence(changes),
      ...placeSentences(pairs),
      ...(altered.length > 0
        ? [`Description or level changes of ${firstOf(namesOf(altered.map(([section]) => section)))}.`]
        : []),
    ],
  }
}
