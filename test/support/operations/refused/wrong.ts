/** Calls that make no sense: why, on which tool, and what the refusal says. */
export type Wrong = readonly (readonly [name: string, tool: string, args: object, says: RegExp])[]

/** How a number outside its bounds is refused. */
export const whole = (name: string, most: string): RegExp =>
  new RegExp(`${name}: must be a whole number from \\d to ${most}`)
