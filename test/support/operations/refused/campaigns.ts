import {
  approver,
  campaign,
  dueDay,
  inactiveCampaign,
  recipient,
  reviewer,
} from '../../effects/saq/saq-objects.ts'
import type { RefusedCalls } from './refused-call.ts'

const create = 'saq_create_campaign'
const update = 'saq_update_campaign'
const campaignWith = (more: object): object => ({ ...campaign('Wrong'), ...more })
const changed = (more: object): object => ({ campaignId: inactiveCampaign, ...more })
const unknown = '999999999999'
const digits = /must be an id from saq_search_\w+(, published)?: digits alone/
const day = /dueDate: must be an ISO 8601 date or time, e\.g\. 2026-01-31/
const past = /^The due date [-\dT:]+Z is past\. Pass one that is still to come\.$/

export const campaigns: RefusedCalls = [
  [
    'FULL without an approver',
    create,
    campaignWith({ workflowType: 'FULL', reviewerId: reviewer }),
    /^A FULL campaign needs an approver\. Pass approverId, or choose REVIEWABLE or SIMPLE\.$/,
  ],
  [
    'FULL without a reviewer',
    create,
    campaignWith({ workflowType: 'FULL', approverId: approver }),
    /^A FULL campaign needs a reviewer\. Pass reviewerId, or choose SIMPLE\.$/,
  ],
  [
    'REVIEWABLE without a reviewer',
    create,
    campaignWith({ workflowType: 'REVIEWABLE' }),
    /^A REVIEWABLE campaign needs a reviewer\. Pass reviewerId, or choose SIMPLE\.$/,
  ],
  [
    'REVIEWABLE with an approver',
    create,
    campaignWith({ workflowType: 'REVIEWABLE', reviewerId: reviewer, approverId: approver }),
    /^A REVIEWABLE campaign has no approver\. Leave approverId out, or choose FULL\.$/,
  ],
  [
    'SIMPLE with a reviewer',
    create,
    campaignWith({ reviewerId: reviewer }),
    /^A SIMPLE campaign has no reviewer\. Leave reviewerId out, or choose REVIEWABLE\.$/,
  ],
  [
    'SIMPLE with an approver',
    create,
    campaignWith({ approverId: approver }),
    /^A SIMPLE campaign has no approver\. Leave approverId out, or choose FULL\.$/,
  ],
  [
    'a change to SIMPLE with a reviewer',
    update,
    changed({ workflowType: 'SIMPLE', reviewerId: reviewer }),
    /^A SIMPLE campaign has no reviewer\./,
  ],
  [
    'a change to REVIEWABLE with an approver',
    update,
    changed({ workflowType: 'REVIEWABLE', approverId: approver }),
    /^A REVIEWABLE campaign has no approver\./,
  ],
  [
    'another workflow',
    create,
    campaignWith({ workflowType: 'STAGED' }),
    /must be one of SIMPLE, REVIEWABLE, FULL/,
  ],
  ['a date in the past', create, campaignWith({ dueDate: '2020-01-31' }), past],
  ['a moment in the past', create, campaignWith({ dueDate: '2020-01-31T08:00:00+02:00' }), past],
  ['a change to a date in the past', update, changed({ dueDate: '2020-01-31' }), past],
  ['a date that is a word', create, campaignWith({ dueDate: 'tomorrow' }), day],
  ['a date that no calendar has', create, campaignWith({ dueDate: '2096-02-30' }), day],
  ['a date of another style', create, campaignWith({ dueDate: '31.12.2096' }), day],
  ['a date as a number', create, campaignWith({ dueDate: 4008268799000 }), day],
  ['an empty date', create, campaignWith({ dueDate: '' }), day],
  ['no date', create, campaignWith({ dueDate: undefined }), /dueDate: must be/],
  ['no name', create, campaignWith({ name: undefined }), /name: must be text/],
  ['a blank name', create, campaignWith({ name: ' ' }), /name: must not be empty/],
  [
    'a name of 256 characters',
    create,
    campaignWith({ name: 'x'.repeat(256) }),
    /name: must be at most 255 char/,
  ],
  [
    'no template',
    create,
    campaignWith({ templateId: undefined }),
    /templateId: must be an id from saq_search_temp/,
  ],
  ['a template by name', create, campaignWith({ templateId: 'Vendor risk' }), digits],
  ['a template up the tree', create, campaignWith({ templateId: '../1' }), digits],
  [
    'an unknown template',
    create,
    campaignWith({ templateId: unknown }),
    /saq_search_templates shows no id 9{12}/,
  ],
  [
    'an unknown reviewer',
    create,
    campaignWith({ workflowType: 'REVIEWABLE', reviewerId: unknown }),
    /saq_search_users shows no id 9{12}/,
  ],
  [
    'an unknown approver',
    create,
    campaignWith({ workflowType: 'FULL', reviewerId: reviewer, approverId: unknown }),
    /saq_search_users shows no id 9{12}/,
  ],
  [
    'an unknown recipient among others',
    create,
    campaignWith({ recipientIds: [recipient, unknown] }),
    /saq_search_users shows no id 9{12}; it may lie outside the scope/,
  ],
  ['an unknown reviewer of a change', update, changed({ reviewerId: unknown }), /shows no id 9{12}/],
  ['an unknown recipient to add', update, changed({ addRecipientIds: [unknown] }), /shows no id 9{12}/],
  ['an unknown recipient to remove', update, changed({ removeRecipientIds: [unknown] }), /shows no id 9{12}/],
  [
    'a recipient twice',
    create,
    campaignWith({ recipientIds: [recipient, Number(recipient)] }),
    /names an id twice/,
  ],
  ['a recipient by address', create, campaignWith({ recipientIds: ['a@b.example'] }), digits],
  [
    'no recipient in the list',
    create,
    campaignWith({ recipientIds: [null] }),
    /recipientIds\.0: must be an id from saq_search_users/,
  ],
  [
    '5,001 recipients',
    create,
    campaignWith({ recipientIds: Array.from({ length: 5001 }, (_, at) => at + 1) }),
    /recipientIds: must be a list of 1 to 5,000 ids from saq_search_users/,
  ],
  [
    'a company that nobody is of',
    create,
    campaignWith({ recipientIds: undefined, recipientCompany: 'Nobody & Co "EU"' }),
    /^The company "Nobody & Co 'EU'" finds nobody\. Look with saq_search_users how it is spelled/,
  ],
  [
    'a tag that nobody has',
    create,
    campaignWith({ recipientTag: 'None at all' }),
    /^The tag "None at all" finds nobody\. Look with saq_search_users how it is spelled/,
  ],
  [
    'a part of a company',
    create,
    campaignWith({ recipientCompany: 'ABC' }),
    /^The company "ABC" finds nobody\. .* company and tagName have to be equal\.$/,
  ],
  ['a blank company', create, campaignWith({ recipientCompany: ' ' }), /recipientCompany: must not be empty/],
  [
    'a company to add',
    update,
    changed({ addRecipientCompany: 'Nobody' }),
    /^The company "Nobody" finds nobo/,
  ],
  ['a tag to add', update, changed({ addRecipientTag: 'Nobody' }), /^The tag "Nobody" finds nobody/],
  ['nothing to change', update, changed({}), /^There is nothing to change\. Pass what is to be set\.$/],
  [
    'an unknown campaign',
    update,
    { campaignId: unknown, name: 'x' },
    /^Qualys knows no such id \(OBJECT_NOT/,
  ],
  [
    'an unknown campaign to launch',
    'saq_launch_campaign',
    { campaignId: unknown },
    /^Qualys knows no such id/,
  ],
  [
    'an unknown campaign to cancel',
    'saq_cancel_campaign',
    { campaignId: unknown },
    /^Qualys knows no such id/,
  ],
  [
    'an unknown campaign to delete',
    'saq_delete_campaign',
    { campaignId: unknown },
    /^Qualys knows no such id/,
  ],
  ...['saq_launch_campaign', 'saq_cancel_campaign', 'saq_delete_campaign'].flatMap((tool) => [
    ['a campaign by name', tool, { campaignId: 'Vendor risk 2027' }, digits] as const,
    ['a path', tool, { campaignId: `${inactiveCampaign}/../640002` }, digits] as const,
    [
      'several campaigns',
      tool,
      { campaignId: [inactiveCampaign] },
      /must be an id from saq_search_campa/,
    ] as const,
  ]),
  [
    'a notification twice',
    update,
    changed({ notifications: [{ kind: 'overdue' }, { kind: 'overdue' }] }),
    /names a kind twice/,
  ],
  [
    'no notification',
    update,
    changed({ notifications: [] }),
    /notifications: is empty; leave it out to keep what is stored, or pass each kind with enabled: false/,
  ],
  [
    'an unknown notification',
    update,
    changed({ notifications: [{ kind: 'daily' }] }),
    /kind: must be one of reminder, dueDate, overdue/,
  ],
  [
    'an interval of nothing',
    update,
    changed({ notifications: [{ kind: 'overdue', interval: 0 }] }),
    /interval: must be a whole number from 1 to 365/,
  ],
  [
    'days as odd text',
    update,
    changed({ notifications: [{ kind: 'overdue', noOfDays: '05' }] }),
    /noOfDays: must be a whole number from 0 to 365/,
  ],
  [
    'a switch as text',
    update,
    changed({ notifications: [{ kind: 'overdue', enabled: 'yes' }] }),
    /enabled: must be true or false/,
  ],
  ['an unknown word', create, campaignWith({ due: dueDay }), /there is no argument "due"/],
]
