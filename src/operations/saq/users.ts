import { z } from 'zod'
import { operation } from '../operation.ts'
import { count, countRecord, longId, longIdsOf, received, search, searchInputs } from './fields.ts'

/** The filter table of users (search_users.htm). It prints uuid as an Integer, which it is not. */
const filters = {
  id: searchInputs.ids(),
  uuid: searchInputs.text(),
  firstName: searchInputs.text(),
  firstNameContains: searchInputs.text(),
  lastName: searchInputs.text(),
  lastNameContains: searchInputs.text(),
  company: searchInputs.text(),
  companyContains: searchInputs.text(),
  title: searchInputs.text(),
  titleContains: searchInputs.text(),
  emailAddress: searchInputs.text(),
  emailAddressContains: searchInputs.text(),
  userName: searchInputs.text(),
  userNameContains: searchInputs.text(),
  tagId: searchInputs.ids('of tags, from saq_search_users'),
  tagName: searchInputs.text(),
  tagNameContains: searchInputs.text(),
} as const

/** userName is absent for a user who has never logged in. */
export const user = z.looseObject({
  id: received.id,
  uuid: received.text,
  firstName: received.text,
  lastName: received.text,
  company: received.text,
  emailAddress: received.text,
  userName: received.text,
  title: received.text,
  tags: received.list(z.looseObject({ id: received.id.optional(), name: received.text })),
})

export const searchUsers = operation({
  name: 'saq_search_users',
  title: 'Search SAQ users',
  description:
    'Recipients, reviewers, approvers and vendor contacts; vendors are no objects of their own: company and tags tell them',
  route: 'POST /qps/rest/1.0/search/saq/user',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/users/search_users.htm',
  input: filters,
  request: search,
  returns: 'rows',
  paging: { kind: 'qps', by: 'offset' },
  byId: longIdsOf,
  record: user,
  columns: ['id', 'firstName', 'lastName', 'company', 'emailAddress', 'title'],
  alsoMatched: ['tags'],
})

export const countUsers = operation({
  name: 'saq_count_users',
  title: 'Count SAQ users',
  description: 'How many users a search finds, without listing them',
  route: 'POST /qps/rest/1.0/count/saq/user',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/users/current_count.htm',
  input: filters,
  request: count,
  returns: 'record',
  record: countRecord,
  columns: ['count'],
})

export const getUser = operation({
  name: 'saq_get_user',
  title: 'Get an SAQ user',
  description: 'One user with company, e-mail address and tags',
  route: 'GET /qps/rest/1.0/get/saq/user/{userId}',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/users/get_details.htm',
  input: { userId: longId('from saq_search_users') },
  returns: 'record',
  record: user,
  columns: ['*'],
})
