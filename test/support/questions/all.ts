import { campaignQuestions } from './campaigns.ts'
import { hostQuestions, scheduleQuestions } from './hosts.ts'
import { outputQuestions } from './outputs.ts'
import type { Question } from './question.ts'
import { recipientQuestions } from './recipients.ts'
import { resultQuestions } from './results.ts'
import { scriptQuestions } from './scripts.ts'

/** What people ask most, each as a script of calls. */
export const questions: readonly Question[] = [
  ...resultQuestions,
  ...hostQuestions,
  ...scheduleQuestions,
  ...scriptQuestions,
  ...campaignQuestions,
  ...recipientQuestions,
  ...outputQuestions,
]
