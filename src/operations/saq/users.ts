import { z } from 'zod'
import { operation } from '../operation.ts'
import { count, counted, longId, longIdsOf, search, searched, sent } from './fields.ts'

/** The filter table of users (search_users.htm). It prints uuid as an Integer, which it is not. */
const filters = {
  id: searched.ids(),
  uuid: searched.text(),
  firstName: searched.text(),
  firstNameContains: searched.text(),
  lastName: searched.text(),
  lastNameContains: searched.text(),
  company: searched.text(),
  companyContains: searched.text(),
  title: searched.text(),
  titleContains: searched.text(),
  emailAddress: searched.text(),
  emailAddressContains: searched.text(),
  userName: searched.text(),
  userNameContains: searched.text(),
  tagId: searched.ids('of tags, from saq_search_users'),
  tagName: searched.text(),
  tagNameContains: searched.text(),
} as const

/** userName is absent for a user who has never logged in. */
export const user = z.looseObject({
  id: sent.id,
  uuid: sent.text,
  firstName: sent.text,
  lastName: sent.text,
  company: sent.text,
  emailAddress: sent.text,
  userName: sent.text,
  title: sent.text,
  tags: sent.list(z.looseObject({ id: sent.id.optional(), name: sent.text })),
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
  record: counted,
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
