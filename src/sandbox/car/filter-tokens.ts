import type { Asset, AssetJob, BlockedCommands, Job, Schedule, Script, Tag } from '../data/car/rows.ts'
import type { FilterToken, TokenTable } from '../query/qql-match.ts'

type Read<Row> = FilterToken<Row>['read']

const documented = <Row>(type: FilterToken<Row>['type'], read: Read<Row>): FilterToken<Row> => ({
  type,
  evidence: 'documented',
  read,
})
const assumed = <Row>(type: FilterToken<Row>['type'], read: Read<Row>): FilterToken<Row> => ({
  type,
  evidence: 'assumed',
  read,
})

/** getting_started.htm filters by status; the other tokens follow the fields. */
export const scriptTokens: TokenTable<Script> = {
  status: documented('word', (row) => row.status),
  id: assumed('word', (row) => row.id),
  title: assumed('text', (row) => row.title),
  name: assumed('text', (row) => row.title),
  description: assumed('text', (row) => row.description),
  platform: assumed('word', (row) => row.platform),
  severity: assumed('number', (row) => row.severity),
  type: assumed('word', (row) => row.typeName),
  subType: assumed('word', (row) => row.subType),
  language: assumed('word', (row) => row.languageName),
  'category.name': assumed('text', (row) => row.category.name),
  'created.dateTime': assumed('date', (row) => row.created.dateTime),
  updatedDateTime: assumed('date', (row) => row.updatedDateTime),
}

/**
 * script.name and scriptId: getting_started.htm, list_script_jobs.htm. A job holds only the id; the name is
 * looked up.
 */
export const jobTokens: TokenTable<Job> = {
  'script.name': documented(
    'text',
    (row, { scripts }) => scripts.find(({ id }) => id === row.scriptId)?.title,
  ),
  scriptId: documented('word', (row) => row.scriptId),
  id: assumed('word', (row) => row.id),
  title: assumed('text', (row) => row.title),
  platform: assumed('word', (row) => row.platform),
  severity: assumed('number', (row) => row.severity),
  scriptType: assumed('word', (row) => row.scriptType),
  executionType: assumed('word', (row) => row.executionType),
  schedulerId: assumed('word', (row) => row.schedulerId),
  schedulerName: assumed('text', (row) => row.schedulerName),
  correlationUuid: assumed('word', (row) => row.correlationUuid),
  'category.name': assumed('text', (row) => row.category.name),
  test: assumed('boolean', (row) => row.test),
  'created.dateTime': assumed('date', (row) => row.created.dateTime),
  updatedDateTime: assumed('date', (row) => row.updatedDateTime),
}

/** job.id: list_asset_jobs.htm. */
export const assetJobTokens: TokenTable<AssetJob> = {
  'job.id': documented('word', (row) => row.job.id),
  id: assumed('word', (row) => row.id),
  'job.title': assumed('text', (row) => row.job.title),
  'script.id': assumed('word', (row) => row.script.id),
  'script.name': assumed('text', (row) => row.script.name),
  'asset.id': assumed('word', (row) => row.asset.id),
  'asset.name': assumed('text', (row) => row.asset.name),
  'asset.uuid': assumed('word', (row) => row.asset.uuid),
  'output.code': assumed('number', (row) => row.output?.code),
  'output.text': assumed('text', (row) => row.output?.text),
  test: assumed('boolean', (row) => row.test),
  enddate: assumed('date', (row) => (row.enddate === undefined ? undefined : Date.parse(row.enddate))),
  'created.dateTime': assumed('date', (row) => row.created.dateTime),
}

export const assetTokens: TokenTable<Asset> = {
  id: assumed('word', (row) => row.id),
  uuid: assumed('word', (row) => row.uuid),
  name: assumed('text', (row) => row.name),
  platform: assumed('word', (row) => row.platform),
  operatingSystem: assumed('text', (row) => row.operatingSystem),
  ipAddress: assumed('word', (row) => row.ipAddress),
  lab: assumed('boolean', (row) => row.lab),
  'tags.id': assumed('word', (row) => row.tags.map((tag) => tag.id)),
  'tags.name': assumed('text', (row) => row.tags.map((tag) => tag.name)),
  'created.dateTime': assumed('date', (row) => row.created.dateTime),
  lastSeen: assumed('date', (row) => row.lastSeen),
}

/** A filter selects lab tags, but its literal is missing in every copy of list_asset_tags.htm. */
export const tagTokens: TokenTable<Tag> = {
  labTag: assumed('boolean', (row) => row.lab),
  id: assumed('word', (row) => row.id),
  tagUuid: assumed('word', (row) => row.tagUuid),
  name: assumed('text', (row) => row.name),
}

export const scheduleTokens: TokenTable<Schedule> = {
  id: assumed('word', (row) => row.id),
  title: assumed('text', (row) => row.title),
  scheduleType: assumed('word', (row) => row.scheduleType),
  activate: assumed('boolean', (row) => row.activate),
  'script.id': assumed('word', (row) => row.scripts.map((script) => script.id)),
  'script.name': assumed('text', (row) => row.scripts.map((script) => script.title)),
  'user.name': assumed('text', (row) => row.user.name),
  'created.dateTime': assumed('date', (row) => row.created.dateTime),
}

export const blockedCommandTokens: TokenTable<BlockedCommands> = {
  languageId: assumed('word', (row) => row.languageId),
  commandId: assumed('word', (row) => row.commandId),
  language: assumed('word', (row) => row.language),
  platform: assumed('word', (row) => row.platform),
}
