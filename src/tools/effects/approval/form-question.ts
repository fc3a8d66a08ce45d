import type { BusyError, SetupError } from '../../../shared/errors.ts'
import { fitsInto, type Preview, shortLines, wholeText } from '../preview/preview.ts'
import { approveCommand } from './approve-command.ts'
import { pendingUri } from './pending/pending-resource.ts'

/** A form of more lines is read by nobody. */
export const maxFormLines = 60

/**
 * What a form of the client shows: the whole preview, or a short view and the way to the rest; undefined if that is too
 * long as well. `offerCode` keeps the call for those who look at the rest, or says why that is not possible.
 */
export function formQuestion(
  preview: Preview,
  stateDir: string,
  offerCode: () => string | SetupError | BusyError,
): string | SetupError | BusyError | undefined {
  if (fitsInto(maxFormLines, preview)) return wholeText(preview)
  if (shortLines(preview, '').length > maxFormLines) return undefined
  const code = offerCode()
  if (typeof code !== 'string') return code
  const way = `resource ${pendingUri(code)}, or \`${approveCommand(stateDir, code)}\` in a terminal`
  return shortLines(preview, way).join('\n')
}
