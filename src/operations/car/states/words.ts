import type { ShownTargets, TargetKind } from '../../effects/new-state.ts'
import { isObject } from '../../json-object.ts'
import { counted, inSentence, quoted } from '../../sentences.ts'

type Row = Readonly<Record<string, unknown>>

// Parts of clauses about the state after an effect. What they quote is masked already.

/** The first of the fields that has a text. */
export const textIn = (row: Row | undefined, ...names: readonly string[]): string | undefined =>
  names.map((name) => row?.[name]).find((value) => typeof value === 'string' && /\S/.test(value)) as
    | string
    | undefined

/** ` "Nightly"`, to stand behind an id; nothing without a title. */
export const titled = (title: string | undefined): string => (title === undefined ? '' : ` ${quoted(title)}`)

/** An id with the title that the preview showed: `19218 "Nightly"`. */
export function withTitle(kind: TargetKind, id: string, shown: ShownTargets): string {
  return `${id}${titled(textIn(shown.row(kind, id), 'title', 'name', 'reportName'))}`
}

/** The first of some texts, and how many there are besides. */
export function someOf(parts: readonly string[], max: number): string {
  const rest = parts.length - max
  return [...parts.slice(0, max), ...(rest > 0 ? [`${rest.toLocaleString('en')} more`] : [])].join(', ')
}

const maxNames = 3

/** `2 hosts: "a", "b"`; the count alone if some names are not known. */
export function countedByName(noun: string, count: number, names: readonly string[]): string {
  const all = names.map((name) => quoted(name))
  return `${counted(count, noun)}${all.length === count ? `: ${someOf(all, maxNames)}` : ''}`
}

/** An id in a row as text; undefined if the row shows none. */
export const idIn = (row: Row, name = 'id'): string | undefined => {
  const id = row[name]
  return typeof id === 'number' || typeof id === 'bigint' || (typeof id === 'string' && id !== '')
    ? String(id)
    : undefined
}

/** A person in an answer: a name or an id, alone or in an object. */
export function personIn(value: unknown): string | undefined {
  if (isObject(value)) return textIn(value, 'name', 'userName', 'username', 'emailAddress', 'id')
  return textIn({ value }, 'value')
}

/** A word of Qualys in a clause. */
export const word = (value: unknown): string => inSentence(value, 60)
