import type { Row } from '../../../../src/session/answer.ts'
import { objectsIn } from '../../../../src/shared/json.ts'
import { lookUpSaqTargets } from '../../../../src/tools/effects/targets/saq-targets.ts'
import { requestedIds } from '../../consent/replies.ts'
import type { SaqTargetIds } from '../../consent/saq-targets.ts'
import { MemorySession, type Replies } from '../memory-session.ts'

// People, a campaign and its recipients in memory, and the look-up of an effect's targets.

export const person = (id: string, more: object = {}): Row => ({
  id,
  firstName: 'Ann',
  company: 'Acme',
  ...more,
})
export const people: readonly Row[] = [
  person('1', { tags: [{ name: 'EMEA' }] }),
  person('2', { tags: [{ name: 'EMEA' }] }),
  person('3', { company: 'Other', tags: [] }),
]
/** Users by id, by company and by tag. */
const users: Replies[string] = (args) => {
  if (args['company'] !== undefined) return people.filter(({ company }) => company === args['company'])
  if (args['tagName'] !== undefined)
    return people.filter(({ tags }) => objectsIn(tags).some(({ name }) => name === args['tagName']))
  return people.filter(({ id }) => requestedIds(args).includes(String(id)))
}
export const campaignRow: Row = { id: '9', status: 'INACTIVE', recipients: [person('1'), person('3')] }
export const baseReplies: Replies = { saq_search_users: users, saq_get_campaign: campaignRow }

export function findTargets(named: SaqTargetIds, replies: Replies = baseReplies, args: object = {}) {
  const session = new MemorySession({ ...baseReplies, ...replies })
  return lookUpSaqTargets(
    { product: 'saq', ...named },
    { ...args },
    { session: session.asSession, signal: new AbortController().signal },
  )
}
export const idsOf = (list: readonly { readonly id: string }[] | undefined): string[] | undefined =>
  list?.map(({ id }) => id)
export const fail = (error: Error) => (): never => {
  throw error
}
