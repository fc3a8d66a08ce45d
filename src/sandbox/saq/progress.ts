import { day } from '../data/calendar.ts'
import { Random } from '../data/random.ts'
import { toSecond } from '../data/saq/campaigns.ts'
import { riskOf, titleOf } from '../data/saq/questionnaires.ts'
import type { Campaign, Questionnaire, QuestionnaireState, User, WorkflowType } from '../data/saq/rows.ts'
import { nextId } from '../data/saq/store.ts'
import type { World } from '../state/world.ts'

/** The states that follow a recipient's answer (reference_campaign.htm). */
const stages: Readonly<Record<WorkflowType, readonly QuestionnaireState[]>> = {
  SIMPLE: ['CLOSED'],
  REVIEWABLE: ['REVIEW', 'CLOSED'],
  FULL: ['REVIEW', 'APPROVAL', 'CLOSED'],
}
const ended: readonly QuestionnaireState[] = ['CLOSED', 'INCOMPLETE', 'CANCELED']

/** Share of recipients who never answer. */
const silentShare = 0.15
/** A questionnaire that is overdue for this long becomes INCOMPLETE. */
const patience = 14 * day

/** Sends a questionnaire to each recipient and schedules its later states: the same ones in every run. */
export function sendOut(world: World, campaign: Campaign, recipients: readonly User[]): void {
  const { saq, seed, knobs, agenda } = world
  const now = toSecond(world.now())
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
    giveUpLater(world, questionnaire)
    const random = new Random(seed, `questionnaire ${id}`)
    const answers = !random.chance(silentShare)
    const risk = riskOf(random)
    let at = now
    let from: QuestionnaireState = 'INFORMATION_GATHERING'
    for (const state of answers ? stages[campaign.workflowType] : []) {
      // Reviewers and approvers are quicker than recipients.
      const pace = (random.between(10, 190) / 100) * (from === 'INFORMATION_GATHERING' ? 1 : 0.3)
      at += Math.round(pace * knobs.answerDays * day)
      const [expected, moment] = [from, at]
      agenda.add(moment, () => move(world, questionnaire, expected, { state, risk }, moment))
      from = state
    }
  }
}

/** Cancels the open questionnaires of these recipients. */
export function recall(world: World, campaign: Campaign, recipients: readonly User[]): void {
  const out = new Set(recipients)
  for (const questionnaire of world.saq.questionnaires) {
    const { state, recipient } = questionnaire
    if (questionnaire.campaign !== campaign || !out.has(recipient) || ended.includes(state)) continue
    Object.assign(questionnaire, { state: 'CANCELED', updated: toSecond(world.now()) })
  }
}

function giveUpLater(world: World, questionnaire: Questionnaire): void {
  const { campaign } = questionnaire
  const at = campaign.dueDate + patience
  world.agenda.add(at, () => {
    // The due date may have changed in the meantime.
    if (campaign.dueDate + patience > at) giveUpLater(world, questionnaire)
    else move(world, questionnaire, 'INFORMATION_GATHERING', { state: 'INCOMPLETE' }, at)
  })
}

function move(
  { saq }: World,
  questionnaire: Questionnaire,
  expected: QuestionnaireState,
  change: Partial<Questionnaire>,
  at: number,
): void {
  const { campaign, state } = questionnaire
  // Canceled or given up in the meantime.
  if (state !== expected) return
  const updated = toSecond(at)
  Object.assign(questionnaire, change, { updated })
  const own = saq.questionnaires.filter((one) => one.campaign === campaign)
  if (own.every((one) => ended.includes(one.state))) Object.assign(campaign, { status: 'COMPLETE', updated })
}
