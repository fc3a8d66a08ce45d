import type { Input, Operation } from '../../operations/operation.ts'
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
  const byQualys = Object.keys(operation.input).filter(
    (name) => args[name] !== undefined && !notNarrowing.includes(name),
  )
  // match comes last: it looks only in what the others leave.
  const narrowing = match.isEmpty ? byQualys : [...byQualys, ...ours]
  const hasOutputs = 'includeOutput' in operation.input && args['includeOutput'] !== true
  return [
    ...(match.isEmpty ? [] : [match.note]),
    ...(!match.isEmpty && hasOutputs
      ? [`What scripts printed was not looked in: ${operation.name} does that with includeOutput.`]
      : []),
    ...(narrowing.length > 0 ? [`Only rows within ${listed(narrowing)} were looked at.`] : []),
  ]
}
