import type { NewState } from '../../../../operations/effects/new-state.ts'
import type { Input } from '../../../../operations/operation.ts'
import { searchCampaigns } from '../../../../operations/saq/campaigns.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { isId, objectsIn } from '../../../../shared/json.ts'
import type { ToolContext } from '../../../tool.ts'
import type { Target } from '../../targets/lookup.ts'
import { readCampaign } from '../../targets/saq-targets.ts'
import { look } from '../look.ts'
import type { SentEffect } from '../sent-effect.ts'
import { stateByName } from './by-name.ts'
import { campaignAdvice, campaignFields, campaignNow, dueIn, nameAndStatus } from './campaign-fields.ts'
import { compareFields } from './compare.ts'

const idsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/** The ids of the recipients; undefined if the record does not show them. */
const recipientIdsIn = ({ row = {} }: Target): readonly string[] | undefined =>
  Array.isArray(row['recipients']) ? objectsIn(row['recipients']).map(({ id }) => String(id)) : undefined

/** Where the recipients are not those that were sent: no readable page documents them. */
function recipientDifferences(args: Input, stored: readonly string[], isNew: boolean): string[] {
  const expected = idsIn(args[isNew ? 'recipientIds' : 'addRecipientIds'])
  const known = new Set(stored)
  const missing = expected.filter((id) => !known.has(id)).length
  const notRemoved = idsIn(args['removeRecipientIds']).filter((id) => known.has(id)).length
  const unexpected = isNew ? stored.length - (expected.length - missing) : 0
  return texts(
    missing > 0 &&
      `lacks ${counted(missing, 'recipient')} of ${formatNumber(expected.length)} that were sent`,
    notRemoved > 0 && `still has ${counted(notRemoved, 'recipient')} that were to be removed`,
    unexpected > 0 && `has ${counted(unexpected, 'recipient')} that were not sent`,
  )
}

/** `87 recipients (1 added, 2 removed)`. */
function recipientCount(stored: readonly string[], before: readonly string[] | undefined): string {
  const [earlier, now] = [new Set(before), new Set(stored)]
  const added = before ? stored.filter((id) => !earlier.has(id)).length : 0
  const removed = [...earlier].filter((id) => !now.has(id)).length
  const changes = texts(
    added > 0 && `${formatNumber(added)} added`,
    removed > 0 && `${formatNumber(removed)} removed`,
  )
  return `${counted(stored.length, 'recipient')}${changes.length > 0 ? ` (${changes.join(', ')})` : ''}`
}

/** The fields that a call set and changed, besides what the clause shows by its value. */
function changedNote(args: Input, before: Target | undefined, alike: readonly string[]): string | undefined {
  if (!before) return undefined
  const { alike: same } = compareFields(args, before, campaignFields, (text) => text)
  const unchanged = same.map(({ name }) => name).filter((name) => alike.includes(name))
  const changed = alike.filter((name) => !unchanged.includes(name))
  const notes = texts(
    changed.length > 0 && `changed: ${changed.join(', ')}`,
    unchanged.length > 0 && `as before: ${unchanged.join(', ')}`,
  )
  return notes.length > 0 ? notes.join('; ') : undefined
}

/** A campaign that was created or changed: whether Qualys stored what was sent. */
export async function verifyCampaign(
  { args, targets }: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const [before] = targets.product === 'saq' ? targets.campaigns : []
  const id = before?.id ?? record['id']
  if (!isId(id)) return stateByName(context, clock, searchCampaigns, args['name'], nameAndStatus)
  const { found: target, failure } = await look(context, clock, (limited) =>
    readCampaign(limited, String(id)),
  )
  if (!target) return { text: `its state ${failure}: ${campaignAdvice}` }
  const isNew = before === undefined
  const stored = recipientIdsIn(target)
  const { alike, differences, hidden } = compareFields(args, target, campaignFields, context.session.redact)
  const status = target.row?.['status']
  const others = texts(
    stored && recipientDifferences(args, stored, isNew),
    differences.length > 0 && `shows ${differences.join(', and ')}`,
    isNew && status !== undefined && status !== 'INACTIVE' && 'is not INACTIVE, as a new one should be',
  )
  const unseen = texts(stored === undefined && 'recipients', dueIn(target) === undefined && 'due date')
  const unshown = [...unseen, ...hidden.filter((name) => name !== 'dueDate')]
  const clauses = texts(
    texts(
      nameAndStatus(target),
      stored && recipientCount(stored, before && recipientIdsIn(before)),
      dueIn(target),
    ).join(', '),
    changedNote(
      args,
      before,
      alike.map(({ name }) => name),
    ),
    others.length > 0 && `BUT the campaign ${others.join(', and ')}: ${campaignAdvice}`,
    unshown.length > 0 && `Qualys does not show its ${unshown.join(' and ')}: check them in the Qualys UI`,
  )
  return {
    text: clauses.join('; '),
    fields: campaignNow(target, { recipients: stored?.length }),
  }
}
