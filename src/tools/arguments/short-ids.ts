import type { Input, Operation } from '../../operations/operation.ts'
import type { ShortId } from '../../operations/reads/short-ids.ts'
import { inSentence } from '../../operations/sentences.ts'
import type { Row } from '../../session/answer.ts'
import { InputError } from '../../shared/errors.ts'
import { formatNumber } from '../../shared/format.ts'
import type { ToolContext } from '../tool.ts'

// A UUID by its first eight characters, in reads: only where the list that is read holds one such.

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** True for the first eight characters of a UUID. Eight digits alone are a number. */
export const isShortUuid = (id: unknown): id is string =>
  typeof id === 'string' && /^[0-9a-f]{8}$/i.test(id) && /[a-f]/i.test(id)

/** More rows of a list are not read. */
const maxRows = 10_000
/** A refusal names no more candidates. */
const maxNamed = 5

type Context = Pick<ToolContext, 'session' | 'signal'>

/** The one row whose UUID begins like this. Throws an InputError if there is none, or several. `input`: of the list. */
export async function findByStart(
  { list, field, title }: ShortId<Operation>,
  start: string,
  { session, signal }: Context,
  input: Input = {},
): Promise<Row> {
  const found = new Map<string, Row>()
  let scanned = 0
  for await (const { rows } of session.walk(list, input, { signal })) {
    for (const row of rows) {
      const id = row[field]
      if (typeof id === 'string' && uuid.test(id) && id.toLowerCase().startsWith(start.toLowerCase()))
        found.set(id, row)
    }
    scanned += rows.length
    if (scanned >= maxRows) break
  }
  const [first, ...others] = [...found]
  if (first && others.length === 0) return first[1]
  if (!first)
    throw new InputError(
      `${list.name} shows no ${field} that begins with ${start} in ${scanned < maxRows ? '' : 'the first '}${formatNumber(scanned)} rows.`,
      'Pass the whole id as that list shows it.',
    )
  const named = [first, ...others]
    .slice(0, maxNamed)
    .map(([id, row]) => `${session.redact(inSentence(row[title] ?? 'no title'))} (${id})`)
  const rest = found.size - named.length
  throw new InputError(
    `${start} begins the ${field} of several: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
    'Pass the whole id.',
  )
}

/** The arguments of a read with whole UUIDs. */
export async function withWholeIds(
  { shortIds = {} }: Operation,
  args: Input,
  context: Context,
): Promise<Input> {
  let whole = args
  for (const [name, where] of Object.entries(shortIds)) {
    const start = args[name]
    if (!isShortUuid(start)) continue
    const row = await findByStart(where, start, context)
    whole = { ...whole, [name]: String(row[where.field]) }
  }
  return whole
}
