import { SetupError } from '../../../shared/errors.ts'

/** The error for a file of budgets that cannot be used: what it limits is refused. */
export function budgetError(reason: string): SetupError {
  return new SetupError(
    `The budgets cannot be counted: the file budget.jsonl in the state folder cannot be used (${reason}). Nothing was sent.`,
    'Ask the operator to look at it: `qualys-mcp doctor` says where it is. Until then everything that a budget limits is refused.',
  )
}
