import { z } from 'zod'
import { oneRecord } from '../fields.ts'
import { type Input, operation } from '../operation.ts'
import { counted, idOrHint, inSentence } from '../sentences.ts'
import { emailAddress } from './email-address.ts'
import { criteriaForIds, listed, longId, longIds, missingCount, received, words } from './fields.ts'
import { userColumns } from './imports/user-columns.ts'

const fromUsers = 'from saq_search_users'
/** More than any operator may allow with QUALYS_MAX_BULK. */
const maxBulk = 1_000

const tags = z
  .array(words(255), { error: 'must be a list of names of tags' })
  .min(1, { error: 'must name at least one tag; leave it out for none' })
  .max(50, { error: 'must name at most 50 tags' })

/** Lists are written as QPS writes them; the create page shows no body with tags. */
function wireUser({
  tags: names,
  ...fields
}: Readonly<Record<string, unknown>> & { readonly tags?: readonly string[] | undefined }) {
  return { ...fields, ...(names && { tags: { set: { Tag: names.map((name) => ({ name })) } } }) }
}

const fields = {
  firstName: words(100),
  lastName: words(100),
  company: words(255),
  emailAddress,
  title: words(255),
  tags: tags.describe('names; replaces those there are'),
} as const

/** create_user.htm calls both names mandatory, and names no sign for a missing one. */
const bothNames =
  'Qualys requires firstName and lastName; pass a single name as both, and share out the words of a mailbox ("Security" and "Team")'
const newName = z
  .string({ error: `must be text: ${bothNames}` })
  .regex(/\S/, { error: `must not be empty: ${bothNames}` })
  .pipe(words(100))

const changeFields = z.object(fields).partial().shape

/** Users by id, as changes return them. */
const affected = z.looseObject({ id: received.id.optional(), count: received.number })

const recovery = 'look with saq_search_users'

/** The ids of new users; undefined if the answer does not name each. */
function idsOf({ all, count }: Input): readonly string[] | undefined {
  const ids = Array.isArray(all) ? all.map((user) => received.id.safeParse(user?.id).data) : []
  const known = ids.filter((id) => id !== undefined).map(String)
  return known.length > 0 && known.length === ids.length && known.length === Number(count) ? known : undefined
}

const searchForUsers = 'saq_search_users with emailAddress or company'

/** Where the ids of several new users are found: the first of them, and how to list the others. */
function idsText(record: Input, count: number): string {
  const ids = idsOf(record)
  if (ids?.length !== count) return searchForUsers
  const first = listed(ids.map((id) => inSentence(id, 40)))
  return count > 10 ? `${first} (${searchForUsers} lists them)` : first
}

/** For programs, the answer for several users is their number and ids: its other fields are those of the first. */
function withIds(record: Input): Input {
  const ids = idsOf(record)
  return ids ? { count: record['count'], ids } : record
}

const nothingToChange = 'There is nothing to change: pass the fields to set.'
const isEmpty = (input: object): boolean =>
  Object.keys(changeFields).every((name) => (input as Record<string, unknown>)[name] === undefined)

export const createUsers = operation({
  name: 'saq_create_users',
  title: 'Create SAQ users',
  description:
    'Add 1 to 100 people who may answer, review or approve; being in an active campaign is what mails them',
  route: 'POST /qps/rest/1.0/create/saq/user',
  effect: 'create',
  evidence: 'documented',
  source: 'saq/api/users/create_user.htm; tags as <set>, by the rule of the framework',
  input: {
    users: z
      .array(
        z.strictObject({
          firstName: newName,
          lastName: newName,
          company: fields.company,
          emailAddress: fields.emailAddress,
          title: fields.title.optional(),
          tags: tags.describe('names').optional(),
        }),
        { error: 'must be a list of users, each with firstName, lastName, company and emailAddress' },
      )
      .min(1, { error: 'must hold at least one user' })
      .max(maxBulk, { error: 'must hold at most 1,000 users' }),
  },
  request: ({ users }) => ({ body: { data: { User: users.map(wireUser) } } }),
  ...oneRecord(affected),
  abridge: withIds,
  change: {
    validate: ({ users }) => {
      const addresses = users.map(({ emailAddress }) => emailAddress.toLowerCase())
      const repeated = [...new Set(addresses.filter((address, at) => addresses.indexOf(address) !== at))]
      return repeated.length > 0
        ? `${listed(repeated)} ${repeated.length > 1 ? 'are' : 'is'} in the list twice: name each address once.`
        : undefined
    },
    targets: ({ users }) => ({
      product: 'saq',
      bulkSize: users.length,
      newAddresses: users.map(({ emailAddress }) => emailAddress),
    }),
    imports: { by: 'rows', into: 'users', columns: userColumns, most: 100, unique: 'emailAddress' },
    verify: 'addresses',
    summary: ({ id, count }, { users }) =>
      users.length === 1
        ? `user ${idOrHint(id, 'saq_search_users')} created`
        : `${users.length} users sent; Qualys counts ${count === undefined ? 'none of them' : inSentence(count, 40)} created`,
    next: ({ users }, record) =>
      users.length > 1 ? `Their ids: ${idsText(record, users.length)}.` : undefined,
    recovery: `${recovery} and emailAddress`,
  },
})

