import {
  dueDate,
  dueDay,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
} from '../../effects/saq/saq-objects.ts'
import { assigned, campaign, head, user } from './campaigns.ts'
import type { SaqToolCases } from './case.ts'

// Campaigns for a company or a tag: the request contains the ids of all users that Qualys finds.

/** The users of a company, as a search lists them. */
const idsWhere = (users: readonly Readonly<Record<string, unknown>>[], company: string): string[] =>
  users.filter((one) => one['company'] === company).map(({ id }) => String(id))

export const groups: SaqToolCases = {
  saq_create_campaign: {
    'by company: the ids of all of them': ({ users }) => {
      const ids = idsWhere(users, 'ABC Freight')
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
    'by id, company and tag: each once, the first word first': ({ users }) => {
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
  saq_update_campaign: {
    'name, date, recipients that come and go': ({ users }) => {
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
    'by tag': ({ users, invited }) => {
      const counts = new Map<string, string[]>()
      for (const { id, tags } of users)
        for (const { name } of tags as { name: string }[])
          counts.set(name, [...(counts.get(name) ?? []), String(id)])
      const [tag = '', all = []] = [...counts].sort(([, a], [, b]) => a.length - b.length)[0] ?? []
      // A user who is a recipient already is not sent again.
      const ids = all.filter((id) => !invited.includes(id))
      return {
        args: { campaignId: inactiveCampaign, addRecipientTag: tag },
        path: 'update/saq/questionnairecampaign',
        body: campaign(`<id>${inactiveCampaign}</id>
          <recipients><add>${ids.map((id) => user(id, assigned)).join('')}</add></recipients>`),
      }
    },
  },
}
