import { inSentence } from '../../../../operations/sentences.ts'
import { comparableName, quotation } from '../../../../shared/safe-text.ts'
import type { Redact } from '../../../../shared/secrets.ts'

/** What a list of the operator is compared with: a tag or a host. What its record does not show is empty. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** An id as it is compared: Qualys reads `007` as the id 7. */
export const comparableId = (id: string): string => comparableName(id).replace(/^0+(?=\d)/, '')

/** True for an entry that is an id. */
export const isIdEntry = (entry: string): boolean => /^\d+$/.test(comparableName(entry))

const hasId = (entry: string, { id }: Named): boolean => comparableId(entry) === comparableId(id)

const hasName = (entry: string, { name }: Named): boolean =>
  comparableName(name) !== '' && comparableName(entry) === comparableName(name)

/** True if a list of allowed ones has it. Digits are an id, and nothing that is only named so. */
export const isAllowed = (list: readonly string[], one: Named): boolean =>
  list.some((entry) => (isIdEntry(entry) ? hasId(entry, one) : hasName(entry, one)))

/**
 * True if a list of blocked ones has it. Digits are an id, and block what is named so as well. Undefined if it cannot
 * be told: the list has a name, and the record shows only the id, or the reverse.
 */
export function isBlocked(list: readonly string[], one: Named): boolean | undefined {
  if (list.some((entry) => (isIdEntry(entry) && hasId(entry, one)) || hasName(entry, one))) return true
  const isReadable = (entry: string): boolean => comparableName(isIdEntry(entry) ? one.id : one.name) !== ''
  return list.every(isReadable) ? false : undefined
}

/** `host "web-1" (id 5)`; nothing if no list shows a name. */
export function inWords(noun: string, { id, name }: Named, redact: Redact): string[] {
  // The name is compared as Qualys sent it, and may hold a secret.
  if (name === '') return []
  return [`${noun} ${quotation(redact(name))}${id === '' ? '' : ` (id ${inSentence(id)})`}`]
}
