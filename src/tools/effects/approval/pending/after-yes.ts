import { ownCommand } from '../../../../shared/command/own-command.ts'
import type { ApprovalRecord } from '../../../approvals.ts'
import { timeLeftText } from './time-text.ts'

/** The tools whose approved plans and waves a runner picks up: nobody has to make the call again. */
const pickedUp: readonly string[] = ['car_plan_rollout', 'car_plan_rerun']

/** True if what was approved goes on without a further call. */
export const goesOnAlone = ({ tool }: Pick<ApprovalRecord, 'tool'>): boolean => pickedUp.includes(tool)

/** What happens to a rollout that was approved, as one clause. */
export const rolloutGoesOn = (): string =>
  `the rollout goes on by itself where a server or \`${ownCommand('plans advance')}\` moves it`

/** What a person is told after a yes. */
export const afterYes = (record: Pick<ApprovalRecord, 'tool' | 'until'>): string =>
  goesOnAlone(record)
    ? `Approved: ${rolloutGoesOn()}.`
    : `Approved: the assistant's identical next call runs, once, within ${timeLeftText(record)}.`
