/** What a row counts as that does not show enough. */
export const unknown = 'unknown'
/** What a record that is not open, or not past its due date, counts as. */
export const notOverdue = 'not overdue'
export const noRecipients = 'no recipients'
export const noTags = 'no tags'

const ownWords: readonly string[] = [unknown, noRecipients, noTags]

/** A name of Qualys beside those words: in quotes if it reads like one of them. */
export const apart = (name: string): string => (ownWords.includes(name.trim()) ? JSON.stringify(name) : name)
