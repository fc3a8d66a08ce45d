/** Answers a control request from its JSON body. Throws if the body is invalid. */
export type ControlAction = (body: unknown, reset: () => void) => unknown

/** Throws if there is a problem. */
export function assertValid(problem: string | undefined): void {
  if (problem !== undefined) throw new TypeError(problem)
}
