import {
  activeCampaign,
  approver,
  dueDate,
  dueDay,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
  recipientsOf,
  reviewer,
} from '../effects/saq-ground.ts'
import { type Case, saqWireTests } from './saq-wire.ts'

// What the tools for campaigns send: the elements of reference_campaign.htm in the shapes of update_a_campaign.htm
// and launch_campaign.htm.

const user = (id: string, more = ''): string => `<User><id>${id}</id>${more}</User>`
const assigned = '<assigned>New</assigned>'
const head = (name: string, workflow: string): string =>
  `<name>${name}</name><template><id>${publishedTemplate}</id></template><workflowType>${workflow}</workflowType>
   <dueDate>${dueDate}</dueDate>`
const campaign = (inner: string): string =>
  `<data><QuestionnaireCampaign>${inner}</QuestionnaireCampaign></data>`

/** launch, cancel, delete: id in path and body. */
const byId = (verb: string, campaignId: string): Case => ({
  args: { campaignId },
  path: `${verb}/saq/questionnairecampaign/${campaignId}`,
  body: campaign(`<id>${campaignId}</id>`),
})

/** Everybody of a company in the sandbox, as its search lists them. */
const idsWhere = (users: readonly Readonly<Record<string, unknown>>[], company: string): string[] =>
  users.filter((one) => one['company'] === company).map(({ id }) => String(id))

saqWireTests({
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
    'by company: the ids of all of them': async (control) => {
      const ids = idsWhere(await control.truth('users'), 'ABC Freight')
      return {
        args: {
          name: 'Freight',
          templateId: publishedTemplate,
          workflowType: 'SIMPLE',
          dueDate: dueDay,
          recipientCompany: 'ABC Freight',
        },
        path: 'create/saq/questionnairecampaign',
        body: campaign(
          `${head('Freight', 'SIMPLE')}<recipients><add>${ids.map((id) => user(id)).join('')}</add></recipients>`,
        ),
      }
    },
    'by id, company and tag: each once, the first word first': async (control) => {
      const users = await control.truth('users')
      const company = 'ABC Freight'
      const [firstTag] = users
        .filter((one) => one['company'] === company)
        .flatMap(({ tags }) => tags as { name: string }[])
      const tag = firstTag?.name ?? ''
      const tagged = users
        .filter(({ tags }) => (tags as { name: string }[]).some(({ name }) => name === tag))
        .map(({ id }) => String(id))
      const ids = [...new Set([recipient, ...idsWhere(users, company), ...tagged])]
      return {
        args: {
          name: 'Mixed',
          templateId: publishedTemplate,
          workflowType: 'SIMPLE',
          dueDate: dueDay,
          recipientIds: [recipient],
          recipientCompany: company,
          recipientTag: tag,
        },
        path: 'create/saq/questionnairecampaign',
        body: campaign(
          `${head('Mixed', 'SIMPLE')}<recipients><add>${ids.map((id) => user(id)).join('')}</add></recipients>`,
        ),
      }
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
    'name, date, recipients that come and go': async (control) => {
      const users = await control.truth('users')
      const company = 'ABC Freight'
      const ids = idsWhere(users, company)
      return {
        args: {
          campaignId: Number(inactiveCampaign),
          name: 'Vendor risk 2097',
          dueDate: dueDay,
          addRecipientCompany: company,
          removeRecipientIds: [Number(otherRecipient)],
        },
        path: 'update/saq/questionnairecampaign',
        body: campaign(`<id>${inactiveCampaign}</id><name>Vendor risk 2097</name><dueDate>${dueDate}</dueDate>
          <recipients><add>${ids.map((id) => user(id, assigned)).join('')}</add>
          <remove>${user(otherRecipient)}</remove></recipients>`),
      }
    },
    'by tag': async (control) => {
      const users = await control.truth('users')
      const counts = new Map<string, string[]>()
      for (const { id, tags } of users)
        for (const { name } of tags as { name: string }[])
          counts.set(name, [...(counts.get(name) ?? []), String(id)])
      const [tag = '', all = []] = [...counts].sort(([, a], [, b]) => a.length - b.length)[0] ?? []
      // Who is a recipient already is not sent again.
      const there = await recipientsOf(control, inactiveCampaign)
      const ids = all.filter((id) => !there.includes(id))
      return {
        args: { campaignId: inactiveCampaign, addRecipientTag: tag },
        path: 'update/saq/questionnairecampaign',
        body: campaign(`<id>${inactiveCampaign}</id>
          <recipients><add>${ids.map((id) => user(id, assigned)).join('')}</add></recipients>`),
      }
    },
  },
  saq_launch_campaign: { 'id in path and body': byId('launch', inactiveCampaign) },
  saq_cancel_campaign: { 'id in path and body': byId('cancel', inactiveCampaign) },
  saq_delete_campaign: { 'id in path and body': byId('delete', inactiveCampaign) },
})
