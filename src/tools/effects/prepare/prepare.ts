import { platformName } from '../../../config/platforms.ts'
import type { EffectOperation, Input, Resolved } from '../../../operations/operation.ts'
import type { ApprovalSubject } from '../../approvals.ts'
import type { ToolContext } from '../../tool.ts'
import { digestOf, hashOfJson, newRecord } from '../approval/approval-record.ts'
import { asksPerson } from '../approval/asks-person.ts'
import { recordOf } from '../approval/records.ts'
import { serverIdOf } from '../approval/server-id.ts'
import { budgetAccess, checkBudgets } from '../budgets/budget.ts'
import type { ImportSource } from '../imports/import-source.ts'
import { sourceLine } from '../imports/import-texts.ts'
import { credentialWarnings } from '../policy/credential-warnings.ts'
import { checkBulk } from '../policy/limits/bulk.ts'
import { reportUnmatchedEntries } from '../policy/limits/unmatched-entries.ts'
import { refuseMasks } from '../policy/refuse-masks.ts'
import { factsOf, redactFacts } from '../preview/facts.ts'
import type { Preview } from '../preview/preview.ts'
import { sealedFacts } from '../preview/sealed.ts'
import { checkTimeLimits } from '../timing/time-limits.ts'

import { type FilledCall, fillIn } from './filled-call.ts'
import { inspectCar } from './inspect-car.ts'
import { inspectSaq } from './inspect-saq.ts'
import type { PreparedCall } from './inspection.ts'
import { refuse } from './refuse.ts'

/** What the references and secrets of a call resolve to. Throws if the lists that they refer to forbid the call. */
async function resolve(
  operation: EffectOperation,
  { args, stored }: FilledCall,
  { session, signal }: ToolContext,
): Promise<Resolved> {
  const { change } = operation
  const resolved = await session.resolveReferences(operation, args, { signal, stored })
  for (const { name } of change.secrets?.(args) ?? []) resolved.secret(name)
  refuse(change.validateWith?.(args, resolved), session.redact)
  return resolved
}

/** What is stored already need not be left out. */
const withoutStored = (args: Input, { taken }: FilledCall): Input =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !taken.includes(name)))

/**
 * Validates a call, looks up its targets, checks the limits and writes the preview. `source`: the file that a part of
 * the arguments came from.
 */
export async function prepare(
  operation: EffectOperation,
  args: Input,
  context: ToolContext,
  source?: ImportSource,
): Promise<PreparedCall> {
  const { session, configuration } = context
  const { change } = operation
  checkBulk(change.targets(args), configuration.settings)
  refuseMasks(operation, args)
  refuse(change.validate?.(args, Date.now()), session.redact)
  const call = await fillIn(operation, args, context)
  const named = change.targets(call.args, args, call.changes)
  const references = await resolve(operation, call, context)
  await reportUnmatchedEntries(context)
  const inspection =
    named.product === 'car'
      ? await inspectCar(operation, named, call, context)
      : await inspectSaq(operation, named, args, context)
  const { effect, namesSecret, targets, hosts, scheduleRuns, fingerprint, parts, shownArgs, note } =
    inspection
  const { resolved = references } = inspection
  const warnings = [
    ...call.warnings,
    ...(source?.warnings ?? []),
    ...(inspection.warnings ?? []),
    ...credentialWarnings(withoutStored(inspection.args, call)),
  ]
  // Redacted like the line of the audit log that holds it.
  const account = session.redact(await session.identity(operation))
  const spending = { effect, targets, hosts, scheduleRuns, args: inspection.args }
  checkTimeLimits(operation, spending, configuration.settings)
  const notes = checkBudgets(spending, budgetAccess(context, account))
  const facts = factsOf({
    operation,
    effect,
    args: shownArgs,
    passed: args,
    note,
    warnings,
    parts: source ? { ...parts, lines: [sourceLine(source), ...parts.lines] } : parts,
    account,
  })
  const { headline } = facts
  const shown = configuration.settings.sandbox ? { ...facts, headline: `sandbox: ${headline}` } : facts
  const preview: Preview = { facts: redactFacts(shown, session.redact), notes }
  const { server, stateDir } = context.safeguards
  const subject: ApprovalSubject = {
    server: serverIdOf(stateDir, server),
    account,
    platform: platformName(configuration.settings),
    caller: context.caller.id,
    tool: operation.name,
    effect,
    // With all that the arguments stand for, and the bytes of the file, whatever of them the call takes.
    arguments: hashOfJson([args, source ? [fingerprint, source.sha256] : fingerprint]),
    preview: hashOfJson(sealedFacts(preview.facts)),
  }
  const weight = { effect, declaredEffect: operation.effect, namesSecret }
  const record = asksPerson(configuration.settings, weight)
    ? recordOf(subject, context.safeguards)
    : newRecord(subject)
  const digest = digestOf(record)
  return { ...spending, namesSecret, account, resolved, note, warnings, preview, subject, record, digest }
}
