import { customerUuid } from '../accounts.ts'
import { toOffsetIso } from '../calendar.ts'
import { languageById } from './content/languages.ts'
import type { Asset, AssetJob, HostResult, Job, Schedule, Script } from './rows.ts'

interface JobDetails {
  id: number
  at: number
  correlationUuid: string
  /** Default: as `at`. */
  updatedAt?: number
  test?: boolean
  schedule?: Pick<Schedule, 'id' | 'title'> | undefined
  description?: string | undefined
}

export function makeJob(script: Script, details: JobDetails): Job {
  const { id, at, correlationUuid, updatedAt = at, test = false, schedule, description } = details
  return {
    severity: script.severity,
    test,
    created: { dateTime: at },
    executionType: schedule ? 'Automated' : 'Manual',
    ...(schedule && { schedulerId: schedule.id }),
    correlationUuid,
    threshold: script.threshold,
    title: `${script.title}-${Math.floor(at / 1000)}`,
    platform: script.platform,
    updatedDateTime: updatedAt,
    scriptId: script.id,
    customerUuid,
    isTest: test,
    scriptType: languageById(script.languageId).scriptType,
    id: String(id),
    category: { ...script.category },
    ...(schedule && { schedulerName: schedule.title }),
    ...(description !== undefined && { description }),
  }
}

interface AssetJobDetails {
  id: number
  job: Job
  scriptName: string
  asset: Asset
  created: number
  result: HostResult
  /** Absent while it is open. */
  endedAt?: number | undefined
}

export function makeAssetJob(details: AssetJobDetails): AssetJob {
  const { id, job, scriptName, asset, created, result, endedAt } = details
  return {
    id: String(id),
    ...(result.output && { output: result.output }),
    customerUuid,
    ...(endedAt !== undefined && { enddate: toOffsetIso(endedAt) }),
    test: job.test,
    isTest: job.isTest,
    created: { dateTime: created },
    job: { id: job.id, title: job.title },
    script: { id: job.scriptId, name: scriptName },
    asset: { id: asset.id, name: asset.name, uuid: asset.uuid },
    outcome: result.outcome,
    flavour: result.outputKind,
  }
}