export const updateUser = operation({
  name: 'saq_update_user',
  title: 'Update an SAQ user',
  description: 'Change one user; what is left out stays',
  route: 'POST /qps/rest/1.0/update/saq/user/{userId}',
  effect: 'update',
  evidence: 'documented',
  source:
    'saq/api/users/update_user.htm: its table calls every field mandatory, its prose and the bulk page none',
  input: { userId: longId(fromUsers), ...changeFields },
  request: ({ userId, ...fields }) => ({ body: { data: { User: { id: userId, ...wireUser(fields) } } } }),
  ...oneRecord(affected),
  change: {
    validate: (input) => (isEmpty(input) ? nothingToChange : undefined),
    targets: ({ userId }) => ({ product: 'saq', users: [userId] }),
    expectedIds: ({ userId }) => [userId],
    verify: 'users',
    summary: (_, { userId }) => `user ${userId} updated`,
    recovery: 'look with saq_get_user',
  },
})

export const updateUsers = operation({
  name: 'saq_update_users',
  title: 'Update SAQ users in bulk',
  description: 'Set the same values on several users, exactly those named by id',
  route: 'POST /qps/rest/1.0/update/saq/user',
  effect: 'update',
  evidence: 'documented',
  source: 'saq/api/users/update_bulk.htm',
  input: {
    ids: longIds(fromUsers, maxBulk),
    company: changeFields.company,
    title: changeFields.title,
    firstName: changeFields.firstName,
    lastName: changeFields.lastName,
    tags: changeFields.tags,
  },
  request: ({ ids, ...fields }) => ({
    body: { criteria: criteriaForIds(ids), data: { User: wireUser(fields) } },
  }),
  ...oneRecord(affected),
  change: {
    validate: (input) => (isEmpty(input) ? nothingToChange : undefined),
    targets: ({ ids }) => ({ product: 'saq', users: ids, bulkSize: ids.length }),
    expectedIds: ({ ids }) => ids,
    verify: 'users',
    summary: (record, { ids }) => `${counted(ids.length, 'user')} updated${missingCount(record)}`,
    recovery: recovery,
  },
})

export const deleteUser = operation({
  name: 'saq_delete_user',
  title: 'Delete an SAQ user',
  description: 'Remove one user for good',
  route: 'POST /qps/rest/1.0/delete/saq/user/{userId}',
  effect: 'delete',
  evidence: 'documented',
  source: 'saq/api/users/delete_user.htm samples GET with a body; all its siblings delete by POST',
  input: { userId: longId(fromUsers) },
  request: ({ userId }) => ({ body: { data: { User: { id: userId } } } }),
  ...oneRecord(affected),
  change: {
    targets: ({ userId }) => ({ product: 'saq', users: [userId] }),
    warnings: () => [
      'A deleted user cannot be brought back; what becomes of their open questionnaires is not documented.',
    ],
    expectedIds: ({ userId }) => [userId],
    verify: 'deletion',
    summary: (_, { userId }) => `user ${userId} deleted`,
    recovery: recovery,
  },
})

export const deleteUsers = operation({
  name: 'saq_delete_users',
  title: 'Delete SAQ users in bulk',
  description: 'Remove several users for good, exactly those named by id',
  route: 'POST /qps/rest/1.0/delete/saq/user',
  effect: 'delete',
  evidence: 'documented',
  source: 'saq/api/users/delete_bulk.htm: its heading prints update, its sample delete',
  input: { ids: longIds(fromUsers, maxBulk) },
  request: ({ ids }) => ({ body: { criteria: criteriaForIds(ids) } }),
  ...oneRecord(affected),
  change: {
    targets: ({ ids }) => ({ product: 'saq', users: ids, bulkSize: ids.length }),
    warnings: () => [
      'Deleted users cannot be brought back; what becomes of their open questionnaires is not documented.',
    ],
    expectedIds: ({ ids }) => ids,
    verify: 'deletion',
    summary: (record, { ids }) => `${counted(ids.length, 'user')} deleted${missingCount(record)}`,
    recovery: recovery,
  },
})
