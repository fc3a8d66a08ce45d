import {
  type Campaign,
  type CampaignStatus,
  questionCnt,
  type Template,
  type User,
  type WorkflowType,
} from '../../data/saq/rows.ts'
import { invalid, mustNotBeSet, required } from '../../http/api-error.ts'
import { callerOf } from '../../http/permission.ts'
import type { Call } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import type { Read } from '../elements.ts'
import { type Changes, changed } from '../lists.ts'
import { visibleTo } from '../scope.ts'
import { dated } from '../shown.ts'
import type { createCampaignInputs } from './campaign-inputs.ts'

/** Throws if the campaign's status does not allow the action. */
export function demandStatus({ status }: Campaign, allowed: readonly CampaignStatus[], done: string): void {
  if (allowed.includes(status)) return
  throw invalid('status', status, `Only campaigns in status ${allowed.join(' or ')} can be ${done}.`)
}

export function inFuture(world: World, dueDate: number): number {
  if (dueDate > world.now()) return dueDate
  throw invalid('dueDate', dated(dueDate), 'Specify a date in the future.')
}

/** The template in the form in which a campaign names it. */
export function templateOf({ saq }: World, call: Call, id: number): Campaign['template'] {
  const { templates } = visibleTo(saq, callerOf(call))
  const template: Template | undefined = templates.find((one) => one.id === id)
  if (template?.state !== 'PUBLISHED') {
    throw invalid('template.id', id, 'Specify the id of a template in state PUBLISHED.')
  }
  return { id, name: template.name, questionCnt: questionCnt(template) }
}

type Judges = Pick<Campaign, 'reviewer' | 'approver'>

/** REVIEWABLE has a reviewer, FULL also an approver. */
const judging: Readonly<Record<WorkflowType, readonly (keyof Judges)[]>> = {
  SIMPLE: [],
  REVIEWABLE: ['reviewer'],
  FULL: ['reviewer', 'approver'],
}

/** Reviewer and approver of a campaign. */
export function judges(
  world: World,
  call: Call,
  workflowType: WorkflowType,
  given: Pick<Read<typeof createCampaignInputs>, keyof Judges>,
  before: Judges = {},
): Judges {
  const named: Judges = {}
  for (const role of ['reviewer', 'approver'] as const) {
    const reference = given[role]
    if (!judging[workflowType].includes(role)) {
      if (reference) throw mustNotBeSet(role)
      continue
    }
    const user = reference ? userFor(world, call, `${role}.id`, reference.id) : before[role]
    if (!user) throw required(role)
    named[role] = user
  }
  return named
}

/** The recipients after the changes. */
export function recipientsOf(
  world: World,
  call: Call,
  before: User[],
  given: Changes<{ readonly id: number }> = {},
): User[] {
  const users = (list: readonly { id: number }[]) => list.map(({ id }) => userFor(world, call, 'User.id', id))
  const { remove = [], ...others } = given
  const meant = Object.fromEntries(Object.entries(others).map(([change, list]) => [change, users(list)]))
  const left = changed(before, meant, (a, b) => a === b)
  return left.filter(({ id }) => !remove.some((one) => one.id === id))
}

function userFor({ saq }: World, call: Call, name: string, id: number): User {
  const user = visibleTo(saq, callerOf(call)).users.find((one) => one.id === id)
  if (!user) throw invalid(name, id, 'Specify the id of a user within your scope.')
  return user
}
