import type { Asset, AssetJob, BlockedCommands, Job, Schedule, Script, Tag } from '../data/car/rows.ts'
import type { Store } from '../data/car/store.ts'
import type { Token, TokenTable } from '../query/qql-match.ts'

type Read<Row> = Token<Row>['read']

const documented = <Row>(type: Token<Row>['type'], read: Read<Row>): Token<Row> => ({
  type,
  evidence: 'documented',
  read,
})
const invented = <Row>(type: Token<Row>['type'], read: Read<Row>): Token<Row> => ({
  type,
  evidence: 'invented',
  read,
})

/** getting_started.htm filters by status; the other tokens follow the fields. */
export const scriptTokens: TokenTable<Script> = {
  status: documented('word', (row) => row.status),
  id: invented('word', (row) => row.id),
  title: invented('text', (row) => row.title),
  name: invented('text', (row) => row.title),
  description: invented('text', (row) => row.description),
  platform: invented('word', (row) => row.platform),
  severity: invented('number', (row) => row.severity),
  type: invented('word', (row) => row.typeName),
  subType: invented('word', (row) => row.subType),
  language: invented('word', (row) => row.languageName),
  'category.name': invented('text', (row) => row.category.name),
  'created.dateTime': invented('date', (row) => row.created.dateTime),
  updatedDateTime: invented('date', (row) => row.updatedDateTime),
}

/**
 * script.name and scriptId: getting_started.htm, list_script_jobs.htm. A job holds only the id; the name is
 * looked up.
 */
export function jobTokens(store: Store): TokenTable<Job> {
  const byId = new Map<number, Script>()
  const scriptOf = (id: number) => {
    if (!byId.has(id)) for (const script of store.scripts) byId.set(script.id, script)
    return byId.get(id)
  }
  return {
    'script.name': documented('text', (row) => scriptOf(row.scriptId)?.title),
    scriptId: documented('word', (row) => row.scriptId),
    id: invented('word', (row) => row.id),
    title: invented('text', (row) => row.title),
    platform: invented('word', (row) => row.platform),
    severity: invented('number', (row) => row.severity),
    scriptType: invented('word', (row) => row.scriptType),
    executionType: invented('word', (row) => row.executionType),
    schedulerId: invented('word', (row) => row.schedulerId),
    schedulerName: invented('text', (row) => row.schedulerName),
    correlationUuid: invented('word', (row) => row.correlationUuid),
    'category.name': invented('text', (row) => row.category.name),
    test: invented('boolean', (row) => row.test),
    'created.dateTime': invented('date', (row) => row.created.dateTime),
    updatedDateTime: invented('date', (row) => row.updatedDateTime),
  }
}

/** job.id: list_asset_jobs.htm. */
export const assetJobTokens: TokenTable<AssetJob> = {
  'job.id': documented('word', (row) => row.job.id),
  id: invented('word', (row) => row.id),
  'job.title': invented('text', (row) => row.job.title),
  'script.id': invented('word', (row) => row.script.id),
  'script.name': invented('text', (row) => row.script.name),
  'asset.id': invented('word', (row) => row.asset.id),
  'asset.name': invented('text', (row) => row.asset.name),
  'asset.uuid': invented('word', (row) => row.asset.uuid),
  'output.code': invented('number', (row) => row.output?.code),
  'output.text': invented('text', (row) => row.output?.text),
  test: invented('boolean', (row) => row.test),
  enddate: invented('date', (row) => (row.enddate === undefined ? undefined : Date.parse(row.enddate))),
  'created.dateTime': invented('date', (row) => row.created.dateTime),
}

export const assetTokens: TokenTable<Asset> = {
  id: invented('word', (row) => row.id),
  uuid: invented('word', (row) => row.uuid),
  name: invented('text', (row) => row.name),
  platform: invented('word', (row) => row.platform),
  operatingSystem: invented('text', (row) => row.operatingSystem),
  ipAddress: invented('word', (row) => row.ipAddress),
  lab: invented('boolean', (row) => row.lab),
  'tags.id': invented('word', (row) => row.tags.map((tag) => tag.id)),
  'tags.name': invented('text', (row) => row.tags.map((tag) => tag.name)),
  'created.dateTime': invented('date', (row) => row.created.dateTime),
  lastSeen: invented('date', (row) => row.lastSeen),
}

/** A filter selects lab tags, but its literal is missing in every copy of list_asset_tags.htm. */
export const tagTokens: TokenTable<Tag> = {
  labTag: invented('boolean', (row) => row.lab),
  id: invented('word', (row) => row.id),
  tagUuid: invented('word', (row) => row.tagUuid),
  name: invented('text', (row) => row.name),
}

export const scheduleTokens: TokenTable<Schedule> = {
  id: invented('word', (row) => row.id),
  title: invented('text', (row) => row.title),
  scheduleType: invented('word', (row) => row.scheduleType),
  activate: invented('boolean', (row) => row.activate),
  'script.id': invented('word', (row) => row.scripts.map((script) => script.id)),
  'script.name': invented('text', (row) => row.scripts.map((script) => script.title)),
  'user.name': invented('text', (row) => row.user.name),
  'created.dateTime': invented('date', (row) => row.created.dateTime),
}

export const blockedCommandTokens: TokenTable<BlockedCommands> = {
  languageId: invented('word', (row) => row.languageId),
  commandId: invented('word', (row) => row.commandId),
  language: invented('word', (row) => row.language),
  platform: invented('word', (row) => row.platform),
}
