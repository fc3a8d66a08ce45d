import { isNothing, isObject } from '../../shared/json.ts'
import { type Outcome, standardSchema, summarize } from '../schema.ts'
import { type ArgumentRules, validatorOf } from './validator.ts'

type Json = Readonly<Record<string, unknown>>

/** Inputs of which a file may give some: without `file` they are checked as `inputWithoutFile` has them. */
interface FileRules extends ArgumentRules {
  readonly inputWithoutFile?: ArgumentRules['input'] | undefined
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

/**
 * The schema of a tool's arguments: listed as the manifest has it, built at the first call. `phrase`: what becomes of a
 * message.
 */
export function argumentSchema(
  listed: Json,
  rules: () => Promise<FileRules>,
  phrase = (message: string): string => message,
) {
  let validator: Promise<ReturnType<typeof buildValidator>> | undefined
  return standardSchema(
    async (args) => {
      validator ??= rules().then(buildValidator)
      const outcome = (await validator)(args)
      return outcome.issues
        ? { issues: outcome.issues.map((issue) => ({ ...issue, message: phrase(issue.message) })) }
        : outcome
    },
    () => listed,
  )
}
