import { z } from 'zod'
import { tagColumns, withoutTag } from './columns/user-tags.ts'
import { searchedAddress } from './email-address.ts'
import { longIdsOf, received, searchInputs } from './fields.ts'
import { type SaqReads, saqObject } from './object.ts'

/** The filter table of users (search_users.htm). It prints uuid as an Integer, which it is not. */
const filters = {
  id: searchInputs.ids(),
  uuid: searchInputs.text(),
  ...searchInputs.texts('firstName', 'lastName', 'company', 'title', 'emailAddress', 'userName'),
  emailAddress: searchedAddress.optional(),
  tagId: searchInputs.ids('of tags, from saq_search_users'),
  ...searchInputs.texts('tagName'),
} as const

/** userName is absent for a user who has never logged in. */
export const user = z.looseObject({
  id: received.id,
  ...received.texts('uuid', 'firstName', 'lastName', 'company', 'emailAddress', 'userName', 'title'),
  tags: received.list(z.looseObject({ id: received.id.optional(), name: received.text })),
})

export const [searchUsers, countUsers, getUser]: SaqReads = saqObject({
  noun: 'user',
  path: 'user',
  filters,
  record: user,
  search: {
    title: 'Search SAQ users',
    description:
      'Recipients, reviewers, approvers and vendor contacts; vendors are no objects of their own: company and tags tell them',
    source: 'saq/api/users/search_users.htm',
    byId: longIdsOf,
    columns: ['id', 'firstName', 'lastName', 'company', 'emailAddress', 'title'],
    localFilters: { withoutTag: withoutTag(() => searchUsers) },
    joinedColumns: tagColumns(() => searchUsers),
    remarks: [
      'userName is missing for who never logged in. title is that of the person.',
      'company, as an input, is the exact name. A user counts once under each of tags.name.',
    ],
  },
  count: {
    title: 'Count SAQ users',
    description: 'How many users a search finds, also by company, tags.name',
    inGroups: true,
    evidence: 'documented',
    source: 'saq/api/users/current_count.htm',
  },
  get: {
    title: 'Get an SAQ user',
    description: 'One user with company, e-mail address and tags',
    evidence: 'documented',
    source: 'saq/api/users/get_details.htm',
  },
})
