import type { Input, Operation } from '../../../../operations/operation.ts'
import { campaignReads } from '../../../../operations/saq/campaigns.ts'
import { People } from '../../../../operations/saq/people/people.ts'
import { completedPerson, type Person, personOf } from '../../../../operations/saq/people/person.ts'
import type { Row } from '../../../../session/answer.ts'
import { redactJson } from '../../../../shared/secrets.ts'
import { type ListContext, type Lists, listsOf } from '../../../lists.ts'

/**
 * The lists of the account without secrets. Names in titles and in records are compared, so both must be redacted, and
 * before anything is clipped.
 */
export function redactedLists(context: ListContext): Lists {
  const lists = listsOf(context)
  const { redact } = context.session
  return {
    ...lists,
    async *walk(list, input, fields, onLimit) {
      for await (const rows of lists.walk(list, input, fields, onLimit)) yield redactJson(rows, redact)
    },
    find: async (list, ids) => {
      const rows = await lists.find(list, ids)
      return new Map([...rows].map(([id, row]) => [id, redactJson(row, redact)]))
    },
  }
}

/** Lists that take a campaign from a record that was read, where that shows the recipients, or where the list lacks it. */
function withRecord(lists: Lists, campaign: Row): Lists {
  const { search, get } = campaignReads
  return {
    ...lists,
    async *walk(
      list: Operation,
      input?: Input,
      fields?: readonly string[],
      onLimit?: (reason: string) => void,
    ) {
      let isMissing = list === search
      if (list !== search || !Array.isArray(campaign['recipients']))
        for await (const rows of lists.walk(list, input, fields, onLimit)) {
          isMissing &&= !rows.some(({ id }) => String(id) === String(campaign['id']))
          yield rows
        }
      if (isMissing) yield [campaign]
    },
    read: (operation, input) =>
      operation === get ? Promise.resolve(campaign) : lists.read(operation, input),
  }
}

/** The people of one campaign whose record was read. */
export const readPeopleOf = (campaign: Row, lists: Lists): Promise<People> =>
  People.read(campaignReads, { id: [String(campaign['id'])] }, withRecord(lists, campaign))

/** The people of all campaigns with a status. */
export const readPeopleWith = (status: string, lists: Lists): Promise<People> =>
  People.read(campaignReads, { status: [status] }, lists, ['name'])

/** Adds what the records of users show of some people whose company or e-mail address is unknown. */
export async function completePeople(people: readonly Person[], lists: Lists): Promise<readonly Person[]> {
  const isLacking = ({ id, company, emailAddress }: Person): boolean =>
    id !== '' && (company === '' || emailAddress === '')
  const ids = [...new Set(people.filter(isLacking).map(({ id }) => id))]
  if (ids.length === 0) return people
  const users = await lists.attempt(() => lists.find(campaignReads.users, ids))
  return people.map((person) => {
    const user = isLacking(person) ? users?.get(person.id) : undefined
    return user ? completedPerson(person, personOf(user)) : person
  })
}
