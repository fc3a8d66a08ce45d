import type { Terminal } from '../../../src/cli/approval/approve.ts'

/** A terminal with a person who gives this answer. */
export function terminal(
  answer: string | (() => string),
  isTTY = true,
): Terminal & { readonly shown: string[] } {
  const shown: string[] = []
  return {
    isTTY,
    shown,
    print: (line) => shown.push(line),
    ask: async (question) => {
      shown.push(question)
      return typeof answer === 'string' ? answer : answer()
    },
  }
}
