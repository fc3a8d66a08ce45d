import type { User } from '../../data/saq/rows.ts'
import { nextId, type SaqStore } from '../../data/saq/store.ts'
import { invalidValue } from '../../http/api-error.ts'
import { successEnvelope } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { compileFilters } from '../criteria.ts'
import { email, nonBlankText, objectId, type ParsedObject, readObject } from '../element-schema.ts'
import { userFilters } from '../filters.ts'
import { applyChanges, listChanges } from '../list-schema.ts'
import { userKind } from '../object-kinds.ts'
import { dataObject, dataObjects, readRequest } from '../request.ts'
import { newUserElement } from '../response-elements.ts'
import { rowById, scopedRows } from '../search.ts'
import { readObjectId, resolveId } from './object-id.ts'
import { ownerMark, requireWriteAccess } from './rights.ts'
import { isSameTag, resolveTags, tagInput, validateTags } from './user-tags.ts'

const userInputs = {
  firstName: nonBlankText,
  lastName: nonBlankText,
  company: nonBlankText,
  emailAddress: email,
  title: nonBlankText,
}

/** create_user.htm */
export const createUserInputs = { ...userInputs, tags: listChanges('Tag', tagInput, 'set', 'add') }
/** update_bulk.htm refers to the elements of update_user.htm. */
export const updateUsersInputs = {
  ...userInputs,
  userName: nonBlankText,
  tags: listChanges('Tag', tagInput, 'set', 'add', 'remove'),
}
/** update_user.htm */
export const updateUserInputs = { ...updateUsersInputs, id: objectId, uuid: nonBlankText }

/** Creates, updates and deletes users, one or many at a time. */
export function userChangeRoutes(world: World): RouteTable {
  const deleteOne = requireWriteAccess((call) => deleteUser(world, call))
  return {
    'POST /qps/rest/1.0/create/saq/user': documented(requireWriteAccess((call) => createUsers(world, call))),
    'POST /qps/rest/1.0/update/saq/user/{userId}': documented(
      requireWriteAccess((call) => updateUser(world, call)),
    ),
    'POST /qps/rest/1.0/update/saq/user': documented(requireWriteAccess((call) => updateUsers(world, call))),
    'POST /qps/rest/1.0/delete/saq/user/{userId}': documented(deleteOne),
    // The call in the sample of delete_user.htm.
    'GET /qps/rest/1.0/delete/saq/user/{userId}': documented(deleteOne),
    'POST /qps/rest/1.0/delete/saq/user': documented(requireWriteAccess((call) => deleteUsers(world, call))),
  }
}

/** Creates one or several users: all or none. */
function createUsers(world: World, call: Call): Reply {
  const { saq, random, knobs } = world
  const mandatory = ['firstName', 'lastName', 'company', 'emailAddress'] as const
  const objects = dataObjects(readRequest(world, call, 'data'), 'User')
  const parsedUsers = objects.map((object) =>
    readObject(object, createUserInputs, mandatory, knobs.strictEffects),
  )
  const used = usedAddresses(saq)
  for (const { emailAddress } of parsedUsers) refuseUsedAddress(emailAddress, used)
  const tags = parsedUsers.map((user) => validateTags(saq, user.tags))
  const users = parsedUsers.map(({ tags: _, ...inputs }, index): User => {
    const user = {
      id: nextId(saq.users),
      uuid: random.uuid(),
      ...inputs,
      tags: applyChanges([], resolveTags(saq, tags[index] ?? {}), isSameTag),
      ...ownerMark(callerOf(call)),
    }
    saq.users.push(user)
    return user
  })
  return successEnvelope(call, { count: users.length, data: users.map(newUserElement) })
}

function updateUser(world: World, call: Call): Reply {
  const object = dataObject(readRequest(world, call, 'data'), 'User')
  const {
    id: inBody,
    uuid: _,
    ...inputs
  } = readObject(object, updateUserInputs, [], world.knobs.strictEffects)
  const user = rowById(userKind, scopedRows(world, call, userKind), resolveId(call, inBody))
  return applyUpdate(world, call, [user], inputs)
}

/** Updates every user that the filters match; without filters, all of them. */
function updateUsers(world: World, call: Call): Reply {
  const request = readRequest(world, call, 'filters', 'data')
  const inputs = readObject(dataObject(request, 'User'), updateUsersInputs, [], world.knobs.strictEffects)
  const rows = scopedRows(world, call, userKind).filter(compileFilters(request.filters, userFilters, false))
  return applyUpdate(world, call, rows, inputs)
}

function applyUpdate(
  { saq }: World,
  call: Call,
  rows: readonly User[],
  inputs: ParsedObject<typeof updateUsersInputs>,
): Reply {
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
  return idsReply(call, rows)
}

function deleteUser(world: World, call: Call): Reply {
  const rows = scopedRows(world, call, userKind)
  return removeUsers(world, call, [rowById(userKind, rows, readObjectId(world, call, 'User'))])
}

/** Deletes every user that the filters match; without filters, all of them. */
function deleteUsers(world: World, call: Call): Reply {
  const { filters } = readRequest(world, call, 'filters')
  return removeUsers(
    world,
    call,
    scopedRows(world, call, userKind).filter(compileFilters(filters, userFilters, false)),
  )
}

function removeUsers({ saq }: World, call: Call, rows: readonly User[]): Reply {
  const removed = new Set(rows)
  const without = (users: User[]) => users.filter((user) => !removed.has(user))
  saq.users.splice(0, saq.users.length, ...without(saq.users))
  // Questionnaires that were sent stay.
  for (const campaign of saq.campaigns) {
    if (campaign.status === 'INACTIVE') campaign.recipients = without(campaign.recipients)
  }
  return idsReply(call, rows)
}

function idsReply(call: Call, rows: readonly User[]): Reply {
  return successEnvelope(call, {
    count: rows.length,
    data: rows.map((user) => element('User', { id: user.id })),
  })
}

const usedAddresses = ({ users }: SaqStore) =>
  new Set(users.map(({ emailAddress }) => emailAddress.toLowerCase()))

function refuseUsedAddress(emailAddress: string, used: Set<string>): void {
  const address = emailAddress.toLowerCase()
  if (used.has(address))
    throw invalidValue('emailAddress', emailAddress, 'A user with this address exists already.')
  used.add(address)
}
