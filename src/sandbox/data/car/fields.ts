import type { Names } from '../../assumptions/assumption.ts'

type FieldType = 'number' | 'string' | 'boolean'

/** The leaves of a record: dotted path to type. Sorting and searchAfter take their types from here. */
export type FieldTable = Readonly<Record<string, FieldType>>

/** The fields of each type, separated by blanks. */
function typed(names: Readonly<Partial<Record<FieldType, string>>>): FieldTable {
  const types = Object.entries(names) as [FieldType, string][]
  return Object.fromEntries(
    types.flatMap(([type, text]) => (text.match(/\S+/g) ?? []).map((name) => [name, type])),
  )
}

const fields = {
  // No page shows a script record; the names are those of create_scripts.htm, where a script is an input.
  scripts: {
    documented: {},
    assumed: {
      reason: 'No page shows a script record; most names are those of the inputs of create.',
      names: typed({
        number: `
          id typeId languageId category.id severity threshold created.dateTime updatedDateTime qidSeverity
          qdsScore`,
        string: `
          title description typeName subType languageName platform category.name status createdBy.id
          createdBy.name customerUuid params[].key params[].value content githubInputUrl gitHubUser
          gitHubRepo gitHubFilePath gitHubBranch gitLabDetails.inputUrl gitLabDetails.repoUser
          gitLabDetails.repoName gitLabDetails.filePath gitLabDetails.branch autorScriptsMetadata.cid
          autorScriptsMetadata.tech[] autorScriptsMetadata.policies[] autorScriptsMetadata.displayName
          autorScriptsMetadata.subType qidTitle vulnerabilityType detectionRegex`,
        boolean: `
          hasParameters gitHubSyncEnabled gitHubAutoSync importedScriptFromGitLab
          gitLabDetails.syncEnabled`,
      }),
    },
  },
  // getting_started.htm, step 1.
  jobs: {
    documented: typed({
      number: 'severity created.dateTime threshold updatedDateTime scriptId category.id',
      string: `
        executionType schedulerId correlationUuid title platform customerUuid scriptType id category.name
        schedulerName`,
      boolean: 'test isTest',
    }),
  },
  // list_asset_jobs.htm; its sample is cut off after created.
  assetjobs: {
    documented: typed({
      number: 'output.code created.dateTime',
      string: 'output.text customerUuid enddate scriptResult',
      boolean: 'test isTest',
    }),
    assumed: {
      reason: 'The sample record is cut off behind created; a row without its host and job would be useless.',
      names: typed({
        number: 'script.id asset.id',
        string: 'id job.id job.title script.name asset.name asset.uuid',
      }),
    },
  },
  assets: {
    documented: {},
    assumed: {
      reason: 'No page shows an asset record; that it can be sorted by id or name is documented.',
      names: typed({
        number: 'id created.dateTime lastSeen',
        string: 'uuid name platform operatingSystem agentVersion ipAddress tags[].id tags[].name',
        boolean: 'lab',
      }),
    },
  },
  // list_asset_tags.htm
  tags: {
    documented: typed({
      number: 'tagId customerId',
      string: 'id tagUuid name customerUuid backgroundColor',
    }),
  },
  // release_2_6_api.htm; its sample is cut off after customerUuid. The other names are those of
  // update_schedules.htm.
  schedules: {
    documented: typed({ string: 'id customerUuid' }),
    assumed: {
      reason:
        'The sample record is cut off behind customerUuid; most names are those of the inputs of update.',
      names: typed({
        number: `
          scripts[].id recurrence.interval startDate startTime endDate assets[].id assetTags[].id
          excludedAssets[].id rebootDelayInSeconds created.dateTime updatedDateTime`,
        string: `
          title description scripts[].title scripts[].params[].key scheduleType recurrence.frequency
          assets[].UUId assetTags[].UUId excludedAssets[].UUId rebootDelayTimeUnit user.id user.name`,
        boolean: `
          activate allTagsForAssetsEnabled executionPolicyBypassEnabled rebootAfterScriptExecution`,
      }),
    },
  },
  // The page of GET /sm/v1/block-commands/{id}, now retired.
  'blocked-commands': {
    documented: typed({ number: 'languageId commandId', string: 'language platform commands[]' }),
  },
  // release_2_4_api.htm
  reports: {
    documented: typed({
      number: 'fileSize fileZipped isScheduled',
      string: `
        fileUuid resourceId resourceTag reportName fileFormat templateName status expireOn timezone
        description filename createdAt createdBy`,
    }),
  },
} satisfies Record<string, Names<FieldTable>>

export type CarKind = keyof typeof fields

/** Every leaf of every record. Elements of a list are written `tags[].name`. */
export const carFields: Readonly<Record<CarKind, Names<FieldTable>>> = fields
