import { isNothing, isObject } from '../../shared/json.ts'
import { type Issue, type Outcome, summarize } from '../schema.ts'
import { type ArgumentRules, validatorOf } from './validator.ts'

type Json = Readonly<Record<string, unknown>>

/** Inputs of which a file may give some: without `file` they are checked as `inputWithoutFile` has them. */
interface FileRules extends ArgumentRules {
  readonly inputWithoutFile?: ArgumentRules['input'] | undefined
}

/** By their rules: callers of one service share them. */
const validators = new WeakMap<FileRules, (args: unknown) => Outcome<Json>>()

function validatorFor(rules: FileRules): (args: unknown) => Outcome<Json> {
  const validator = validators.get(rules) ?? buildValidator(rules)
  validators.set(rules, validator)
  return validator
}

function buildValidator({ inputWithoutFile, ...rules }: FileRules): (args: unknown) => Outcome<Json> {
  const check = validatorOf(rules)
  const checkWithoutFile = inputWithoutFile ? validatorOf({ ...rules, input: inputWithoutFile }) : check
  return (args) => {
    const hasFile = isObject(args) && !isNothing(args['file'])
    const checked = (hasFile ? check : checkWithoutFile)(args)
    if (checked.value) return { value: checked.value }
    return { issues: [...checked.emptied, ...summarize(checked.invalid, checked.explain)] }
  }
}

/** Reads the arguments of a call: their value, or what is wrong with them. */
export type ReadArguments = (args: unknown) => Promise<Outcome<Json>>

/** Reads arguments by rules that are loaded with the first call. `phrase`: what becomes of a message. */
export function argumentReader(
  rules: () => Promise<FileRules>,
  phrase = (message: string): string => message,
): ReadArguments {
  return async (args) => {
    const outcome = validatorFor(await rules())(args)
    return outcome.issues
      ? { issues: outcome.issues.map((issue) => ({ ...issue, message: phrase(issue.message) })) }
      : outcome
  }
}

/** What is wrong with arguments, as the SDK words it: each issue behind its place. */
export const issuesText = (issues: readonly Issue[]): string =>
  issues
    .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message))
    .join(', ')
