import { approveCode } from '../approvals/decisions.ts'
import type { Answer } from './answer.ts'
import type { TestService } from './service.ts'

/** The code of a call that waits for a terminal; empty if the answer names none. */
export const codeIn = ({ text }: Answer): string =>
  /`qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})[` ]/.exec(text)?.[1] ?? ''

/** The token of the next page; undefined if the answer has none. */
export const nextPageIn = ({ text }: Answer): string | undefined =>
  /continuationToken "([^"]+)"/.exec(text)?.[1]

/** Approves a call as a person in a terminal does. */
export function approve({ folder }: TestService, code: string): void {
  if (!approveCode(folder, code)) throw new Error(`no call waits under ${code}`)
}
