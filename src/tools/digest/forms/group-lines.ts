import type { Steps } from '../../../shared/turns/steps.ts'
import type { HostsOfLine } from '../lines/hosts-of-lines.ts'
import type { LineStore } from '../lines/line-store.ts'
import { holdsDigit } from '../lines/line-tokens.ts'
import { type Form, isPlace, keyOf, partsOf, pathsOf, tokensOf, unionOf, valuesOf } from './form.ts'
import { mergeFlexibly, mergeForms } from './merge-forms.ts'
import { fieldPart, mergeRecords } from './merge-records.ts'

/** A share of the hosts; a word that fewer print is rare. */
const rareShare = 0.02
const minHosts = 5

/** Tells the words that hardly any host prints. */
function* rareWords(
  lines: readonly number[],
  hostsOf: HostsOfLine,
  store: LineStore,
  hosts: number,
): Steps<(word: string) => boolean> {
  if (hosts < minHosts) return () => false
  const counts = new Map<string, number>()
  for (const line of lines) {
    yield
    const text = store.textOf(line)
    if (pathsOf(text)) continue
    const count = hostsOf(line).length
    for (const word of new Set(tokensOf(text).tokens))
      if (!holdsDigit(word)) counts.set(word, (counts.get(word) ?? 0) + count)
  }
  const most = Math.max(1, hosts * rareShare)
  return (word) => (counts.get(word) ?? 0) <= most
}

/** Tells the keys with digits that most hosts print. */
function* knownKeys(
  lines: readonly number[],
  hostsOf: HostsOfLine,
  store: LineStore,
  hosts: number,
): Steps<(key: string) => boolean> {
  const counts = new Map<string, number>()
  for (const line of lines) {
    yield
    const key = keyOf(store.textOf(line))
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + hostsOf(line).length)
  }
  return (key) => (counts.get(key) ?? 0) * 2 >= hosts
}

/** Skeletons of lines that are compared; of more, the most frequent. */
const maxSkeletons = 20_000

/** The lines that are compared, and those whose skeleton is too rare for that. */
function* comparableLines(
  lines: readonly number[],
  hostsOf: HostsOfLine,
  store: LineStore,
): Steps<{ readonly compared: readonly number[]; readonly unlike: readonly number[] }> {
  const counts = new Map<number, number>()
  for (const line of lines) {
    yield
    const skeleton = store.skeletonOf(line)
    counts.set(skeleton, (counts.get(skeleton) ?? 0) + hostsOf(line).length)
  }
  if (counts.size <= maxSkeletons) return { compared: lines, unlike: [] }
  const least = [...counts.values()].sort((a, b) => b - a)[maxSkeletons] ?? 0
  const isCompared = (line: number): boolean => (counts.get(store.skeletonOf(line)) ?? 0) > least
  return { compared: lines.filter(isCompared), unlike: lines.filter((line) => !isCompared(line)) }
}

/** Lines that are equal but for their numbers and rare words. */
function* firstForms(
  lines: readonly number[],
  hostsOf: HostsOfLine,
  store: LineStore,
  hosts: number,
): Steps<Form[]> {
  const isRare = yield* rareWords(lines, hostsOf, store, hosts)
  const isKnownKey = yield* knownKeys(lines, hostsOf, store, hosts)
  const drafts = new Map<string, { parts: readonly string[]; paths: string[] | undefined; lines: number[] }>()
  for (const line of lines) {
    yield
    const text = store.textOf(line)
    const paths = pathsOf(text)
    const parts = paths?.map(fieldPart) ?? partsOf(text, isRare, isKnownKey)
    const key = parts.join('\u0004')
    const draft = drafts.get(key)
    if (draft) draft.lines.push(line)
    else drafts.set(key, { parts, paths, lines: [line] })
  }
  return [...drafts.values()].map(({ parts, paths, lines: own }) => ({
    parts,
    ...(paths && { paths }),
    lines: own,
    hosts: unionOf(own.map(hostsOf)),
  }))
}

/** Lines of one form on one host, on average, from which a place may tell them apart. */
const minLinesPerHost = 1.5
/** A share of the hosts that print a value, from which it is the name of something that each host has. */
const minEntityShare = 0.5
const maxSplits = 3

/**
 * Splits a form of which each host prints several lines by the values that most hosts have: `eth0 up` and `eth1 up`
 * are about two things.
 */
function* splitByEntity(form: Form, hostsOf: HostsOfLine, store: LineStore): Steps<readonly Form[]> {
  const { parts, flexible, lines, hosts } = form
  const occurrences = lines.reduce((sum, line) => sum + hostsOf(line).length, 0)
  if (flexible !== undefined || occurrences < hosts.length * minLinesPerHost) return [form]
  // Of two hosts, both.
  const leastHosts = Math.max(2, hosts.length * minEntityShare)
  const values = new Map<number, readonly (string | undefined)[]>()
  for (const line of lines) {
    yield
    values.set(line, valuesOf(form, store.textOf(line)))
  }
  for (const [at, part] of parts.entries()) {
    if (!isPlace(part)) continue
    const byValue = new Map<string, number[]>()
    for (const line of lines) {
      yield
      const value = values.get(line)?.[at] ?? ''
      const own = byValue.get(value)
      if (own) own.push(line)
      else byValue.set(value, [line])
    }
    const entities = [...byValue]
      .map(([value, own]) => ({ value, lines: own, hosts: unionOf(own.map(hostsOf)) }))
      .filter((entity) => entity.value !== '' && entity.hosts.length >= leastHosts)
    if (entities.length < 2) continue
    const isEntity = new Set(entities.flatMap((entity) => entity.lines))
    const rest = lines.filter((line) => !isEntity.has(line))
    return [
      ...entities.map(({ value, lines: own, hosts: ownHosts }) => ({
        ...form,
        parts: parts.map((other, index) => (index === at ? `${other.slice(0, -1)}${value}` : other)),
        lines: own,
        hosts: ownHosts,
      })),
      ...(rest.length > 0 ? [{ ...form, lines: rest, hosts: unionOf(rest.map(hostsOf)) }] : []),
    ]
  }
  return [form]
}

/** Splits a form, and what comes of it, as long as there is something to split. */
function* splitByEntities(
  form: Form,
  hostsOf: HostsOfLine,
  store: LineStore,
  splitsLeft = maxSplits,
): Steps<readonly Form[]> {
  const parts = splitsLeft > 0 ? yield* splitByEntity(form, hostsOf, store) : [form]
  if (parts.length < 2) return parts
  const forms: Form[] = []
  for (const part of parts) forms.push(...(yield* splitByEntities(part, hostsOf, store, splitsLeft - 1)))
  return forms
}

/** The forms of the lines of several outputs, compared with each other. */
export function* formsOf(
  lines: readonly number[],
  hostsOf: HostsOfLine,
  store: LineStore,
  hosts: number,
): Steps<Form[]> {
  const { compared, unlike } = yield* comparableLines(lines, hostsOf, store)
  const first = yield* firstForms(compared, hostsOf, store, hosts)
  const merged = mergeFlexibly(yield* mergeForms(mergeRecords(first)), hosts)
  const forms: Form[] = []
  for (const form of merged) forms.push(...(yield* splitByEntities(form, hostsOf, store)))
  if (unlike.length > 0)
    forms.push({ parts: [''], isUnlike: true, lines: unlike, hosts: unionOf(unlike.map(hostsOf)) })
  return forms
}
