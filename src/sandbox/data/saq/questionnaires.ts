import { anchor, day } from '../calendar.ts'
import type { Random } from '../random.ts'
import { demoCampaign, sampleCampaignId } from './campaign-plans.ts'
import { toWholeSecond } from './campaigns.ts'
import type { Campaign, Questionnaire, QuestionnaireState, Risk, User } from './rows.ts'

/** The questionnaire of search_questionnaires.htm. */
const sampleId = 707802

type Weights<Word extends string> = Readonly<Partial<Record<Word, number>>>

const risks: Weights<Risk> = { LOW: 45, MEDIUM: 30, HIGH: 17, VERY_HIGH: 8 }

/** In percent. */
const states: Readonly<Record<string, Weights<QuestionnaireState>>> = {
  sample: { INFORMATION_GATHERING: 32, REVIEW: 14, APPROVAL: 10, CLOSED: 34, INCOMPLETE: 7, CANCELED: 3 },
  SIMPLE: { INFORMATION_GATHERING: 55, CLOSED: 43, INCOMPLETE: 2 },
  REVIEWABLE: { INFORMATION_GATHERING: 45, REVIEW: 25, CLOSED: 28, INCOMPLETE: 2 },
  FULL: { INFORMATION_GATHERING: 45, REVIEW: 18, APPROVAL: 12, CLOSED: 23, INCOMPLETE: 2 },
  COMPLETE: { CLOSED: 92, INCOMPLETE: 6, CANCELED: 2 },
  CANCELED: { CLOSED: 30, CANCELED: 70 },
}

/** One questionnaire for each recipient of a launched campaign, sorted by id. */
export function makeQuestionnaires(
  random: Random,
  campaigns: readonly Campaign[],
  lastId = 704_000,
): Questionnaire[] {
  const rows: Questionnaire[] = []
  let id = lastId
  for (const campaign of campaigns) {
    const { launchDate, seededStates = [] } = campaign
    if (launchDate === undefined) continue
    for (const [index, recipient] of campaign.recipients.entries()) {
      const seeded = seededStates[index % seededStates.length]
      if (seeded === 'none') continue
      const isSample = campaign.name === demoCampaign && recipient === campaign.recipients[0]
      id = isSample ? sampleId : id + random.between(1, 9)
      rows.push(makeQuestionnaire(random, id, campaign, recipient, launchDate, seeded))
    }
  }
  return rows
}

function makeQuestionnaire(
  random: Random,
  id: number,
  campaign: Campaign,
  recipient: User,
  launched: number,
  seeded?: QuestionnaireState,
): Questionnaire {
  const { status, workflowType } = campaign
  const mixture = campaign.id === sampleCampaignId ? 'sample' : status === 'ACTIVE' ? workflowType : status
  const state = seeded ?? pickWeighted<QuestionnaireState>(random, states[mixture] ?? {}, 'CLOSED')
  const isAnswered = state === 'REVIEW' || state === 'APPROVAL' || state === 'CLOSED'
  const isUntouched = state === 'INFORMATION_GATHERING' && random.chance(0.5)
  return {
    id,
    title: titleOf(campaign, recipient),
    campaign,
    recipient,
    state,
    ...(isAnswered && { risk: pickRisk(random) }),
    created: launched,
    updated: isUntouched
      ? launched
      : toWholeSecond(launched + random.below(Math.min(anchor - launched, 60 * day))),
  }
}

/** `<campaign> - <first> <last>`, as the sample shows it. */
export function titleOf({ name }: Campaign, { firstName, lastName }: User): string {
  return `${name} - ${firstName} ${lastName}`
}

export function pickRisk(random: Random): Risk {
  return pickWeighted(random, risks, 'LOW')
}

function pickWeighted<Word extends string>(random: Random, weights: Weights<Word>, fallback: Word): Word {
  let remaining = random.below(100)
  for (const [word, weight] of Object.entries(weights) as [Word, number][]) {
    remaining -= weight
    if (remaining < 0) return word
  }
  return fallback
}
