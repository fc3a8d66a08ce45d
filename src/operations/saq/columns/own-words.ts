import { unseen } from '../../unseen.ts'

/** What a row counts as that does not show enough. */
export const unknown = 'unknown'
/** What a record that is not open, or not past its due date, counts as. */
export const notOverdue = 'not overdue'
export const noRecipients = 'no recipients'
export const noTags = 'no tags'

/** The words of ours that are no names of Qualys. */
export const placeholders = { unknown: [unknown], none: [noRecipients, noTags] } as const

const ownWords: readonly string[] = [...placeholders.unknown, ...placeholders.none]
const aroundName = new RegExp(`[\\s"${unseen}]+`, 'gu')

/** A name of Qualys beside those words: in quotes if it reads like one of them, however it is written. */
export const apart = (name: string): string =>
  ownWords.includes(name.replace(aroundName, ' ').trim().toLowerCase()) ? JSON.stringify(name) : name
