import { customerUuid } from '../accounts.ts'
import { anchor, hour, minute } from '../calendar.ts'
import type { Random } from '../random.ts'
import { languageById } from './content/languages.ts'
import type { Job, Schedule, Script } from './rows.ts'
import { makeSampleJobs, sample } from './sample.ts'

/** The vendor's own asset-job example asks for `job.id:80507`. */
const exampleJobId = 80507
/** Number of jobs that start in the same millisecond. A schedule or several clicks start several at once. */
const bursts = [1, 1, 1, 2, 3, 5, 8, 13]

/**
 * Jobs, oldest first: the 80 of the getting-started page, then others up to the anchor; the newest one has
 * its own millisecond. Ids grow from five digits to six, so their order as text differs from their order as
 * numbers.
 */
export function makeJobs(random: Random, howMany: number, scripts: Script[], schedules: Schedule[]): Job[] {
  const jobs = makeSampleJobs(random)
  // The page counts 80 jobs of its script, so no other job runs it.
  const runnable = scripts.filter(
    ({ id, status }) => id !== sample.scriptId && (status === 'APPROVED' || status === 'DEPRECATED'),
  )
  const first = sample.newest + 6 * hour
  const end = anchor - 20 * minute
  const sizes = burstSizes(random, howMany - jobs.length - 1)
  const step = (end - first) / sizes.length
  let id = Number(jobs.at(-1)?.id)
  let script = 0
  let schedule = 0

  const add = (at: number) => {
    while ((runnable[script]?.created.dateTime ?? at) < at) script++
    while ((schedules[schedule]?.created.dateTime ?? at) < at) schedule++
    const before = id
    id += random.between(1, 12)
    if (before < exampleJobId && id > exampleJobId) id = exampleJobId
    jobs.push(makeJob(random, id, at, runnable.slice(0, script), schedules.slice(1, schedule), scripts))
  }
  for (const [place, size] of sizes.entries()) {
    const at = Math.round(first + step * place + random.below(step * 0.9))
    for (let copy = 0; copy < size; copy++) add(at)
  }
  id++
  jobs.push(newestJob(random, id, scripts))
  return jobs
}

function burstSizes(random: Random, total: number): number[] {
  const sizes: number[] = []
  for (let left = total; left > 0; ) {
    const size = Math.min(left, random.pick(bursts))
    sizes.push(size)
    left -= size
  }
  return sizes
}

function makeJob(
  random: Random,
  id: number,
  at: number,
  runnable: Script[],
  schedules: Schedule[],
  scripts: Script[],
): Job {
  const schedule = schedules.length > 0 && random.chance(0.7) ? random.pick(schedules) : undefined
  const scheduled = schedule && scripts.find((script) => script.id === schedule.scripts[0]?.id)
  const script = scheduled ?? random.pick(runnable)
  return jobOf(random, id, at, script, schedule, schedule === undefined && random.chance(0.1))
}

/**
 * The job that an assistant looks at first: Check BitLocker status, started by hand, on about a dozen assets.
 */
function newestJob(random: Random, id: number, scripts: Script[]): Job {
  return jobOf(random, id, anchor - 7 * minute, scripts[0] as Script, undefined, false)
}

function jobOf(
  random: Random,
  id: number,
  at: number,
  script: Script,
  schedule: Schedule | undefined,
  test: boolean,
): Job {
  return {
    severity: script.severity,
    test,
    created: { dateTime: at },
    executionType: schedule ? 'Automated' : 'Manual',
    ...(schedule && { schedulerId: schedule.id }),
    correlationUuid: random.uuid(),
    threshold: script.threshold,
    title: `${script.title}-${Math.floor(at / 1000)}`,
    platform: script.platform,
    updatedDateTime: Math.min(at + random.below(20 * minute), anchor),
    scriptId: script.id,
    customerUuid,
    isTest: test,
    scriptType: languageById(script.languageId)?.scriptType ?? '',
    id: String(id),
    category: { ...script.category },
    ...(schedule && { schedulerName: schedule.title }),
  }
}
