import type { CampaignPlan } from '../../../src/sandbox/data/saq/campaign-plans.ts'

// Campaigns of people whom the usual data do not have: `openSandbox({ moreCampaigns: [namesakes] })`. They get the ids
// behind the last usual one.

/** The id of a further campaign, by its place in the list. */
export const moreCampaignId = (index: number): string => String(1_111_001 + (index + 1) * 7)

/**
 * Four pairs of namesakes within one company, four in two companies, and three people of one name. The two of a pair
 * are both CLOSED, in different states, both open, and one of them without a questionnaire. Others follow.
 */
export const namesakes: CampaignPlan = {
  status: 'ACTIVE',
  name: 'Namesakes 2026',
  workflowType: 'FULL',
  dueInDays: -12,
  namesakes: true,
  recipients: 30,
  states: [
    ...(['CLOSED', 'CLOSED', 'CLOSED', 'INFORMATION_GATHERING'] as const),
    ...(['INFORMATION_GATHERING', 'INFORMATION_GATHERING', 'none', 'REVIEW'] as const),
  ],
}

/** Recipients in every state, and some to whom nothing was sent. */
export const everyState: CampaignPlan = {
  status: 'ACTIVE',
  name: 'Every state 2026',
  workflowType: 'FULL',
  dueInDays: -5,
  recipients: 35,
  states: ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED', 'none'],
}

/** All 5,000 users are recipients. */
export const everybody: CampaignPlan = {
  status: 'ACTIVE',
  name: 'Everybody 2026',
  workflowType: 'FULL',
  dueInDays: -30,
  recipients: 5_000,
}

/** Running campaigns, each due on another day, some of them not yet. */
export const runningCampaigns = (count: number, recipients: number): readonly CampaignPlan[] =>
  Array.from({ length: count }, (_, index) => ({
    status: 'ACTIVE',
    name: `Running ${index + 1}`,
    workflowType: 'FULL',
    dueInDays: 30 - index * 7,
    recipients,
  }))
