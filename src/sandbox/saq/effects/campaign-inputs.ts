import { eachNotice, type Notice, type Notices, workflowTypes } from '../../data/saq/rows.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import {
  flag,
  instant,
  integer,
  nonBlankText,
  objectId,
  oneOf,
  record,
  reference,
} from '../element-schema.ts'
import { listChanges } from '../list-schema.ts'

const notice = record({ enabled: flag, noOfDays: integer(0, 999), interval: integer(0, 999) })

/** reference_campaign.htm; its table is cut off after overdueNotification.noOfDays. */
const common = {
  name: nonBlankText,
  template: reference,
  workflowType: oneOf(...workflowTypes),
  reviewer: reference,
  approver: reference,
  campaignNotification: record(eachNotice(() => notice)),
}

export const createCampaignInputs = {
  ...common,
  ...assumed('The table prints "due date", and is cut off before recipients; those are as update has them.', {
    dueDate: instant,
    recipients: listChanges('User', reference, 'set', 'add'),
  }),
}

/** update_a_campaign.htm shows the id in the body, and `add` with the word "New " in assigned. */
export const updateCampaignInputs = {
  ...common,
  ...assumed('The table prints "due date".', { dueDate: instant }),
  id: objectId,
  recipients: listChanges(
    'User',
    record({ id: objectId, assigned: oneOf('New') }, ['id']),
    'set',
    'add',
    'remove',
  ),
}

type NoticesInput = NonNullable<Parsed<typeof createCampaignInputs>['campaignNotification']>

const disabledNotice: Notice = { enabled: false, interval: 1, noOfDays: 1 }

/** Missing values stay as they are. */
export function mergeNotices(changes: NoticesInput = {}, existing?: Notices): Notices {
  return eachNotice((kind) => ({ ...(existing?.[kind] ?? disabledNotice), ...changes[kind] }))
}
