/** A call with invalid arguments: the reason, the tool, and the words of the refusal. */
export type RefusedCalls = readonly (readonly [name: string, tool: string, args: object, says: RegExp])[]

/** The refusal of a number outside its bounds. */
export const wholeNumberMessage = (name: string, most: string): RegExp =>
  new RegExp(`${name}: must be a whole number from \\d to ${most}`)
