import type { Notice, Notices } from '../../data/saq/rows.ts'
import { flag, id, madeUp, moment, oneOf, type Read, record, reference, whole, words } from '../elements.ts'
import { changes } from '../lists.ts'

const notice = record({ enabled: flag, noOfDays: whole(0, 999), interval: whole(0, 999) })

/** reference_campaign.htm; its table is cut off after overdueNotification.noOfDays. */
const common = {
  name: words,
  template: reference,
  workflowType: oneOf('SIMPLE', 'REVIEWABLE', 'FULL'),
  // The table prints "due date".
  dueDate: madeUp(moment),
  reviewer: reference,
  approver: reference,
  campaignNotification: record({
    reminderNotification: notice,
    dueDateNotification: notice,
    overdueNotification: notice,
  }),
}

export const createCampaignInputs = {
  ...common,
  recipients: madeUp(changes('User', reference, 'set', 'add')),
}

/** update_a_campaign.htm shows the id in the body, and `add` with the word "New " in assigned. */
export const updateCampaignInputs = {
  ...common,
  id,
  recipients: changes('User', record({ id, assigned: oneOf('New') }, ['id']), 'set', 'add', 'remove'),
}

type Given = NonNullable<Read<typeof createCampaignInputs>['campaignNotification']>

const silent: Notice = { enabled: false, interval: 1, noOfDays: 1 }
const withoutNotices: Notices = {
  reminderNotification: silent,
  dueDateNotification: silent,
  overdueNotification: silent,
}

/** Missing values stay as they are. */
export function noticesOf(given: Given = {}, before: Notices = withoutNotices): Notices {
  const { reminderNotification, dueDateNotification, overdueNotification } = before
  return {
    reminderNotification: { ...reminderNotification, ...given.reminderNotification },
    dueDateNotification: { ...dueDateNotification, ...given.dueDateNotification },
    overdueNotification: { ...overdueNotification, ...given.overdueNotification },
  }
}
