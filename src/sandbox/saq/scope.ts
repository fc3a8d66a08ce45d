import type { Account } from '../data/accounts.ts'
import type { SaqLists, SaqStore } from '../data/saq/store.ts'

export type ScopedData = Omit<SaqLists, 'tags'>

/**
 * What an account sees: everything, or the campaigns that it owns with their templates, questionnaires and
 * people, and what it created. "Within the scope of the user" is all that the pages say.
 */
export function scopedData(store: SaqStore, { saqRights, userId, username }: Account): ScopedData {
  if (saqRights !== 'scoped') return store
  const campaigns = store.campaigns.filter(({ user }) => user.id === userId)
  const own = new Set(campaigns)
  const users = new Set(
    campaigns.flatMap(({ user, reviewer, approver, recipients }) => [
      user,
      reviewer,
      approver,
      ...recipients,
    ]),
  )
  const templates = new Set(campaigns.map(({ template }) => template.id))
  return {
    libraryTemplates: store.libraryTemplates,
    campaigns,
    questionnaires: store.questionnaires.filter(({ campaign }) => own.has(campaign)),
    users: store.users.filter((user) => users.has(user) || user.madeBy === username),
    templates: store.templates.filter(({ id, madeBy }) => templates.has(id) || madeBy === username),
  }
}
