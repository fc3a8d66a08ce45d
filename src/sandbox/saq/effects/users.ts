import { removeRows } from '../../data/remove-rows.ts'
import type { User } from '../../data/saq/rows.ts'
import { nextId, type SaqStore } from '../../data/saq/store.ts'
import { invalidValue } from '../../http/api-error.ts'
import { successEnvelope } from '../../http/envelope.ts'
import type { Parsed } from '../../http/input.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../route.ts'
import { email, nonBlankText, objectId, readObject } from '../element-schema.ts'
import { applyChanges, listChanges } from '../list-schema.ts'
import { userKind } from '../object-kinds.ts'
import { dataObjects, readRequest } from '../request.ts'
import { newUserElement } from '../response-elements.ts'
import { requireRow, resolveId } from '../search.ts'
import { idsReply, matchingRows, readInputs, requestedRow } from './objects.ts'
import { ownerMark } from './rights.ts'
import { isSameTag, resolveTags, tagInput, validateTags } from './user-tags.ts'

const userInputs = {
  firstName: nonBlankText,
  lastName: nonBlankText,
  company: nonBlankText,
  emailAddress: email,
  title: nonBlankText,
}

/** create_user.htm */
const createUserInputs = { ...userInputs, tags: listChanges('Tag', tagInput, 'set', 'add') }
/** update_bulk.htm refers to the elements of update_user.htm. */
const updateUsersInputs = {
  ...userInputs,
  userName: nonBlankText,
  tags: listChanges('Tag', tagInput, 'set', 'add', 'remove'),
}
/** update_user.htm */
const updateUserInputs = { ...updateUsersInputs, id: objectId, uuid: nonBlankText }

/** Creates, updates and deletes users, one or many at a time. */
export const userChangeRoutes: RouteTable = {
  'POST /qps/rest/1.0/create/saq/user': { ...documented(createUsers), inputs: createUserInputs },
  'POST /qps/rest/1.0/update/saq/user/{userId}': { ...documented(updateUser), inputs: updateUserInputs },
  'POST /qps/rest/1.0/update/saq/user': { ...documented(updateUsers), inputs: updateUsersInputs },
  'POST /qps/rest/1.0/delete/saq/user/{userId}': documented(deleteUser),
  // The call in the sample of delete_user.htm.
  'GET /qps/rest/1.0/delete/saq/user/{userId}': documented(deleteUser),
  'POST /qps/rest/1.0/delete/saq/user': documented(deleteUsers),
}

/** Creates one or several users. */
function createUsers(call: Call): Reply {
  const { saq, random, knobs } = call.world
  const mandatory = ['firstName', 'lastName', 'company', 'emailAddress'] as const
  const objects = dataObjects(readRequest(call, 'data'), 'User')
  const parsedUsers = objects.map((object) =>
    readObject(object, createUserInputs, mandatory, knobs.strictEffects),
  )
  const used = usedAddresses(saq)
  const isInOrder = knobs.userLists === 'inOrder'
  if (!isInOrder) for (const { emailAddress } of parsedUsers) refuseUsedAddress(emailAddress, used)
  const tags = parsedUsers.map((user) => validateTags(saq, user.tags))
  const users = parsedUsers.map(({ tags: _, ...inputs }, index): User => {
    if (isInOrder) refuseUsedAddress(inputs.emailAddress, used)
    const user = {
      id: nextId(saq.users),
      uuid: random.uuid(),
      ...inputs,
      tags: applyChanges([], resolveTags(saq, tags[index] ?? {}), isSameTag),
      ...ownerMark(call.account),
    }
    saq.users.push(user)
    return user
  })
  return knobs.saqAnswers === 'whole'
    ? successEnvelope(call, { data: users.map(newUserElement) })
    : idsReply(call, userKind, users)
}

function updateUser(call: Call): Reply {
  const request = readRequest(call, 'data')
  const { id: inBody, uuid: _, ...inputs } = readInputs(call, request, userKind, updateUserInputs)
  return applyUpdate(call, [requireRow(call, userKind, resolveId(call, inBody))], inputs)
}

/** Updates every user that the filters match; without filters, all of them. */
function updateUsers(call: Call): Reply {
  const request = readRequest(call, 'filters', 'data')
  const inputs = readInputs(call, request, userKind, updateUsersInputs)
  return applyUpdate(call, matchingRows(call, userKind, request), inputs)
}

function applyUpdate(call: Call, rows: readonly User[], inputs: Parsed<typeof updateUsersInputs>): Reply {
  const { saq } = call.world
  const { tags, ...fields } = inputs
  const { emailAddress } = fields
  if (emailAddress !== undefined) {
    const own = new Set(rows.map((user) => user.emailAddress.toLowerCase()))
    if (rows.length > 1)
      throw invalidValue('emailAddress', emailAddress, 'Two users cannot have the same address.')
    if (!own.has(emailAddress.toLowerCase())) refuseUsedAddress(emailAddress, usedAddresses(saq))
  }
  const requestedTags = validateTags(saq, tags)
  const tagChanges = rows.length > 0 ? resolveTags(saq, requestedTags) : {}
  for (const user of rows)
    Object.assign(user, fields, { tags: applyChanges(user.tags, tagChanges, isSameTag) })
  return idsReply(call, userKind, rows)
}

function deleteUser(call: Call): Reply {
  return deleteRows(call, [requestedRow(call, userKind)])
}

/** Deletes every user that the filters match; without filters, all of them. */
function deleteUsers(call: Call): Reply {
  return deleteRows(call, matchingRows(call, userKind, readRequest(call, 'filters')))
}

function deleteRows(call: Call, rows: readonly User[]): Reply {
  const { users, campaigns } = call.world.saq
  const deleted = new Set(rows)
  // Questionnaires that were sent stay.
  const inactive = campaigns.filter(({ status }) => status === 'INACTIVE')
  for (const list of [users, ...inactive.map(({ recipients }) => recipients)]) {
    removeRows(list, (user) => deleted.has(user))
  }
  return idsReply(call, userKind, rows)
}

const usedAddresses = ({ users }: SaqStore) =>
  new Set(users.map(({ emailAddress }) => emailAddress.toLowerCase()))

function refuseUsedAddress(emailAddress: string, used: Set<string>): void {
  const address = emailAddress.toLowerCase()
  if (used.has(address))
    throw invalidValue('emailAddress', emailAddress, 'A user with this address exists already.')
  used.add(address)
}
