/** The leaves of a record: dotted path to type. Sorting and searchAfter take their types from here. */
export type FieldTable = Readonly<Record<string, 'number' | 'string' | 'boolean'>>

/** The fields of one kind of record, by whether a Qualys page names them in that record. */
export interface Fields {
  documented: FieldTable
  /** Each of these is listed in assumptions.ts. */
  assumed: FieldTable
}

export type CarKind =
  | 'scripts'
  | 'jobs'
  | 'assetjobs'
  | 'assets'
  | 'tags'
  | 'schedules'
  | 'blocked-commands'
  | 'reports'

/** Every leaf of every record. Elements of a list are written `tags[].name`. */
export const carFields: Readonly<Record<CarKind, Fields>> = {
  // No page shows a script record; the names are those of create_scripts.htm, where a script is an input.
  scripts: {
    documented: {},
    assumed: {
      id: 'number',
      title: 'string',
      description: 'string',
      typeId: 'number',
      typeName: 'string',
      subType: 'string',
      languageId: 'number',
      languageName: 'string',
      platform: 'string',
      'category.id': 'number',
      'category.name': 'string',
      severity: 'number',
      threshold: 'number',
      status: 'string',
      'created.dateTime': 'number',
      updatedDateTime: 'number',
      'createdBy.id': 'string',
      'createdBy.name': 'string',
      customerUuid: 'string',
      hasParameters: 'boolean',
      'params[].key': 'string',
      'params[].value': 'string',
      content: 'string',
      githubInputUrl: 'string',
      gitHubUser: 'string',
      gitHubRepo: 'string',
      gitHubFilePath: 'string',
      gitHubBranch: 'string',
      gitHubSyncEnabled: 'boolean',
      gitHubAutoSync: 'boolean',
      importedScriptFromGitLab: 'boolean',
      'gitLabDetails.inputUrl': 'string',
      'gitLabDetails.repoUser': 'string',
      'gitLabDetails.repoName': 'string',
      'gitLabDetails.filePath': 'string',
      'gitLabDetails.branch': 'string',
      'gitLabDetails.syncEnabled': 'boolean',
      'autorScriptsMetadata.cid': 'string',
      'autorScriptsMetadata.tech[]': 'string',
      'autorScriptsMetadata.policies[]': 'string',
      'autorScriptsMetadata.displayName': 'string',
      'autorScriptsMetadata.subType': 'string',
      qidTitle: 'string',
      qidSeverity: 'number',
      vulnerabilityType: 'string',
      qdsScore: 'number',
      detectionRegex: 'string',
    },
  },
  // getting_started.htm, step 1.
  jobs: {
    documented: {
      severity: 'number',
      test: 'boolean',
      'created.dateTime': 'number',
      executionType: 'string',
      schedulerId: 'string',
      correlationUuid: 'string',
      threshold: 'number',
      title: 'string',
      platform: 'string',
      updatedDateTime: 'number',
      scriptId: 'number',
      customerUuid: 'string',
      isTest: 'boolean',
      scriptType: 'string',
      id: 'string',
      'category.id': 'number',
      'category.name': 'string',
      schedulerName: 'string',
    },
    assumed: {},
  },
  // list_asset_jobs.htm; its sample is cut off after created.
  assetjobs: {
    documented: {
      'output.code': 'number',
      'output.text': 'string',
      customerUuid: 'string',
      enddate: 'string',
      test: 'boolean',
      isTest: 'boolean',
      scriptResult: 'string',
      'created.dateTime': 'number',
    },
    assumed: {
      id: 'string',
      'job.id': 'string',
      'job.title': 'string',
      'script.id': 'number',
      'script.name': 'string',
      'asset.id': 'number',
      'asset.name': 'string',
      'asset.uuid': 'string',
    },
  },
  // No page shows an asset record.
  assets: {
    documented: {},
    assumed: {
      id: 'number',
      uuid: 'string',
      name: 'string',
      platform: 'string',
      operatingSystem: 'string',
      agentVersion: 'string',
      ipAddress: 'string',
      lab: 'boolean',
      'tags[].id': 'string',
      'tags[].name': 'string',
      'created.dateTime': 'number',
      lastSeen: 'number',
    },
  },
  // list_asset_tags.htm
  tags: {
    documented: {
      id: 'string',
      tagId: 'number',
      tagUuid: 'string',
      name: 'string',
      customerId: 'number',
      customerUuid: 'string',
      backgroundColor: 'string',
    },
    assumed: {},
  },
  // release_2_6_api.htm; its sample is cut off after customerUuid. The other names are those of
  // update_schedules.htm.
  schedules: {
    documented: { id: 'string', customerUuid: 'string' },
    assumed: {
      title: 'string',
      description: 'string',
      'scripts[].id': 'number',
      'scripts[].title': 'string',
      'scripts[].params[].key': 'string',
      scheduleType: 'string',
      'recurrence.frequency': 'string',
      'recurrence.interval': 'number',
      activate: 'boolean',
      startDate: 'number',
      startTime: 'number',
      endDate: 'number',
      'assets[].id': 'number',
      'assets[].UUId': 'string',
      'assetTags[].id': 'number',
      'assetTags[].UUId': 'string',
      'excludedAssets[].id': 'number',
      'excludedAssets[].UUId': 'string',
      allTagsForAssetsEnabled: 'boolean',
      executionPolicyBypassEnabled: 'boolean',
      rebootAfterScriptExecution: 'boolean',
      rebootDelayInSeconds: 'number',
      rebootDelayTimeUnit: 'string',
      'user.id': 'string',
      'user.name': 'string',
      'created.dateTime': 'number',
      updatedDateTime: 'number',
    },
  },
  // The page of GET /sm/v1/block-commands/{id}, now retired.
  'blocked-commands': {
    documented: {
      languageId: 'number',
      commandId: 'number',
      language: 'string',
      platform: 'string',
      'commands[]': 'string',
    },
    assumed: {},
  },
  // release_2_4_api.htm
  reports: {
    documented: {
      fileUuid: 'string',
      resourceId: 'string',
      resourceTag: 'string',
      reportName: 'string',
      fileFormat: 'string',
      templateName: 'string',
      status: 'string',
      fileSize: 'number',
      expireOn: 'string',
      timezone: 'string',
      description: 'string',
      fileZipped: 'number',
      isScheduled: 'number',
      filename: 'string',
      createdAt: 'string',
      createdBy: 'string',
    },
    assumed: {},
  },
}
