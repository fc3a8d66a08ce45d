import type { Input, Operation } from '../operations/operation.ts'
import type { Arguments } from './call-options.ts'

/** Arguments that may change from page to page. */
const changeable = new Set(['pageSize', 'fields', 'continuationToken'])

const pick = (args: Arguments, isWanted: (name: string) => boolean): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([name, value]) => isWanted(name) && value !== undefined))

/** The arguments that an operation sends to Qualys. */
export const inputOf = (operation: Operation, args: Arguments): Input =>
  pick(args, (name) => Object.hasOwn(operation.input, name))

/** The arguments that all pages of a list have in common. */
export const queryOf = (args: Arguments): Arguments => pick(args, (name) => !changeable.has(name))
