import type { NewState } from '../../../../operations/effects/new-state.ts'
import type { Input, Operation } from '../../../../operations/operation.ts'
import { fullName } from '../../../../operations/saq/people/names.ts'
import { inSentence } from '../../../../operations/sentences.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { formatNumber, texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import type { Target } from '../../targets/lookup.ts'
import { type ComparedField, compareFields } from './compare.ts'
import { inQuotes, readRowsNow } from './rows-now.ts'

const maxNamed = 5

/** The name of a template, a campaign or a person. */
const titleOf = (row: Row = {}): string => (typeof row['name'] === 'string' ? row['name'] : fullName(row))

/** An object by its id, with its name where that is known: `338061 "Ann Lee"`. */
export function idAndName({ id, row }: Target): string {
  const title = titleOf(row)
  return title === '' ? inSentence(id, 40) : `${inSentence(id, 40)} ${inQuotes(title)}`
}

/** The name of an object whose id the reply says already. */
export function nameOrIt({ row }: Target): string {
  const title = titleOf(row)
  return title === '' ? 'it' : inQuotes(title)
}

/** The first of some phrases, and how many more there are. */
export function listFirst(phrases: readonly string[], separator = ', '): string {
  const more = phrases.length - maxNamed
  const first = phrases.slice(0, maxNamed).join(separator)
  return more > 0 ? `${first} and ${formatNumber(more)} more` : first
}

/** Objects that one call changed alike. */
export interface Changed {
  readonly list: Operation
  readonly fields: readonly ComparedField[]
  readonly args: Input
  /** As they were before. */
  readonly targets: readonly Target[]
}

/** Whether several objects hold what was sent; those that do not are named. */
export async function describeSeveral(
  context: ToolContext,
  clock: Clock,
  { list, fields, args, targets }: Changed,
): Promise<NewState> {
  const ids = targets.map(({ id }) => id)
  const { found, failure } = await readRowsNow(context, clock, list, ids)
  const advice = `look with ${list.name}`
  if (!found) return { text: `their state ${failure}: ${advice}` }
  const seen = found.ids.flatMap((id) => found.rows.get(id) ?? [])
  const unseen = targets.filter(({ id }) => found.ids.includes(id) && !found.rows.has(id))
  const compared = seen.map((target) => ({
    target,
    ...compareFields(args, target, fields, context.session.redact),
  }))
  const others = compared.filter(({ differences }) => differences.length > 0)
  const asSent = compared.filter(({ differences, hidden }) => differences.length + hidden.length === 0)
  const hidden = [...new Set(compared.flatMap((one) => one.hidden))]
  const names = fields.filter((field) => field.asked(args) !== undefined).map(({ name }) => name)
  const clauses = texts(
    asSent.length > 0 &&
      `${names.join(' and ')} as sent: ${listFirst(asSent.map(({ target }) => idAndName(target)))}`,
    others.length > 0 &&
      `BUT Qualys shows otherwise: ${listFirst(
        others.map(({ target, differences }) => `${idAndName(target)} ${differences.join(', and ')}`),
        '; ',
      )}: ${advice}`,
    hidden.length > 0 && `Qualys does not show the ${hidden.join(' and ')} of all of them`,
    unseen.length > 0 && `not shown now: ${listFirst(unseen.map(idAndName))}: ${advice}`,
    found.ids.length < ids.length &&
      `the first ${formatNumber(found.ids.length)} of ${formatNumber(ids.length)} were looked at`,
  )
  return {
    text: clauses.join('; '),
    fields: {
      asSent: asSent.length,
      different: others.map(({ target }) => target.id),
      lookedAt: found.ids.length,
    },
  }
}
