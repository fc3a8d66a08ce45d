import type { Input, Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { isLong, plainText } from '../replies/cells.ts'
import { maxTextLengthOnPage } from '../replies/reply.ts'
import { type LineSearch, matchedLines } from './matched-lines.ts'
import { wordsOf } from './searched-text.ts'

/**
 * For each row the text whose lines hold words of `match`, as an excerpt; undefined for a row that `match` found elsewhere.
 * The rows are redacted. Shorter than the rows, if those after it do not fit in a reply.
 */
export async function excerptsOf(
  { matchedLines: column }: Operation,
  rows: readonly Row[],
  { match, fields }: Input,
  search: Omit<LineSearch, 'words' | 'match'>,
): Promise<(Row | undefined)[]> {
  const words = typeof match === 'string' ? wordsOf(match) : []
  if (column === undefined || words.length === 0) return []
  if (Array.isArray(fields) && !fields.some((field) => field === column || field === '*')) return []
  const max = rows.length > 1 ? maxTextLengthOnPage : search.budget
  const excerpts: (Row | undefined)[] = []
  let size = 0
  for (const { [column]: text } of rows) {
    if (size > search.budget) break
    const excerpt =
      typeof text === 'string' && isLong(text)
        ? await matchedLines(text, { ...search, words, match: String(match) })
        : undefined
    excerpts.push(excerpt && { [column]: excerpt })
    size += excerpt?.show(max).text.length ?? Math.min(max, plainText(text).length)
  }
  return excerpts
}
