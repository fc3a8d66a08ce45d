import { expect } from 'vitest'
import type { Control, SandboxRequest } from '../../sandbox.ts'

// Shared by the tests of SAQ's effects. The sandbox has the objects of the vendor's samples under their ids.

/** ACTIVE, FULL, 420 recipients, past its due date. */
export const activeCampaign = '640002'
/** INACTIVE, FULL, 60 recipients. */
export const inactiveCampaign = '1111001'
/** PUBLISHED, 19 questions. */
export const publishedTemplate = '722010'
export const libraryTemplate = '10030'
export const reviewer = '71077391'
export const approver = '89375990'
export const recipient = '339590'
export const otherRecipient = '400591'

/** Later than the clocks of this machine and of the sandbox. */
export const dueDay = '2096-12-31'
export const dueDate = '2096-12-31T23:59:59Z'

const changing = /^\/qps\/rest\/1\.0\/(create|update|publish|newversion|launch|cancel|delete)\//

/** Requests that change something in SAQ. */
export async function saqChangeRequests({ requests }: Control): Promise<SandboxRequest[]> {
  return (await requests()).filter(({ path }) => changing.test(path))
}

type Row = Readonly<Record<string, unknown>>

export async function rowOf(control: Control, collection: string, id: string): Promise<Row | undefined> {
  return (await control.dump(collection)).find((row) => String(row['id']) === id)
}

/** Ids of the recipients of a campaign, in order. */
export async function recipientsOf(control: Control, campaignId: string): Promise<string[]> {
  const row = await rowOf(control, 'campaigns', campaignId)
  const ids = row?.['recipientIds']
  return Array.isArray(ids) ? ids.map(String) : []
}

/** The row that was added last. */
export async function lastRow(control: Control, collection: string): Promise<Row> {
  const row = (await control.dump(collection)).reduce<Row | undefined>(
    (last, one) => (Number(one['id']) > Number(last?.['id'] ?? 0) ? one : last),
    undefined,
  )
  if (!row) throw new Error(`no ${collection}`)
  return row
}

/** A template that is still a draft. */
export async function draftTemplateId(control: Control): Promise<string> {
  const draft = (await control.dump('templates')).find(({ state }) => state === 'DRAFT')
  return String(draft?.['id'])
}

/** The id of a campaign in a status, with recipients unless `empty`. */
export async function campaignWithStatus(control: Control, status: string, empty = false): Promise<string> {
  const found = (await control.dump('campaigns')).find(
    (row) => row['status'] === status && ((row['recipientIds'] as unknown[]).length === 0) === empty,
  )
  if (!found) throw new Error(`no campaign is ${status}`)
  return String(found['id'])
}

/** Ids of the rows of a collection that were added, changed or removed. */
export function changedIds(before: readonly Row[], after: readonly Row[]): string[] {
  const texts = (rows: readonly Row[]): Map<string, string> =>
    new Map(rows.map((row) => [String(row['id']), JSON.stringify(row)]))
  const [old, now] = [texts(before), texts(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((id) => old.get(id) !== now.get(id)).sort()
}

/** A complete campaign whose only reference is its template. */
export const campaign = (name: string): Row => ({
  name,
  templateId: publishedTemplate,
  workflowType: 'SIMPLE',
  dueDate: dueDay,
  recipientIds: [recipient],
})

/** A template of one question. */
export const template = (name: string): Row => ({
  name,
  category: 'Vendor Risk',
  sections: [{ name: 'Access', questions: [{ text: 'Is MFA on?', kind: 'yesNo' }] }],
})

let userCount = 0

/** A person with an e-mail address that no other person has. */
export const newUser = (fields: Row = {}): Row => {
  userCount++
  return {
    firstName: 'Some',
    lastName: `Body${userCount}`,
    company: 'Quiet Harbour Works',
    emailAddress: `somebody.${userCount}@quiet-harbour.example`,
    ...fields,
  }
}

/** Arguments for every effect of SAQ; with them, the call reaches the sandbox. */
export async function saqCalls(control: Control): Promise<Readonly<Record<string, Row>>> {
  const draft = await draftTemplateId(control)
  return {
    saq_create_template: template('Sent once'),
    saq_create_template_from_library: { libraryTemplateId: libraryTemplate, name: 'Copied once' },
    saq_update_templates: { ids: [draft], description: 'changed' },
    saq_publish_template: { templateId: draft },
    saq_create_template_version: { templateId: publishedTemplate },
    saq_delete_template: { templateId: draft },
    saq_create_campaign: campaign('Once'),
    saq_update_campaign: { campaignId: inactiveCampaign, name: 'Renamed once' },
    saq_launch_campaign: { campaignId: inactiveCampaign },
    saq_cancel_campaign: { campaignId: activeCampaign },
    saq_delete_campaign: { campaignId: inactiveCampaign },
    saq_create_users: { users: [newUser()] },
    saq_update_user: { userId: recipient, title: 'changed' },
    saq_update_users: { ids: [recipient, otherRecipient], title: 'changed' },
    saq_delete_user: { userId: recipient },
    saq_delete_users: { ids: [recipient, otherRecipient] },
  }
}

/** Expects a refusal in one short line that says what is allowed, or what to do. */
export function expectOneSentence(text: string): void {
  expect(text).toMatch(/^[^\n]{30,900}$/)
  expect(text).not.toMatch(/undefined|\[object|null/)
}
