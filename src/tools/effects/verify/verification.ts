import type { NewState } from '../../../operations/effects/new-state.ts'
import type { Verification } from '../../../operations/effects/verification.ts'
import type { EffectOperation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError, UnclearError } from '../../../shared/errors.ts'
import { factsOf } from '../../../shared/log.ts'
import type { ToolContext } from '../../tool.ts'
import { explainRefusedAddresses, explainUnclearAddresses, verifyAddresses } from './addresses.ts'
import { explainLostRun, listRunsBefore } from './lost-run.ts'
import { verifyCampaign } from './saq/campaign.ts'
import { verifyCancel, verifyLaunch } from './saq/campaign-status.ts'
import { verifyDeleted } from './saq/deleted.ts'
import { verifyPublished, verifyTemplate, verifyTemplateVersion } from './saq/template.ts'
import { verifyUsers } from './saq/user.ts'
import { verifySchedule } from './schedule.ts'
import type { SentEffect } from './sent-effect.ts'
import { rememberRun } from './sent-run.ts'

/** What is looked at for one kind of verification. */
interface Verifier {
  /** Before the request: the ids of what exists already; undefined if they cannot be listed. */
  readonly listBefore?: (effect: SentEffect, context: ToolContext) => Promise<ReadonlySet<string> | undefined>
  /** After a success. Returns the new state; throws an UnclearError if it is another effect. */
  readonly verifySuccess?: (
    effect: SentEffect,
    record: Row,
    context: ToolContext,
    clock: Clock,
  ) => Promise<NewState | undefined>
  /** After a success: keeps what later calls need to know of it. */
  readonly remember?: (effect: SentEffect, record: Row, context: ToolContext, clock: Clock) => void
  /** After an unclear outcome: the error, with what was found out. */
  readonly explain?: (
    effect: SentEffect,
    error: UnclearError,
    idsBefore: ReadonlySet<string> | undefined,
    context: ToolContext,
    clock: Clock,
  ) => Promise<UnclearError>
  /** After a refusal that may not hold for all of the request: the error, with what was found out. */
  readonly explainRefusal?: (
    effect: SentEffect,
    error: QualysError,
    context: ToolContext,
  ) => Promise<QualysError>
}

const verifiers: Readonly<Record<Verification, Verifier>> = {
  schedule: { verifySuccess: verifySchedule },
  campaign: { verifySuccess: verifyCampaign },
  launch: { verifySuccess: verifyLaunch },
  cancel: { verifySuccess: verifyCancel },
  template: { verifySuccess: verifyTemplate },
  publication: { verifySuccess: verifyPublished },
  templateVersion: { verifySuccess: verifyTemplateVersion },
  users: { verifySuccess: verifyUsers },
  deletion: { verifySuccess: verifyDeleted },
  addresses: {
    verifySuccess: verifyAddresses,
    explain: (effect, error, _before, context) => explainUnclearAddresses(effect, error, context),
    explainRefusal: explainRefusedAddresses,
  },
  run: { listBefore: listRunsBefore, remember: rememberRun, explain: explainLostRun },
}

/** How the effect of an operation is verified. */
export function verifierOf({ change }: EffectOperation): Verifier {
  return change.verify === undefined ? {} : verifiers[change.verify]
}

/** The error of a request that was sent, with what was found out about its outcome. */
export async function explainFailure(
  { explain, explainRefusal }: Verifier,
  effect: SentEffect,
  error: unknown,
  idsBefore: ReadonlySet<string> | undefined,
  context: ToolContext,
  clock: Clock,
): Promise<unknown> {
  if (context.signal.aborted || !(error instanceof QualysError)) return error
  if (error instanceof UnclearError)
    return (await explain?.(effect, error, idsBefore, context, clock)) ?? error
  return (await explainRefusal?.(effect, error, context)) ?? error
}

/**
 * What Qualys stored. The effect has happened, even if there is no time left to look at it or what was read makes this
 * program fail: the clause then says so.
 */
export async function verifySuccess(
  { verifySuccess: verify }: Verifier,
  effect: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  try {
    return await verify?.(effect, record, context, clock)
  } catch (error) {
    if (error instanceof CallTimeoutError)
      return { text: 'what Qualys stored of it was not looked at, since time was up' }
    if (error instanceof UnclearError) throw error
    context.signal.throwIfAborted()
    context.log.error(factsOf(error), 'the state after an effect is not read')
    return { text: 'what Qualys stored of it could not be read' }
  }
}
