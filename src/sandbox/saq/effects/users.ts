import type { User } from '../../data/saq/rows.ts'
import { nextId, type SaqStore } from '../../data/saq/store.ts'
import { invalid } from '../../http/api-error.ts'
import { succeeded } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { compiled } from '../criteria.ts'
import { email, id, type Read, readObject, words } from '../elements.ts'
import { userFilters } from '../filters.ts'
import { userKind } from '../kinds.ts'
import { changed, changes } from '../lists.ts'
import { objectIn, objectsIn, readRequest } from '../request.ts'
import { rowById, rowsFor } from '../search.ts'
import { showNewUser } from '../shown.ts'
import { namedId, sameId } from './named-object.ts'
import { changing, madeBy } from './rights.ts'
import { resolved, sameTag, tag, tagsOf } from './user-tags.ts'

const person = { firstName: words, lastName: words, company: words, emailAddress: email, title: words }

/** create_user.htm */
export const createUserInputs = { ...person, tags: changes('Tag', tag, 'set', 'add') }
/** update_bulk.htm refers to the elements of update_user.htm. */
export const updateUsersInputs = {
  ...person,
  userName: words,
  tags: changes('Tag', tag, 'set', 'add', 'remove'),
}
/** update_user.htm */
export const updateUserInputs = { ...updateUsersInputs, id, uuid: words }

/** Creates, updates and deletes users, one or many at a time. */
export function userChangeRoutes(world: World): RouteTable {
  const one = changing((call) => deletedOne(world, call))
  return {
    'POST /qps/rest/1.0/create/saq/user': documented(changing((call) => created(world, call))),
    'POST /qps/rest/1.0/update/saq/user/{userId}': documented(changing((call) => updatedOne(world, call))),
    'POST /qps/rest/1.0/update/saq/user': documented(changing((call) => updatedAll(world, call))),
    'POST /qps/rest/1.0/delete/saq/user/{userId}': documented(one),
    // The call in the sample of delete_user.htm.
    'GET /qps/rest/1.0/delete/saq/user/{userId}': documented(one),
    'POST /qps/rest/1.0/delete/saq/user': documented(changing((call) => deletedAll(world, call))),
  }
}

/** Creates one or several users: all or none. */
function created(world: World, call: Call): Reply {
  const { saq, chance, knobs } = world
  const must = ['firstName', 'lastName', 'company', 'emailAddress'] as const
  const objects = objectsIn(readRequest(world, call, 'data'), 'User')
  const given = objects.map((object) => readObject(object, createUserInputs, must, knobs.strictEffects))
  const taken = addresses(saq)
  for (const { emailAddress } of given) refuseTaken(emailAddress, taken)
  const tags = given.map((one) => tagsOf(saq, one.tags))
  const users = given.map(({ tags: _, ...inputs }, place): User => {
    const user = {
      id: nextId(saq.users),
      uuid: chance.uuid(),
      ...inputs,
      tags: changed([], resolved(saq, tags[place] ?? {}), sameTag),
      ...madeBy(callerOf(call)),
    }
    saq.users.push(user)
    return user
  })
  return succeeded(call, { count: users.length, data: users.map(showNewUser) })
}

function updatedOne(world: World, call: Call): Reply {
  const object = objectIn(readRequest(world, call, 'data'), 'User')
  const {
    id: inBody,
    uuid: _,
    ...inputs
  } = readObject(object, updateUserInputs, [], world.knobs.strictEffects)
  const user = rowById(userKind, rowsFor(world, call, userKind), sameId(call, inBody))
  return update(world, call, [user], inputs)
}

/** Updates every user that the filters match; without filters, all of them. */
function updatedAll(world: World, call: Call): Reply {
  const request = readRequest(world, call, 'filters', 'data')
  const inputs = readObject(objectIn(request, 'User'), updateUsersInputs, [], world.knobs.strictEffects)
  const rows = rowsFor(world, call, userKind).filter(compiled(request.filters, userFilters, false))
  return update(world, call, rows, inputs)
}

function update(
  { saq }: World,
  call: Call,
  rows: readonly User[],
  inputs: Read<typeof updateUsersInputs>,
): Reply {
  const { tags, ...fields } = inputs
  const { emailAddress } = fields
  if (emailAddress !== undefined) {
    const own = new Set(rows.map((user) => user.emailAddress.toLowerCase()))
    if (rows.length > 1)
      throw invalid('emailAddress', emailAddress, 'Two users cannot have the same address.')
    if (!own.has(emailAddress.toLowerCase())) refuseTaken(emailAddress, addresses(saq))
  }
  const wanted = tagsOf(saq, tags)
  const known = rows.length > 0 ? resolved(saq, wanted) : {}
  for (const user of rows) Object.assign(user, fields, { tags: changed(user.tags, known, sameTag) })
  return onlyIds(call, rows)
}

function deletedOne(world: World, call: Call): Reply {
  const rows = rowsFor(world, call, userKind)
  return remove(world, call, [rowById(userKind, rows, namedId(world, call, 'User'))])
}

/** Deletes every user that the filters match; without filters, all of them. */
function deletedAll(world: World, call: Call): Reply {
  const { filters } = readRequest(world, call, 'filters')
  return remove(world, call, rowsFor(world, call, userKind).filter(compiled(filters, userFilters, false)))
}

function remove({ saq }: World, call: Call, rows: readonly User[]): Reply {
  const gone = new Set(rows)
  const without = (users: User[]) => users.filter((user) => !gone.has(user))
  saq.users.splice(0, saq.users.length, ...without(saq.users))
  // Questionnaires that were sent stay.
  for (const campaign of saq.campaigns) {
    if (campaign.status === 'INACTIVE') campaign.recipients = without(campaign.recipients)
  }
  return onlyIds(call, rows)
}

function onlyIds(call: Call, rows: readonly User[]): Reply {
  return succeeded(call, { count: rows.length, data: rows.map((user) => element('User', { id: user.id })) })
}

const addresses = ({ users }: SaqStore) =>
  new Set(users.map(({ emailAddress }) => emailAddress.toLowerCase()))

function refuseTaken(emailAddress: string, taken: Set<string>): void {
  const address = emailAddress.toLowerCase()
  if (taken.has(address))
    throw invalid('emailAddress', emailAddress, 'A user with this address exists already.')
  taken.add(address)
}
