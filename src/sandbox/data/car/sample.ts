import { hour } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Job, Schedule, Script } from './rows.ts'
import { makeJob } from './run-records.ts'

/** What the jobs of getting_started.htm have in common. */
export const sample = {
  scriptId: 19218,
  title: 'Auto_script_22062022_074300047',
  schedulerId: '23f97a1f-76f4-4e85-a7c2-566f120874fc',
  schedulerName: 'dfdfdfd',
  category: { name: 'Data Backup', id: 1 },
  severity: 1,
  threshold: 250,
  /** `totalCount` of the page. */
  jobs: 80,
  newest: 1674216006119,
} as const

/**
 * Position among the 80, newest first, and what the page prints there; 25890 is printed only as a
 * searchAfter.
 */
const documentedJobs: Readonly<Record<number, { at: number; id: number; correlationUuid?: string }>> = {
  0: { at: sample.newest, id: 25943, correlationUuid: 'bbc62201-cec7-4f9d-8edc-37b55b7b55f4' },
  1: { at: 1674201598656, id: 25934, correlationUuid: '07084308-5e75-4368-86b6-c4f2d7ad29af' },
  6: { at: 1674129606914, id: 25890 },
  7: { at: 1674115200508, id: 25875, correlationUuid: '917e2217-e747-4ae5-8100-58a96ebb8386' },
  8: { at: 1674100804290, id: 25862, correlationUuid: '534181ea-9644-4052-a654-546af75192ca' },
  9: { at: 1674086404113, id: 25859, correlationUuid: 'a89dce45-9b6c-4d11-8f69-2cf7777ca96a' },
  10: { at: 1674072000447, id: 25856, correlationUuid: 'ed6cb107-00d3-40f7-bc31-17661cd6c467' },
}

/** The 80 jobs of the page, oldest first: a run every four hours. */
export function makeSampleJobs(random: Random, script: Script, schedule: Schedule): Job[] {
  const jobs: Job[] = []
  let id = 0
  for (let index = 0; index < sample.jobs; index++) {
    const documented = documentedJobs[index]
    id = documented?.id ?? id - random.between(3, 9)
    const onTheHour = Math.floor(sample.newest / hour) * hour - index * 4 * hour
    const at = documented?.at ?? onTheHour + random.between(100, 9_000)
    const correlationUuid = documented?.correlationUuid ?? random.uuid()
    jobs.push(makeJob(script, { id, at, correlationUuid, schedule }))
  }
  return jobs.reverse()
}
