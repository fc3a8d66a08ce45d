import type { NewState } from '../../../../operations/effects/new-state.ts'
import { countQuestionnaires } from '../../../../operations/saq/questionnaires.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import { type LookupContext, readRecord, type Target, toTarget } from '../../targets/lookup.ts'
import { readCampaign, type SaqTargets } from '../../targets/saq-targets.ts'
import { look } from '../look.ts'
import type { SentEffect } from '../sent-effect.ts'
import { campaignAdvice, campaignNow, dueIn, nameAndStatus } from './campaign-fields.ts'

const statusAdvice = 'look with saq_campaign_status'
const laterAdvice = `that may take a while; ${statusAdvice}`

/** The number of recipients; undefined if the record does not show them. */
const recipientCountIn = ({ row = {} }: Target): number | undefined =>
  Array.isArray(row['recipients']) ? row['recipients'].length : undefined

async function count(context: LookupContext, args: Row): Promise<number> {
  const record = await readRecord(context, countQuestionnaires, args)
  return Number(record?.['count'])
}

/** What is said of the questionnaires, and whether it is what was asked for. */
interface Questionnaires {
  readonly isAsAsked: boolean
  readonly text: string
}

/** The questionnaires of a launched campaign: one for each recipient. */
function sentQuestionnaires(found: number, recipients: number | undefined): Questionnaires {
  if (found === 0)
    return { isAsAsked: recipients === 0, text: `Qualys counts no questionnaire of it yet: ${laterAdvice}` }
  if (recipients === undefined || found === recipients)
    return { isAsAsked: true, text: `${counted(found, 'questionnaire')} sent` }
  return {
    isAsAsked: false,
    text: `Qualys counts ${counted(found, 'questionnaire')} for ${counted(recipients, 'recipient')}: ${found < recipients ? laterAdvice : statusAdvice}`,
  }
}

/** The questionnaires of a canceled campaign: those that were open are CANCELED. */
function canceledQuestionnaires(found: number, before: SaqTargets['deletedQuestionnaires']): Questionnaires {
  // A questionnaire without a state may be open.
  const isKnown = before !== undefined && !before.byState.has('')
  if (!isKnown)
    return {
      isAsAsked: true,
      text:
        found === 0
          ? `whether its open questionnaires are CANCELED is not known: ${statusAdvice}`
          : `${counted(found, 'questionnaire')} CANCELED`,
    }
  const expected = before.open + (before.byState.get('CANCELED') ?? 0)
  const ofAll = `${formatNumber(found)} of ${counted(before.total, 'questionnaire')} CANCELED`
  // More than expected: Qualys may have counted others, too.
  return found === expected
    ? { isAsAsked: true, text: ofAll }
    : {
        isAsAsked: false,
        text: `Qualys shows ${ofAll}, where ${formatNumber(expected)} were expected: ${found < expected ? laterAdvice : statusAdvice}`,
      }
}

/** A change of a campaign's status, and what it does to the questionnaires. */
interface StatusChange {
  readonly status: string
  /** Which questionnaires are counted. */
  readonly counted: Row
  readonly describe: (found: number, targets: SaqTargets, target: Target) => Questionnaires
}

/**
 * The state after a change of status. If the answer shows the new status, as the sample of launch_campaign.htm does, the
 * one read counts the questionnaires; otherwise it reads the campaign. An answer with another status is an error.
 */
const verifyStatus =
  ({ status, counted: where, describe }: StatusChange) =>
  async (
    { targets }: SentEffect,
    record: Row,
    context: ToolContext,
    clock: Clock,
  ): Promise<NewState | undefined> => {
    const [before] = targets.product === 'saq' ? targets.campaigns : []
    if (targets.product !== 'saq' || !before) return undefined
    if (record['status'] === undefined) return readStatus(before.id, status, context, clock)
    const { count: _, all: __, ...answer } = record
    const target = toTarget(context, before.id, { ...before.raw, ...answer })
    const { found, failure } = await look(context, clock, (limited) =>
      count(limited, { campaignId: [before.id], ...where }),
    )
    const facts = [nameAndStatus(target), ...texts(dueIn(target))].join(', ')
    if (found === undefined || Number.isNaN(found))
      return {
        text: `${facts}; how many questionnaires it concerns ${failure ?? 'could not be read'}: ${statusAdvice}`,
        fields: campaignNow(target),
      }
    const { isAsAsked, text } = describe(found, targets, target)
    return {
      text: isAsAsked ? `${facts}, ${text}` : `${facts}; BUT ${text}`,
      fields: campaignNow(target, { questionnaires: found }),
    }
  }

async function readStatus(id: string, asked: string, context: ToolContext, clock: Clock): Promise<NewState> {
  const { found: target, failure } = await look(context, clock, (limited) => readCampaign(limited, id))
  if (!target) return { text: `its status ${failure}: ${campaignAdvice}` }
  const status = target.row?.['status']
  const recipients = recipientCountIn(target)
  const facts = texts(
    nameAndStatus(target),
    recipients !== undefined && counted(recipients, 'recipient'),
    dueIn(target),
  ).join(', ')
  const isOther = status !== undefined && status !== asked
  return {
    text: isOther
      ? `BUT Qualys still shows ${facts}, where ${asked} was asked for: that may take a while; ${campaignAdvice}`
      : texts(facts, status === undefined && campaignAdvice).join(': '),
    fields: campaignNow(target, { recipients }),
  }
}

export const verifyLaunch = verifyStatus({
  status: 'ACTIVE',
  counted: {},
  describe: (found, _targets, target) => sentQuestionnaires(found, recipientCountIn(target)),
})

export const verifyCancel = verifyStatus({
  status: 'CANCELED',
  counted: { state: ['CANCELED'] },
  describe: (found, { deletedQuestionnaires }) => canceledQuestionnaires(found, deletedQuestionnaires),
})
