import type { NewState } from '../../../../operations/effects/new-state.ts'
import type { Input } from '../../../../operations/operation.ts'
import { fullName } from '../../../../operations/saq/people/names.ts'
import { searchUsers } from '../../../../operations/saq/users.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { texts } from '../../../../shared/format.ts'
import { objectsIn } from '../../../../shared/json.ts'
import type { ToolContext } from '../../../tool.ts'
import { addressKey } from '../../targets/addresses.ts'
import type { Target } from '../../targets/lookup.ts'
import type { SentEffect } from '../sent-effect.ts'
import { type ComparedField, compareFields, plainFields } from './compare.ts'
import { inQuotes, readRowsNow } from './rows-now.ts'
import { describeSeveral } from './several.ts'

const advice = 'look with saq_get_user'

const namesOf = (names: readonly unknown[]): string => names.map(String).sort().join(', ')

/** The order of tags means nothing. */
const tags: ComparedField = {
  name: 'tags',
  asked: ({ tags: asked }: Input) => (Array.isArray(asked) ? namesOf(asked) : undefined),
  shown: ({ tags: shown }: Row) =>
    Array.isArray(shown) ? namesOf(objectsIn(shown).map(({ name }) => name)) : undefined,
}

const [emailAddress, ...others] = plainFields('emailAddress', 'firstName', 'lastName', 'company', 'title')
const userFields: readonly ComparedField[] = [
  ...others,
  ...(emailAddress ? [{ ...emailAddress, key: addressKey }] : []),
  tags,
]

/** Said by the name. */
const inName = ['firstName', 'lastName']

/** A user's name, and the stored values of what a call set. `isWhole`: false for an answer, which shows a part. */
export function describeUser(
  args: Input,
  target: Target,
  { session }: ToolContext,
  isWhole = true,
): NewState {
  const { row = {}, id } = target
  const { alike, differences, hidden } = compareFields(args, target, userFields, session.redact)
  const name = fullName(row)
  const stored = alike.filter((field) => !inName.includes(field.name))
  const shown = texts(
    name !== '' && inQuotes(name),
    stored.map((field) => `${field.name} ${inQuotes(field.shown(row, args) ?? '')}`),
  ).join(', ')
  const clauses = texts(
    shown !== '' && shown,
    differences.length > 0 && `BUT Qualys shows ${differences.join(', and ')}: ${advice}`,
    isWhole && hidden.length > 0 && `Qualys does not show the ${hidden.join(' and ')}`,
  )
  const now = Object.fromEntries(stored.map((field) => [field.name, field.shown(row, args)]))
  return { text: clauses.join('; '), fields: { id, name, ...now } }
}

/** Users that were changed: the stored values of what was sent, and where they differ. */
export async function verifyUsers(
  { args, targets }: SentEffect,
  _record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const users = targets.product === 'saq' ? targets.users : []
  const [user] = users
  if (!user) return undefined
  if (users.length > 1)
    return describeSeveral(context, clock, { list: searchUsers, fields: userFields, args, targets: users })
  const { found, failure } = await readRowsNow(context, clock, searchUsers, [user.id])
  const target = found?.rows.get(user.id)
  return target
    ? describeUser(args, target, context)
    : { text: `its state ${failure ?? 'is not shown now'}: ${advice}` }
}
