import type { Row } from '../../session/answer.ts'
import type { Session } from '../../session/session.ts'
import { isId } from '../../shared/json.ts'
import { comparableName, oneLine } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'

// Values for the arguments of prompts: rows that lists showed lately. A completion sends no request.

/** The list whose rows complete an argument. */
const lists = {
  script: 'car_search_scripts',
  run: 'car_search_jobs',
  tag: 'car_search_asset_tags',
  campaign: 'saq_search_campaigns',
} as const

/** What an argument is completed with. */
export type CompletionKind = keyof typeof lists

const maxTitle = 80

const nameIn = (row: Row, redact: Redact): string => {
  const name = row['title'] ?? row['name']
  return typeof name === 'string' ? oneLine(redact(name), maxTitle) : ''
}

/** A tag by its name alone, which may have blanks; all else by its id and its title, of which the prompts take the id. */
function completionOf(kind: CompletionKind, row: Row, redact: Redact): string {
  const name = nameIn(row, redact)
  if (kind === 'tag') return name
  return isId(row['id']) ? `${row['id']} ${name}`.trim() : ''
}

/** The values that hold what was typed, those that begin with it first. */
export async function completionsOf(
  kind: CompletionKind,
  typed: string,
  session: Session,
): Promise<readonly string[]> {
  const { lists: allLists } = await import('../../operations/index.ts')
  const list = allLists.find(({ name }) => name === lists[kind])
  const wanted = comparableName(typed)
  const rows = list ? session.recentRows(list) : []
  const found = new Set(
    rows
      .map((row) => completionOf(kind, row, session.redact))
      .filter((value) => value !== '' && comparableName(value).includes(wanted)),
  )
  const startsSo = (value: string): number => (comparableName(value).startsWith(wanted) ? 0 : 1)
  return [...found].sort((a, b) => startsSo(a) - startsSo(b))
}
