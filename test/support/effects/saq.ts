import { expect } from 'vitest'
import type { Control, Seen } from '../sandbox.ts'

// What tests of SAQ's effects have in common. The sandbox keeps the objects of the vendor's samples under their ids.

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

/** Long after the clocks of this machine and of the sandbox. */
export const dueDay = '2096-12-31'
export const dueDate = '2096-12-31T23:59:59Z'

const changing = /^\/qps\/rest\/1\.0\/(create|update|publish|newversion|launch|cancel|delete)\//

/** Requests by which something of SAQ was to be changed. */
export async function changesAt({ requests }: Control): Promise<Seen[]> {
  return (await requests()).filter(({ path }) => changing.test(path))
}

type Row = Readonly<Record<string, unknown>>

export async function rowOf(control: Control, collection: string, id: string): Promise<Row | undefined> {
  return (await control.truth(collection)).find((row) => String(row['id']) === id)
}

/** Ids of the recipients of a campaign, in order. */
export async function recipientsOf(control: Control, campaignId: string): Promise<string[]> {
  const row = await rowOf(control, 'campaigns', campaignId)
  const ids = row?.['recipientIds']
  return Array.isArray(ids) ? ids.map(String) : []
}

/** The last row that was added. */
export async function lastOf(control: Control, collection: string): Promise<Row> {
  const row = (await control.truth(collection)).reduce<Row | undefined>(
    (last, one) => (Number(one['id']) > Number(last?.['id'] ?? 0) ? one : last),
    undefined,
  )
  if (!row) throw new Error(`no ${collection}`)
  return row
}

/** A template that is still a draft. */
export async function draftOf(control: Control): Promise<string> {
  const draft = (await control.truth('templates')).find(({ state }) => state === 'DRAFT')
  return String(draft?.['id'])
}

/** The id of a campaign in a status, with recipients unless `empty`. */
export async function campaignIn(control: Control, status: string, empty = false): Promise<string> {
  const found = (await control.truth('campaigns')).find(
    (row) => row['status'] === status && ((row['recipientIds'] as unknown[]).length === 0) === empty,
  )
  if (!found) throw new Error(`no campaign is ${status}`)
  return String(found['id'])
}

/** Which rows of a collection differ, by id; those added and gone among them. */
export function differing(before: readonly Row[], after: readonly Row[]): string[] {
  const texts = (rows: readonly Row[]): Map<string, string> =>
    new Map(rows.map((row) => [String(row['id']), JSON.stringify(row)]))
  const [old, now] = [texts(before), texts(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((id) => old.get(id) !== now.get(id)).sort()
}

/** A campaign that is whole without anybody but its template. */
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

let people = 0

/** Somebody with an address that nobody has. */
export const somebody = (fields: Row = {}): Row => {
  people++
  return {
    firstName: 'Some',
    lastName: `Body${people}`,
    company: 'Quiet Harbour Works',
    emailAddress: `somebody.${people}@quiet-harbour.example`,
    ...fields,
  }
}

/** Arguments for every effect of SAQ, with which it reaches the sandbox. */
export async function saqCalls(control: Control): Promise<Readonly<Record<string, Row>>> {
  const draft = await draftOf(control)
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
    saq_create_users: { users: [somebody()] },
    saq_update_user: { userId: recipient, title: 'changed' },
    saq_update_users: { ids: [recipient, otherRecipient], title: 'changed' },
    saq_delete_user: { userId: recipient },
    saq_delete_users: { ids: [recipient, otherRecipient] },
  }
}

/** A refusal in one line of bearable length, which says what is allowed, or what to do. */
export function expectOneSentence(text: string): void {
  expect(text).toMatch(/^[^\n]{30,900}$/)
  expect(text).not.toMatch(/undefined|\[object|null/)
}
