import { boundOf } from './kinds/bounds.ts'
import { comparisonOf, conditionOf } from './kinds/conditions.ts'
import { callOf, guardOf } from './kinds/removals.ts'
import { type Node, parse, walk } from './kinds/syntax.ts'

/** How a program can be changed by one small step. */
export const kinds = ['comparison', 'condition', 'bound', 'call', 'guard'] as const
export type Kind = (typeof kinds)[number]

/** Text to put in the place of another. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What an operator finds at a node: none, one or several changes. */
export type Operator = (node: Node, around: readonly Node[], source: string) => readonly Edit[]

const operators: Readonly<Record<Kind, Operator>> = {
  comparison: comparisonOf,
  condition: conditionOf,
  bound: boundOf,
  call: callOf,
  guard: guardOf,
}

/** One possible mutation of a file. */
export interface Point {
  readonly file: string
  /** From 1 on. */
  readonly line: number
  readonly kind: Kind
  readonly edit: Edit
  readonly before: string
  readonly after: string
  /** Stays the same while its line does, wherever that line is. */
  readonly key: string
}

export function mutate(source: string, { start, end, text }: Edit): string {
  return source.slice(0, start) + text + source.slice(end)
}

const shownCharacters = 110

/** Whole lines as one line, truncated where they are long. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line
}

/** The lines around a change, before it and after it. */
function linesOf(source: string, edit: Edit): { before: string; after: string } {
  const from = source.lastIndexOf('\n', edit.start - 1) + 1
  const next = source.indexOf('\n', edit.end)
  const to = next < 0 ? source.length : next
  const after = source.slice(from, edit.start) + edit.text + source.slice(edit.end, to)
  return { before: shorten(source.slice(from, to)), after: shorten(after) }
}

/** All mutations of a file, in the order of their places. */
export function pointsIn(file: string, source: string): Point[] {
  const found: Point[] = []
  const seen = new Map<string, number>()
  walk(parse(file, source), (node, around) => {
    for (const kind of kinds) {
      for (const edit of operators[kind](node, around, source)) {
        const line = source.slice(0, edit.start).split('\n').length
        const lines = linesOf(source, edit)
        const key = `${file} ${kind} ${lines.before} -> ${lines.after}`
        const times = seen.get(key) ?? 0
        seen.set(key, times + 1)
        found.push({ file, line, kind, edit, ...lines, key: times === 0 ? key : `${key} #${times + 1}` })
      }
    }
  })
  return found.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end)
}
