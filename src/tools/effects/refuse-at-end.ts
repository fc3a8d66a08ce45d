import { SetupError } from '../../shared/errors.ts'
import type { Safeguards } from '../tool.ts'

/**
 * Throws a SetupError once the program is told to end: an operator who ends it expects that nothing begins. Throws as
 * well while no effect may begin for another reason.
 */
export function refuseAtEnd({ ending, obstacle }: Safeguards): void {
  const error = obstacle?.()
  if (error) throw error
  if (ending.aborted)
    throw new SetupError(
      'qualys-mcp is ending, so nothing was sent.',
      'Make the call again once it is started again.',
    )
}
