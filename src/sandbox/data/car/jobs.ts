import { anchor, hour, minute } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Job, Schedule, Script } from './rows.ts'
import { makeJob } from './run-records.ts'
import { makeSampleJobs, sample } from './sample.ts'

/** The vendor's asset-job example filters by `job.id:80507`. */
const exampleJobId = 80507
/** Number of jobs that start in the same millisecond. A schedule or several clicks start several at once. */
const bursts = [1, 1, 1, 2, 3, 5, 8, 13]

/**
 * Jobs, oldest first: the 80 of the getting-started page, then others up to the anchor; the newest one has
 * its own millisecond. Ids grow from five digits to six, so their order as text differs from their order as
 * numbers.
 */
export function makeJobs(random: Random, count: number, scripts: Script[], schedules: Schedule[]): Job[] {
  const jobs = makeSampleJobs(random, scripts[1] as Script, schedules[0] as Schedule)
  // The page counts 80 jobs of its script, so no other job runs it.
  const runnable = scripts.filter(
    ({ id, status }) => id !== sample.scriptId && (status === 'APPROVED' || status === 'DEPRECATED'),
  )
  const first = sample.newest + 6 * hour
  const end = anchor - 20 * minute
  const sizes = burstSizes(random, count - jobs.length - 1)
  const step = (end - first) / sizes.length
  let id = Number(jobs.at(-1)?.id)
  let scriptCount = 0
  let scheduleCount = 0

  const add = (at: number) => {
    while ((runnable[scriptCount]?.created.dateTime ?? at) < at) scriptCount++
    while ((schedules[scheduleCount]?.created.dateTime ?? at) < at) scheduleCount++
    const previousId = id
    id += random.between(1, 12)
    if (previousId < exampleJobId && id > exampleJobId) id = exampleJobId
    jobs.push(
      makeRandomJob(
        random,
        id,
        at,
        runnable.slice(0, scriptCount),
        schedules.slice(1, scheduleCount),
        scripts,
      ),
    )
  }
  for (const [index, size] of sizes.entries()) {
    const at = Math.round(first + step * index + random.below(step * 0.9))
    for (let copy = 0; copy < size; copy++) add(at)
  }
  id++
  jobs.push(makeNewestJob(random, id, scripts[0] as Script))
  return jobs
}

function burstSizes(random: Random, total: number): number[] {
  const sizes: number[] = []
  for (let remaining = total; remaining > 0; ) {
    const size = Math.min(remaining, random.pick(bursts))
    sizes.push(size)
    remaining -= size
  }
  return sizes
}

function makeRandomJob(
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
  const test = schedule === undefined && random.chance(0.1)
  return makeJob(script, { id, at, ...updateOf(random, at), schedule, test })
}

/**
 * The newest job, which most searches show first: Check BitLocker status, run manually on about a dozen assets.
 */
function makeNewestJob(random: Random, id: number, script: Script): Job {
  const at = anchor - 7 * minute
  return makeJob(script, { id, at, ...updateOf(random, at) })
}

const updateOf = (random: Random, at: number) => ({
  correlationUuid: random.uuid(),
  updatedAt: Math.min(at + random.below(20 * minute), anchor),
})
