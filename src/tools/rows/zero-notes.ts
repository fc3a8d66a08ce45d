import type { Input, Operation } from '../../operations/operation.ts'
import { texts } from '../../shared/format.ts'
import type { Match } from './match.ts'

/** Inputs of lists that leave out no rows. */
const notNarrowing = ['sort', 'includeOutput']

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** What was looked in, for an answer without rows. `ours`: the inputs by which this program leaves out rows. */
export function emptyNotes(
  operation: Operation,
  args: Input,
  match: Match,
  ours: readonly string[],
): string[] {
  // The inputs of a list that is put together say which list it is.
  const byQualys = Object.keys(operation.input).filter(
    (name) => args[name] !== undefined && !notNarrowing.includes(name) && !operation.derive,
  )
  if (match.isEmpty)
    return byQualys.length > 0 ? [`Only rows within ${listed(byQualys)} were looked at.`] : []
  const narrowing = listed([...byQualys, ...ours])
  if (match.rows === 0)
    return [`There is no row${narrowing && ` within ${narrowing}`}: match had nothing to look in.`]
  const hasOutputs = 'includeOutput' in operation.input && args['includeOutput'] !== true
  return texts(
    match.note,
    hasOutputs && `What scripts printed was not looked in: ${operation.name} does that with includeOutput.`,
    narrowing !== '' && `Only rows within ${narrowing} were looked at.`,
  )
}
