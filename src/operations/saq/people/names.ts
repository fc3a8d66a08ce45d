type Row = Readonly<Record<string, unknown>>

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A name as names are compared. */
export const normalizedName = (name: string): string =>
  name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** First and last name of a user; empty if the record shows none. */
export const fullName = (row: Row): string =>
  [textOf(row['firstName']), textOf(row['lastName'])].filter((part) => part !== '').join(' ')

/**
 * The recipient in a questionnaire's title: "<campaign> - <first> <last>" (search_questionnaires.htm).
 * Undefined if the title has another form.
 */
export function recipientInTitle(title: string, campaign: string): string | undefined {
  const [trimmed, prefix] = [title.trim(), campaign.trim()]
  if (!trimmed.startsWith(prefix)) return undefined
  const [dash = '', name] = /^\s*-\s+(.*)$/s.exec(trimmed.slice(prefix.length)) ?? []
  return dash === '' || name === '' ? undefined : name
}
