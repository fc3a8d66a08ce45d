import {
  activeCampaign,
  approver,
  dueDate,
  dueDay,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
  reviewer,
} from '../../effects/saq/saq-objects.ts'
import type { SaqCase, SaqToolCases } from './case.ts'

// What the tools for campaigns send: the elements of reference_campaign.htm in the shapes of update_a_campaign.htm
// and launch_campaign.htm.

export const user = (id: string, more = ''): string => `<User><id>${id}</id>${more}</User>`
export const assigned = '<assigned>New</assigned>'
export const head = (name: string, workflow: string): string =>
  `<name>${name}</name><template><id>${publishedTemplate}</id></template><workflowType>${workflow}</workflowType>
   <dueDate>${dueDate}</dueDate>`
export const campaign = (inner: string): string =>
  `<data><QuestionnaireCampaign>${inner}</QuestionnaireCampaign></data>`

/** launch, cancel, delete: id in path and body. */
const byId = (verb: string, campaignId: string): SaqCase => ({
  args: { campaignId },
  path: `${verb}/saq/questionnairecampaign/${campaignId}`,
  body: campaign(`<id>${campaignId}</id>`),
})

export const campaigns: SaqToolCases = {
  saq_create_campaign: {
    'SIMPLE, by id': {
      args: {
        name: 'Simple',
        templateId: Number(publishedTemplate),
        workflowType: 'SIMPLE',
        dueDate: dueDay,
        recipientIds: [Number(recipient), otherRecipient],
      },
      path: 'create/saq/questionnairecampaign',
      body: campaign(
        `${head('Simple', 'SIMPLE')}<recipients><add>${user(recipient)}${user(otherRecipient)}</add></recipients>`,
      ),
    },
    'SIMPLE, without recipients': {
      args: { name: 'Nobody', templateId: publishedTemplate, workflowType: 'SIMPLE', dueDate },
      path: 'create/saq/questionnairecampaign',
      body: campaign(head('Nobody', 'SIMPLE')),
    },
    'REVIEWABLE, a moment with an offset': {
      args: {
        name: 'Reviewed',
        templateId: publishedTemplate,
        workflowType: 'REVIEWABLE',
        dueDate: '2097-01-01T00:59:59+01:00',
        reviewerId: reviewer,
        recipientIds: [recipient],
      },
      path: 'create/saq/questionnairecampaign',
      body: campaign(
        `${head('Reviewed', 'REVIEWABLE')}<reviewer><id>${reviewer}</id></reviewer>
         <recipients><add>${user(recipient)}</add></recipients>`,
      ),
    },
    'FULL, with every notification': {
      args: {
        name: 'Full',
        templateId: publishedTemplate,
        workflowType: 'FULL',
        dueDate: dueDay,
        reviewerId: Number(reviewer),
        approverId: Number(approver),
        recipientIds: [recipient],
        notifications: [
          { kind: 'reminder', noOfDays: 1, interval: 1 },
          { kind: 'dueDate', enabled: false, noOfDays: 0, interval: 365 },
          { kind: 'overdue', enabled: true, noOfDays: 5, interval: 1 },
        ],
      },
      path: 'create/saq/questionnairecampaign',
      body: campaign(`${head('Full', 'FULL')}
        <reviewer><id>${reviewer}</id></reviewer>
        <approver><id>${approver}</id></approver>
        <campaignNotification>
          <reminderNotification><enabled>true</enabled><noOfDays>1</noOfDays><interval>1</interval></reminderNotification>
          <dueDateNotification><enabled>false</enabled><noOfDays>0</noOfDays><interval>365</interval></dueDateNotification>
          <overdueNotification><enabled>true</enabled><noOfDays>5</noOfDays><interval>1</interval></overdueNotification>
        </campaignNotification>
        <recipients><add>${user(recipient)}</add></recipients>`),
    },
  },
  // update_a_campaign.htm: the id in the body alone; each added User says that it is assigned New.
  saq_update_campaign: {
    'as the sample of its page': {
      args: {
        campaignId: activeCampaign,
        workflowType: 'FULL',
        approverId: approver,
        reviewerId: reviewer,
        addRecipientIds: [recipient, otherRecipient],
        notifications: [{ kind: 'overdue', enabled: true, interval: 1, noOfDays: 5 }],
      },
      path: 'update/saq/questionnairecampaign',
      body: campaign(`<id>${activeCampaign}</id>
        <workflowType>FULL</workflowType>
        <reviewer><id>${reviewer}</id></reviewer>
        <approver><id>${approver}</id></approver>
        <campaignNotification>
          <overdueNotification><enabled>true</enabled><noOfDays>5</noOfDays><interval>1</interval></overdueNotification>
        </campaignNotification>
        <recipients><add>${user(recipient, assigned)}${user(otherRecipient, assigned)}</add></recipients>`),
    },
    'name, date, workflow, recipients that come and go': {
      args: {
        campaignId: Number(inactiveCampaign),
        name: 'Vendor risk 2097',
        workflowType: 'FULL',
        dueDate: '2096-12-31T23:59:59Z',
        addRecipientIds: [Number(recipient)],
        removeRecipientIds: [Number(otherRecipient)],
      },
      path: 'update/saq/questionnairecampaign',
      body: campaign(`<id>${inactiveCampaign}</id><name>Vendor risk 2097</name>
        <workflowType>FULL</workflowType><dueDate>${dueDate}</dueDate>
        <recipients><add>${user(recipient, assigned)}</add><remove>${user(otherRecipient)}</remove></recipients>`),
    },
  },
  saq_launch_campaign: { 'id in path and body': byId('launch', inactiveCampaign) },
  saq_cancel_campaign: { 'id in path and body': byId('cancel', activeCampaign) },
  saq_delete_campaign: { 'id in path and body': byId('delete', inactiveCampaign) },
}
