import {
  type Campaign,
  type CampaignStatus,
  questionCnt,
  type User,
  type WorkflowType,
} from '../../data/saq/rows.ts'
import { invalidValue, missingElement, unexpectedElement } from '../../http/api-error.ts'
import type { Parsed } from '../../http/input.ts'
import type { Call } from '../../route.ts'
import type { World } from '../../state/world.ts'
import { applyChanges, type ListChanges } from '../list-schema.ts'
import { templateKind, userKind } from '../object-kinds.ts'
import { toIso } from '../response-elements.ts'
import { scopedRows } from '../search.ts'
import type { createCampaignInputs } from './campaign-inputs.ts'

/** Throws if the campaign's status does not allow the action. */
export function requireStatus(
  { status }: Campaign,
  allowed: readonly CampaignStatus[],
  action: string,
): void {
  if (allowed.includes(status)) return
  throw invalidValue('status', status, `Only campaigns in status ${allowed.join(' or ')} can be ${action}.`)
}

export function requireFuture(world: World, dueDate: number): number {
  if (dueDate > world.now()) return dueDate
  throw invalidValue('dueDate', toIso(dueDate), 'Specify a date in the future.')
}

/** The template in the form in which a campaign names it. */
export function publishedTemplate(call: Call, id: number): Campaign['template'] {
  const template = scopedRows(call, templateKind).find((candidate) => candidate.id === id)
  if (template?.state !== 'PUBLISHED') {
    throw invalidValue('template.id', id, 'Specify the id of a template in state PUBLISHED.')
  }
  return { id, name: template.name, questionCnt: questionCnt(template) }
}

type Reviewers = Pick<Campaign, 'reviewer' | 'approver'>

/** REVIEWABLE has a reviewer, FULL also an approver. */
const reviewRoles: Readonly<Record<WorkflowType, readonly (keyof Reviewers)[]>> = {
  SIMPLE: [],
  REVIEWABLE: ['reviewer'],
  FULL: ['reviewer', 'approver'],
}

/** Reviewer and approver of a campaign. */
export function resolveReviewers(
  call: Call,
  workflowType: WorkflowType,
  requested: Pick<Parsed<typeof createCampaignInputs>, keyof Reviewers>,
  existing: Reviewers = {},
): Reviewers {
  const reviewers: Reviewers = {}
  for (const role of ['reviewer', 'approver'] as const) {
    const reference = requested[role]
    if (!reviewRoles[workflowType].includes(role)) {
      if (reference) throw unexpectedElement(role)
      continue
    }
    const user = reference ? requireUser(call, `${role}.id`, reference.id) : existing[role]
    if (!user) throw missingElement(role)
    reviewers[role] = user
  }
  return reviewers
}

/** The recipients after the changes. */
export function resolveRecipients(
  call: Call,
  existing: User[],
  requested: ListChanges<{ readonly id: number }> = {},
): User[] {
  const users = (list: readonly { id: number }[]) => list.map(({ id }) => requireUser(call, 'User.id', id))
  const { remove = [], ...others } = requested
  const changes = Object.fromEntries(Object.entries(others).map(([change, list]) => [change, users(list)]))
  const remaining = applyChanges(existing, changes, (a, b) => a === b)
  return remaining.filter(({ id }) => !remove.some((user) => user.id === id))
}

function requireUser(call: Call, name: string, id: number): User {
  const user = scopedRows(call, userKind).find((candidate) => candidate.id === id)
  if (!user) throw invalidValue(name, id, 'Specify the id of a user within your scope.')
  return user
}
