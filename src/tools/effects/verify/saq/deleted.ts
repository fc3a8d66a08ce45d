import type { NewState } from '../../../../operations/effects/new-state.ts'
import { searchCampaigns } from '../../../../operations/saq/campaigns.ts'
import { searchTemplates } from '../../../../operations/saq/templates.ts'
import { searchUsers } from '../../../../operations/saq/users.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { formatNumber, texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import type { Target } from '../../targets/lookup.ts'
import type { SaqTargets } from '../../targets/saq-targets.ts'
import type { SentEffect } from '../sent-effect.ts'
import { readRowsNow } from './rows-now.ts'
import { idAndName, listFirst, nameOrIt } from './several.ts'

/** What was deleted, and the list that showed it. */
function deletedIn({ campaigns, templates, users }: SaqTargets) {
  if (campaigns.length > 0) return { list: searchCampaigns, targets: campaigns }
  return templates.length > 0
    ? { list: searchTemplates, targets: templates }
    : { list: searchUsers, targets: users }
}

const idsOf = (targets: readonly Target[]): readonly string[] => targets.map(({ id }) => id)

/** Whether deleted objects are gone. An id that Qualys does not show counts only where its filter holds. */
export async function verifyDeleted(
  { targets }: SentEffect,
  _record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  if (targets.product !== 'saq') return undefined
  const { list, targets: deleted } = deletedIn(targets)
  const advice = `look with ${list.name}`
  // The summary says the id of a single one.
  const [first, ...others] = deleted
  const nameAll = (some: readonly Target[]): string =>
    first && others.length === 0 ? nameOrIt(first) : listFirst(some.map(idAndName))
  const { found, failure } = await readRowsNow(context, clock, list, idsOf(deleted))
  if (!found) return { text: `whether ${nameAll(deleted)} is gone ${failure}: ${advice}` }
  const { ids, rows, isWhole } = found
  const there = deleted.filter(({ id }) => rows.has(id))
  const absent = deleted.filter(({ id }) => ids.includes(id) && !rows.has(id))
  const gone = isWhole ? absent : []
  const unknown = deleted.filter((target) => !there.includes(target) && !gone.includes(target))
  const clauses = texts(
    gone.length > 0 && `gone: ${nameAll(gone)}`,
    there.length > 0 &&
      `BUT ${list.name} still shows ${nameAll(there)}, where deleting was asked for: that may take a while; look again`,
    unknown.length > 0 &&
      `whether ${others.length > 0 ? `${formatNumber(unknown.length)} of them` : nameAll(unknown)} is gone is not known: ${advice}`,
  )
  return { text: clauses.join('; '), fields: { gone: idsOf(gone), stillThere: idsOf(there) } }
}
