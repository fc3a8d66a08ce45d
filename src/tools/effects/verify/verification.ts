import type { NewState } from '../../../operations/new-state.ts'
import type { EffectOperation, Verification } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError, UnclearError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'
import { explainRefusedAddresses, explainUnclearAddresses, verifyAddresses } from './addresses.ts'
import { verifyCampaign } from './campaign.ts'
import { explainLostRun, listRunsBefore } from './lost-run.ts'
import { verifySchedule } from './schedule.ts'
import type { SentEffect } from './sent-effect.ts'
import { rememberRun } from './sent-run.ts'
import { verifyQuestions, verifyTemplateVersion } from './template.ts'

/** What is looked at for one kind of verification. */
interface Verifier {
  /** Before the request: the ids of what exists already; undefined if they cannot be listed. */
  readonly listBefore?: (effect: SentEffect, context: ToolContext) => Promise<ReadonlySet<string> | undefined>
  /** After a success. Returns a note for the reply; throws an UnclearError if it is another effect. */
  readonly verifySuccess?: (
    effect: SentEffect,
    record: Row,
    context: ToolContext,
    clock: Clock,
  ) => Promise<NewState | string | undefined>
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
  questions: { verifySuccess: verifyQuestions },
  templateVersion: { verifySuccess: verifyTemplateVersion },
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

/** The note about what Qualys stored. If there is no time left to look, the note says so. */
export async function verifySuccess(
  { verifySuccess: verify }: Verifier,
  effect: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const state = await verify?.(effect, record, context, clock).catch((error: unknown) => {
    // The effect has happened, even if there is no time left to look at it.
    if (error instanceof CallTimeoutError)
      return 'what Qualys stored of it was not looked at, since time was up'
    throw error
  })
  return typeof state === 'string' ? { text: state } : state
}
