import type { EffectOperation } from '../../../operations/operation.ts'
import { QualysError } from '../../../shared/errors.ts'
import type { AuditCaller, ToolContext } from '../../tool.ts'

/** Who asks for an effect. The account stays unknown if the settings name none: the call is then refused anyway. */
export async function callerOf(
  operation: EffectOperation,
  { session, client, caller, safeguards }: ToolContext,
): Promise<AuditCaller> {
  if (!safeguards.audit) return {}
  const { named } = caller
  const known = { client, ...(named && { caller: named }) }
  try {
    return { account: await session.identity(operation), ...known }
  } catch (error) {
    if (error instanceof QualysError) return known
    throw error
  }
}
