import { mayHide } from '../reads/moved-fields.ts'
import type { RowWords } from '../reads/row-words.ts'
import { wordOf } from '../reads/row-words.ts'

/** The result of a script on one host. */
type AssetJob = Readonly<Record<string, unknown>>

/**
 * Words of the column Status in reports, as public code reads it (netsecops-76/Public-Security-Resources, branch
 * Qualys-Cloud-Agent-Log-Viewer): `MANIFEST_PARSE_SUCCESS` for a host that has the script and has not run it yet,
 * `EXECUTION PASSED` for one that ended well. That rows hold the same words, in `status` or in the text of the
 * output, is likely and not documented.
 */
const waiting = /^MANIFEST_|ASSIGNED/i
const passed = /^EXECUTION[ _]PASSED$/i

function outputOf({ output }: AssetJob): { readonly code?: unknown; readonly text?: unknown } {
  return typeof output === 'object' && output !== null ? output : { text: output }
}

function codeOf(row: AssetJob): number | undefined {
  const { code } = outputOf(row)
  return typeof code === 'number' ? code : undefined
}

const hasWord = ({ status, ...row }: AssetJob, word: RegExp): boolean =>
  [status, outputOf(row).text].some((text) => typeof text === 'string' && word.test(text))

const isPassed = ({ status }: AssetJob): boolean => typeof status === 'string' && passed.test(status)

/**
 * A host is done if it has an end date, an output or the status of a success. While its manifest is on the way, an
 * output says nothing: Qualys may fill code and text of the output before the script runs.
 */
function isDone(row: AssetJob): boolean {
  if (row['endDate'] != null || isPassed(row)) return true
  if (hasWord(row, waiting)) return row['scriptResult'] != null
  return row['output'] != null
}

/**
 * True if a row shows no end, and does not show either that there is none: what would tell it may be under a name that
 * nobody knows.
 */
export const mayBeDone = (row: AssetJob): boolean =>
  !isDone(row) && (mayHide(row, 'endDate') || mayHide(row, 'output'))

/** How a host ended. A host that is done without a code, and without the status of a success, counts as neither. */
export const outcomes: RowWords = {
  succeeded: (row) => isDone(row) && (codeOf(row) ?? (isPassed(row) ? 0 : undefined)) === 0,
  failed: (row) => isDone(row) && (codeOf(row) ?? 0) !== 0,
  open: (row) => !isDone(row) && !mayBeDone(row),
}

/** The outcome of an asset job in one word. */
export const outcomeOf = (row: AssetJob): string => wordOf(outcomes, row)

/** The fields that these tests read. */
export const outcomeFields: readonly string[] = ['endDate', 'output', 'status', 'scriptResult']
