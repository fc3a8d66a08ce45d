import { readFileSync } from 'node:fs'
import type { Assumption } from '../../../src/sandbox/assumptions/assumption.ts'
import { faultKinds } from '../../../src/sandbox/faults/faults.ts'
import { assumptions } from '../../../src/sandbox/server/assumptions.ts'
import { defaultKnobs } from '../../../src/sandbox/state/knobs.ts'
import { code, codes, folded, pluralize, table } from './table.ts'

// Blocks about the sandbox.

/** `field id` as its kind and its name; a name of several words is prose. */
function splitKind(what: string): { readonly kind: string; readonly name: string; readonly isName: boolean } {
  const [kind = '', ...words] = what.split(' ')
  return { kind, name: words.join(' '), isName: words.length === 1 }
}

/** Names of one kind, with one place and one reason, share a row. */
function inventionsByReason(): readonly (readonly Assumption[])[] {
  const groups = new Map<string, Assumption[]>()
  for (const invention of assumptions) {
    const { kind, name, isName } = splitKind(invention.what)
    const key = [kind, isName ? '' : name, invention.where, invention.reason].join('\n')
    groups.set(key, [...(groups.get(key) ?? []), invention])
  }
  return [...groups.values()]
}

function inventedRow(group: readonly Assumption[]): string[] {
  const [first] = group
  if (!first) return []
  const parts = group.map(({ what }) => splitKind(what))
  const names = parts.every(({ isName }) => isName) ? codes(parts.map(({ name }) => name)) : undefined
  return [names === undefined ? first.what : `${parts[0]?.kind} ${names}`, first.where, first.reason]
}

/** All assumptions of the sandbox, folded, since the table is long. */
export function inventedTable(): string {
  const rows = inventionsByReason().map(inventedRow)
  return folded(pluralize(assumptions.length, 'invention'), table(['what', 'where', 'why'], rows))
}

const commentLine = /^\s*(?:\/\*\*|\*(?!\/))?\s*(.*?)\s*(?:\*\/)?$/

/** The doc comment and the value of each entry of the table of knobs, from the source itself. */
export function knobMeanings(
  source: string,
): ReadonlyMap<string, { readonly value: string; readonly meaning: string }> {
  const [, body = ''] = /^const table = \{\n([\s\S]*?)^\}/m.exec(source) ?? []
  const meanings = new Map<string, { value: string; meaning: string }>()
  let comment: string[] = []
  for (const line of body.split('\n')) {
    const [, name, value] = /^ {2}(\w+): (.+),$/.exec(line) ?? []
    if (name === undefined || value === undefined) comment.push(commentLine.exec(line)?.[1] ?? '')
    else {
      meanings.set(name, { value, meaning: comment.filter((text) => text !== '').join(' ') })
      comment = []
    }
  }
  return meanings
}

export function knobTable(): string {
  const meanings = knobMeanings(
    readFileSync(new URL('../../../src/sandbox/state/knobs.ts', import.meta.url), 'utf8'),
  )
  const rows = Object.entries(defaultKnobs).map(([name, fallback]) => {
    const { value = '', meaning = '' } = meanings.get(name) ?? {}
    const choices = [...value.matchAll(/'([^']+)'/g)].flatMap(([, choice]) => choice ?? [])
    const values = choices.length === 0 ? [] : [`One of ${codes(choices)}.`]
    return [code(name), code(String(fallback)), [...values, meaning].join(' ')]
  })
  return table(['knob', 'default', 'meaning'], rows)
}

export function faultKindTable(): string {
  return table(
    ['kind', 'stage', 'what it does'],
    Object.entries(faultKinds).map(([kind, { stage, does }]) => [code(kind), stage, does]),
  )
}
