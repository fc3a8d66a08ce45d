import { campaignQuestions } from './campaigns.ts'
import { hostQuestions, scheduleQuestions } from './hosts.ts'
import type { Question } from './question.ts'
import { recipientQuestions } from './recipients.ts'
import { resultQuestions } from './results.ts'
import { scriptQuestions } from './scripts.ts'

/** Records that do not show what an answer rests on, and the questions about them. */
interface Shape {
  readonly name: string
  readonly knobs: object
  readonly questions: readonly Question[]
}

// A run on a fleet that is prepared takes long: the nightly tests ask about it under each shape.
const results = resultQuestions.filter(({ prepare }) => prepare === undefined)

/** About campaigns and their people; the nightly tests ask all of them under each shape. */
const people = [...campaignQuestions, ...recipientQuestions]

const shape = (name: string, knobs: object, questions: readonly Question[]): Shape => ({
  name,
  knobs,
  questions,
})

export const shapes: readonly Shape[] = [
  shape('schedules with id and customerUuid alone', { scheduleRecord: 'bare' }, scheduleQuestions),
  shape('hosts as in a sister module', { hostRecord: 'fim' }, hostQuestions),
  shape('tags of hosts by UUID', { hostTags: 'uuids' }, hostQuestions),
  shape('tags of hosts as objects with a UUID', { hostTags: 'uuidObjects' }, hostQuestions),
  shape('results without their run', { resultJobs: 'hidden' }, results),
  shape('results without their host', { resultHosts: 'none' }, results),
  shape('scripts exported as CSV', { scriptExports: 'csv' }, scriptQuestions),
  shape('scripts exported as a zip file', { scriptExports: 'zip' }, scriptQuestions),
  shape(
    'no export and no code of scripts',
    { scriptExports: 'gone', scriptContent: 'hidden' },
    scriptQuestions,
  ),
  shape('campaigns with the ids of their recipients alone', { campaignRecipients: 'ids' }, people),
  shape('campaigns with recipients without ids', { campaignRecipients: 'names' }, people),
  shape('campaigns without recipients', { campaignRecipients: 'hidden' }, people),
  shape('campaigns without a due date', { campaignDueDate: false }, campaignQuestions),
  shape('questionnaires without a due date', { questionnaireDueDate: false }, campaignQuestions),
  shape('no due dates', { questionnaireDueDate: false, campaignDueDate: false }, campaignQuestions),
  shape(
    'questionnaires with the id of their campaign alone',
    { questionnaireCampaign: 'id' },
    campaignQuestions,
  ),
  shape('questionnaires without their campaign', { questionnaireCampaign: 'none' }, campaignQuestions),
  shape(
    'ids of recipients alone, and users without company',
    { campaignRecipients: 'ids', userGroupFields: false },
    people,
  ),
  shape('users without company and tags', { userGroupFields: false }, campaignQuestions),
  shape('unknown tokens that match nothing', { unknownToken: 'nothing' }, results),
  shape('unknown tokens that are ignored', { unknownToken: 'ignore' }, results),
]
