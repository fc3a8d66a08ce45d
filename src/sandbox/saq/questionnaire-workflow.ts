import { day } from '../data/calendar.ts'
import { Random } from '../data/random.ts'
import { toWholeSecond } from '../data/saq/campaigns.ts'
import { pickRisk, titleOf } from '../data/saq/questionnaires.ts'
import type { Campaign, Questionnaire, QuestionnaireState, User, WorkflowType } from '../data/saq/rows.ts'
import { nextId } from '../data/saq/store.ts'
import type { World } from '../state/world.ts'

/** The states that follow a recipient's answer (reference_campaign.htm). */
const stages: Readonly<Record<WorkflowType, readonly QuestionnaireState[]>> = {
  SIMPLE: ['CLOSED'],
  REVIEWABLE: ['REVIEW', 'CLOSED'],
  FULL: ['REVIEW', 'APPROVAL', 'CLOSED'],
}
const finalStates: readonly QuestionnaireState[] = ['CLOSED', 'INCOMPLETE', 'CANCELED']

/** Share of recipients who never answer. */
const noAnswerShare = 0.15
/** A questionnaire that is overdue for this long becomes INCOMPLETE. */
const expiryDelay = 14 * day

/** Sends a questionnaire to each recipient and schedules its later states. The same seed gives the same states. */
export function sendQuestionnaires(world: World, campaign: Campaign, recipients: readonly User[]): void {
  const { saq, seed, knobs, eventQueue } = world
  const now = toWholeSecond(world.now())
  for (const recipient of recipients) {
    const id = nextId(saq.questionnaires)
    const questionnaire: Questionnaire = {
      id,
      title: titleOf(campaign, recipient),
      campaign,
      recipient,
      state: 'INFORMATION_GATHERING',
      created: now,
      updated: now,
    }
    saq.questionnaires.push(questionnaire)
    scheduleExpiry(world, questionnaire)
    const random = new Random(seed, `questionnaire ${id}`)
    const isAnswered = !random.chance(noAnswerShare)
    const risk = pickRisk(random)
    let at = now
    let from: QuestionnaireState = 'INFORMATION_GATHERING'
    for (const state of isAnswered ? stages[campaign.workflowType] : []) {
      // Reviewers and approvers are quicker than recipients.
      const durationFactor = (random.between(10, 190) / 100) * (from === 'INFORMATION_GATHERING' ? 1 : 0.3)
      at += Math.round(durationFactor * knobs.answerDays * day)
      const [expected, dueAt] = [from, at]
      eventQueue.add(dueAt, () => changeState(world, questionnaire, expected, { state, risk }, dueAt))
      from = state
    }
  }
}

/** Cancels the open questionnaires of these recipients. */
export function cancelQuestionnaires(world: World, campaign: Campaign, recipients: readonly User[]): void {
  const recipientSet = new Set(recipients)
  for (const questionnaire of world.saq.questionnaires) {
    const { state, recipient } = questionnaire
    if (questionnaire.campaign !== campaign || !recipientSet.has(recipient) || finalStates.includes(state))
      continue
    Object.assign(questionnaire, { state: 'CANCELED', updated: toWholeSecond(world.now()) })
  }
}

function scheduleExpiry(world: World, questionnaire: Questionnaire): void {
  const { campaign } = questionnaire
  const at = campaign.dueDate + expiryDelay
  world.eventQueue.add(at, () => {
    // The due date may have changed in the meantime.
    if (campaign.dueDate + expiryDelay > at) scheduleExpiry(world, questionnaire)
    else changeState(world, questionnaire, 'INFORMATION_GATHERING', { state: 'INCOMPLETE' }, at)
  })
}

function changeState(
  { saq }: World,
  questionnaire: Questionnaire,
  expected: QuestionnaireState,
  change: Partial<Questionnaire>,
  at: number,
): void {
  const { campaign, state } = questionnaire
  // It was canceled or became INCOMPLETE in the meantime.
  if (state !== expected) return
  const updated = toWholeSecond(at)
  Object.assign(questionnaire, change, { updated })
  const siblings = saq.questionnaires.filter((sibling) => sibling.campaign === campaign)
  if (siblings.every((sibling) => finalStates.includes(sibling.state)))
    Object.assign(campaign, { status: 'COMPLETE', updated })
}
