/** The records of the questionnaire module. Times are epoch milliseconds here; replies have ISO 8601. */

export interface UserTag {
  id: number
  name: string
}

/** Owner, recipient, reviewer, approver: all of them are users. */
export interface User {
  id: number
  uuid: string
  firstName: string
  lastName: string
  company: string
  emailAddress: string
  /** Absent for a user who has never logged in. */
  userName?: string
  title?: string
  tags: UserTag[]
  /** Sandbox only, never in a reply of the platform: the account whose scope the record belongs to. */
  madeBy?: string
}

export const questionTypes = [
  'booleanQuestion',
  'numericQuestion',
  'textQuestion',
  'singleSelectQuestion',
  'multiSelectQuestion',
] as const
export const criticalities = ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

export interface Option {
  text: string
  scoringLabel?: string
}

export interface Question {
  label?: string
  text: string
  type: (typeof questionTypes)[number]
  mode?: 'Button' | 'Radio' | 'Combo'
  criticality?: (typeof criticalities)[number]
  requireAttachment: boolean
  requireComment: boolean
  requireAsset: boolean
  yesScoringLabel?: string
  noScoringLabel?: string
  options?: Option[]
}

export interface Section {
  name: string
  description?: string
  questions: Question[]
  /** The sections within it. */
  sections?: Section[]
}

export interface Scoring {
  label: string
  value: string
}

export interface Template {
  id: number
  uuid: string
  name: string
  description: string
  category: string
  familyId: string
  revision: number
  isLibrary: boolean
  state: 'DRAFT' | 'PUBLISHED'
  sections: Section[]
  scorings: Scoring[]
  /** Sandbox only, as for a user. */
  madeBy?: string
}

export const workflowTypes = ['SIMPLE', 'REVIEWABLE', 'FULL'] as const
export type WorkflowType = (typeof workflowTypes)[number]
export type CampaignStatus = 'INACTIVE' | 'ACTIVE' | 'COMPLETE' | 'CANCELED'

export interface Notice {
  enabled: boolean
  interval: number
  noOfDays: number
}

export const noticeKinds = ['reminderNotification', 'dueDateNotification', 'overdueNotification'] as const
type NoticeKind = (typeof noticeKinds)[number]
export type Notices = Record<NoticeKind, Notice>

export function eachNotice<Value>(make: (kind: NoticeKind) => Value): Record<NoticeKind, Value> {
  return Object.fromEntries(noticeKinds.map((kind) => [kind, make(kind)])) as Record<NoticeKind, Value>
}

export interface Campaign {
  id: number
  name: string
  workflowType: WorkflowType
  status: CampaignStatus
  created: number
  updated: number
  launchDate?: number
  dueDate: number
  template: { id: number; name: string; questionCnt: number }
  /** The owner. */
  user: User
  reviewer?: User
  approver?: User
  recipients: User[]
  campaignNotification: Notices
  /** Sandbox only, never in a reply of the platform: states that its questionnaires have at first, in turn. */
  seededStates?: readonly SeededState[]
}

/** `none`: nothing was sent to this recipient. */
export type SeededState = QuestionnaireState | 'none'

export type QuestionnaireState =
  | 'INFORMATION_GATHERING'
  | 'REVIEW'
  | 'APPROVAL'
  | 'CLOSED'
  | 'INCOMPLETE'
  | 'CANCELED'
export type Risk = 'VERY_HIGH' | 'HIGH' | 'MEDIUM' | 'LOW'

export interface Questionnaire {
  id: number
  title: string
  campaign: Campaign
  /**
   * Sandbox only, never in a reply of the platform: no page says that a questionnaire names its recipient
   * except in its title.
   */
  recipient: User
  state: QuestionnaireState
  /** Absent until it is answered. */
  risk?: Risk
  created: number
  updated: number
}

export function questionCnt({ sections = [] }: Pick<Section, 'sections'>): number {
  return sections.reduce((count, section) => count + section.questions.length + questionCnt(section), 0)
}
