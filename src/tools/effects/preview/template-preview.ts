import type { Input } from '../../../operations/operation.ts'
import { counted, texts } from '../../../shared/format.ts'
import { isObject, objectsIn } from '../../../shared/json.ts'
import { countMasks } from '../../../shared/secrets.ts'
import {
  blocksOf,
  fieldBelow,
  type LongText,
  labelled,
  type PreviewBlock,
  type PreviewField,
  type PreviewLine,
  sentenceBelow,
} from './preview.ts'
import { valueText } from './quoted.ts'
import { linesOf } from './text.ts'

// The part of a preview about the content of a template and the mails of a campaign.

/** How many lines of a short view the contents of a template take, and as many its changes. */
const maxLines = 20

/** `This = Fine` for an option and its score; JSON where the text itself reads like that. */
function optionText(option: unknown): string {
  if (!isObject(option)) return valueText(option)
  const { text, score } = option
  if (typeof text !== 'string' || text.includes(' = ')) return valueText(option)
  return score === undefined ? text : `${text} = ${valueText(score)}`
}

const isShown = (value: unknown): boolean => value !== undefined && value !== false

function questionLines({ text, kind, options, ...rest }: Input): PreviewField[] {
  return blocksOf(
    fieldBelow(String(kind), [text]),
    Array.isArray(options) && fieldBelow('options', options.map(optionText), 2),
    Object.entries(rest).flatMap(([name, value]) => (isShown(value) ? fieldBelow(name, [value], 2) : [])),
  )
}

function sectionLines({ name, description, level, questions }: Input): PreviewField[] {
  return blocksOf(
    labelled('section', name),
    level !== undefined && level !== 1 && fieldBelow('level', [level]),
    description !== undefined && fieldBelow('description', [description]),
    objectsIn(questions).flatMap(questionLines),
  )
}

/** The sections of a template, question by question, and how answers are scored. */
export function templateContents({ sections, scoring }: Input): PreviewBlock[] {
  const scores = objectsIn(scoring).map(({ label, value }) => `${valueText(label)} = ${valueText(value)}`)
  return [
    ...longTextOf(
      objectsIn(sections).map((section) => ({
        lines: sectionLines(section),
        rest: `, ${counted(objectsIn(section['questions']).length, 'question')} in this section`,
      })),
      'more section',
    ),
    ...(scores.length > 0 ? [labelled('scoring', ...scores)] : []),
  ]
}

/** The most lines of each section that fit together: short sections leave room for long ones. */
function share(sizes: readonly number[], room: number): number {
  let left = room
  const ascending = [...sizes].sort((a, b) => a - b)
  for (const [at, size] of ascending.entries()) {
    const each = Math.floor(left / (ascending.length - at))
    if (size > each) return each
    left -= size
  }
  return room
}

/** What belongs together; `rest`: what is said where some of its lines are left out. */
interface Section {
  readonly lines: readonly PreviewLine[]
  readonly rest?: string
}

/** All lines, and for a short view the beginning of each section; none if there are no lines. */
function longTextOf(sections: readonly Section[], noun: string): LongText[] {
  const lines = sections.flatMap((section) => section.lines)
  return lines.length === 0 ? [] : [{ excerpt: excerpt(sections, noun), lines }]
}

/** If all lines of text are too many, each section begins, and the rest is counted. */
function excerpt(sections: readonly Section[], noun: string): string[] {
  const drawn = sections.map(({ lines, rest = '' }) => ({ lines: lines.flatMap(linesOf), rest }))
  const all = drawn.flatMap(({ lines }) => lines)
  if (all.length <= maxLines) return all
  // A line for what is left out of each, and one at the end.
  const shown = drawn.slice(0, Math.floor(maxLines / 2) - 1)
  const most = share(
    shown.map(({ lines }) => lines.length),
    maxLines - shown.length - 1,
  )
  const hidden = drawn.length - shown.length
  return texts(
    shown.flatMap(({ lines, rest }) =>
      // A single line takes no more room than the line that counts it.
      lines.length > most + 1
        ? [...lines.slice(0, most), `  (${counted(lines.length - most, 'more line')}${rest})`]
        : lines,
    ),
    hidden > 0 && `(${counted(hidden, noun)})`,
    `(${counted(all.length, 'line')} in all)`,
  )
}

/** A value before and after; of a long list, what goes and what comes. */
function beforeAndAfter(name: string, before: unknown, after: unknown): PreviewLine[] {
  if (!Array.isArray(before) || !Array.isArray(after))
    return [valueBelow(`${name} before`, before), valueBelow(`${name} after`, after)]
  const [old, now] = [before.map(optionText), after.map(optionText)]
  const [gone, come] = [old.filter((text) => !now.includes(text)), now.filter((text) => !old.includes(text))]
  if (gone.length + come.length === 0) return [valueBelow(`${name} in another order`, after)]
  return blocksOf(
    gone.length > 0 && fieldBelow(`${name} removed`, gone),
    come.length > 0 && fieldBelow(`${name} added`, come),
    now.length > come.length && fieldBelow(`${name} then`, now),
  )
}

function valueBelow(label: string, value: unknown): PreviewLine {
  if (!isShown(value)) return sentenceBelow(`${label}: none`)
  return fieldBelow(label, Array.isArray(value) ? value.map(optionText) : [value])
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** One edited question: what changes of it, all of a new one, the words of one that falls. */
function changeLine({ number, section, before, after }: Input): PreviewLine[] {
  const place = `question ${String(number)} of section`
  if (!isObject(before))
    return [
      labelled(number === 0 ? 'new, before question 1, of section' : `new, behind ${place}`, section),
      ...questionLines(isObject(after) ? after : {}),
    ]
  if (!isObject(after)) return [labelled(`removed, ${place}`, section), ...questionLines(before)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => !isEqual(before[name] || undefined, after[name] || undefined))
  return blocksOf<PreviewLine>(
    labelled(place, section),
    // What it is called, if its own words change or stay unsaid.
    !changed.includes('text') && fieldBelow('text', [before['text']]),
    // Two secrets have the same mask.
    changed.length === 0 &&
      sentenceBelow(
        countMasks(JSON.stringify(before)) > 0 ? '(alike, or it differs under a mask)' : '(as it is stored)',
      ),
    changed.flatMap((name) => beforeAndAfter(name, before[name], after[name])),
  )
}

/** The questions of a template that change, before and after; the sections that are sent follow. */
export function changeLines({ changes, sections }: Input): PreviewBlock[] {
  const blocks = longTextOf(
    objectsIn(changes).map((change) => ({ lines: changeLine(change) })),
    'more change',
  )
  return sections === undefined || blocks.length === 0
    ? blocks
    : ['compared with what is stored:', ...blocks, 'all that is sent:']
}

/** The mails that recipients get: `reminder, enabled true, noOfDays 3, interval 2`. */
export function mailLines({ notifications }: Input): PreviewField[] {
  return objectsIn(notifications).map(({ kind, enabled = true, ...rest }) =>
    labelled(
      'mail',
      kind,
      `enabled ${String(enabled)}`,
      ...Object.entries(rest).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name} ${valueText(value)}`],
      ),
    ),
  )
}
