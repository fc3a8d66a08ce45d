import type { Answer, SandboxClient } from '../sandbox-client.ts'

export interface Target {
  id: number
  uuid: string
  name: string
  lab: boolean
  tags: { id: string }[]
}
export interface LabTag {
  id: string
  tagUuid: string
  lab: boolean
}

export interface Targets {
  /** Assets that nothing blocks. */
  readonly free: Target[]
  readonly lab: Target[]
  readonly labTag: LabTag
  readonly blockedAsset: Target
  readonly blockedTag: LabTag
}

/** The assets and tags of a sandbox, by what may be executed on them. */
export async function targetsOf(visitor: SandboxClient): Promise<Targets> {
  const assets = await visitor.dump<Target>('assets')
  const blockedAsset = (await visitor.dump<Target>('blocked-assets'))[0] as Target
  const blockedTag = (await visitor.dump<LabTag>('blocked-tags'))[0] as LabTag
  const blocked = new Set((await visitor.dump<Target>('blocked-assets')).map(({ id }) => id))
  const holds = (asset: Target, tag: string) => asset.tags.some(({ id }) => id === tag)
  return {
    free: assets.filter((asset) => !asset.lab && !blocked.has(asset.id) && !holds(asset, blockedTag.id)),
    lab: assets.filter((asset) => asset.lab),
    labTag: (await visitor.dump<LabTag>('tags')).find((tag) => tag.lab) as LabTag,
    blockedAsset,
    blockedTag,
  }
}

/** A script that may be executed. */
export const approved = 19218

export const execute = (visitor: SandboxClient, body: object, script: number | string = approved) =>
  visitor.post(`/sm/v1/scripts/${script}/execute`, body)

/** The body of an execution on the first of these assets. */
export const onFirst = (assets: readonly Target[], count: number, extra: object = {}) => ({
  assetIds: assets
    .slice(0, count)
    .map(({ id }) => id)
    .join(','),
  ...extra,
})

export const uuidOf = ({ json }: Answer) =>
  (json.body as unknown as { correlationUuid: string } | null)?.correlationUuid

/** The job of an execution. */
export async function findJob(
  visitor: SandboxClient,
  answer: Answer,
): Promise<Record<string, unknown> | undefined> {
  const { list } = await visitor.post('/sm/v2/jobs/search', { filter: `correlationUuid:${uuidOf(answer)}` })
  return list[0]?.['data'] as Record<string, unknown> | undefined
}
