import type { z } from 'zod'

/** The content of a prompt. */
export interface PromptContent {
  readonly input: z.ZodRawShape
  /** The message for these arguments, which the schema has validated; `now` in milliseconds since 1970. */
  readonly message: (args: Readonly<Record<string, unknown>>, now: number) => string
}
