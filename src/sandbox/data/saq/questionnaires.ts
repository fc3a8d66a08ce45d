import { anchor, day } from '../calendar.ts'
import type { Random } from '../random.ts'
import { demoCampaign, sampleCampaignId } from './campaign-plans.ts'
import { toSecond } from './campaigns.ts'
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
export function makeQuestionnaires(random: Random, campaigns: Campaign[]): Questionnaire[] {
  const rows: Questionnaire[] = []
  let id = 704_000
  for (const campaign of campaigns) {
    const { launchDate } = campaign
    if (launchDate === undefined) continue
    for (const recipient of campaign.recipients) {
      const isSample = campaign.name === demoCampaign && recipient === campaign.recipients[0]
      id = isSample ? sampleId : id + random.between(1, 9)
      rows.push(seeded(random, id, campaign, recipient, launchDate))
    }
  }
  return rows
}

function seeded(
  random: Random,
  id: number,
  campaign: Campaign,
  recipient: User,
  launched: number,
): Questionnaire {
  const { status, workflowType } = campaign
  const mixture = campaign.id === sampleCampaignId ? 'sample' : status === 'ACTIVE' ? workflowType : status
  const state = weighed<QuestionnaireState>(random, states[mixture] ?? {}, 'CLOSED')
  const answered = state === 'REVIEW' || state === 'APPROVAL' || state === 'CLOSED'
  const untouched = state === 'INFORMATION_GATHERING' && random.chance(0.5)
  return {
    id,
    title: titleOf(campaign, recipient),
    campaign,
    recipient,
    state,
    ...(answered && { risk: riskOf(random) }),
    created: launched,
    updated: untouched ? launched : toSecond(launched + random.below(Math.min(anchor - launched, 60 * day))),
  }
}

/** `<campaign> - <first> <last>`, as the sample shows it. */
export function titleOf({ name }: Campaign, { firstName, lastName }: User): string {
  return `${name} - ${firstName} ${lastName}`
}

export function riskOf(random: Random): Risk {
  return weighed(random, risks, 'LOW')
}

function weighed<Word extends string>(random: Random, weights: Weights<Word>, otherwise: Word): Word {
  let rest = random.below(100)
  for (const [word, weight] of Object.entries(weights) as [Word, number][]) {
    rest -= weight
    if (rest < 0) return word
  }
  return otherwise
}
