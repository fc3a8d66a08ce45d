import type { Asset, AssetJob, BlockedCommands, Job, Schedule, Script, Tag } from '../data/car/rows.ts'
import type { Collection } from '../query/collection.ts'

/** getting_started.htm filters by status; the other tokens follow the fields. */
export const scripts: Collection<Script> = {
  kind: 'scripts',
  rows: (store) => store.scripts,
  tokens: {
    documented: {
      status: { type: 'word', read: (row) => row.status },
    },
    assumed: {
      reason: 'Only status is documented.',
      names: {
        id: { type: 'word', read: (row) => row.id },
        title: { type: 'text', read: (row) => row.title },
        name: { type: 'text', read: (row) => row.title },
        description: { type: 'text', read: (row) => row.description },
        platform: { type: 'word', read: (row) => row.platform },
        severity: { type: 'number', read: (row) => row.severity },
        type: { type: 'word', read: (row) => row.typeName },
        subType: { type: 'word', read: (row) => row.subType },
        language: { type: 'word', read: (row) => row.languageName },
        'category.name': { type: 'text', read: (row) => row.category.name },
        'created.dateTime': { type: 'date', read: (row) => row.created.dateTime },
        updatedDateTime: { type: 'date', read: (row) => row.updatedDateTime },
      },
    },
  },
}

/** script.name and scriptId: getting_started.htm, list_script_jobs.htm. */
export const jobs: Collection<Job> = {
  kind: 'jobs',
  rows: (store) => store.jobs,
  dependsOn: ['scripts'],
  tokens: {
    documented: {
      // A job holds only the id of its script.
      'script.name': {
        type: 'text',
        read: (row, { scripts }) => scripts.find(({ id }) => id === row.scriptId)?.title,
      },
      scriptId: { type: 'word', read: (row) => row.scriptId },
    },
    assumed: {
      reason: 'Only script.name and scriptId are documented.',
      names: {
        id: { type: 'word', read: (row) => row.id },
        title: { type: 'text', read: (row) => row.title },
        platform: { type: 'word', read: (row) => row.platform },
        severity: { type: 'number', read: (row) => row.severity },
        scriptType: { type: 'word', read: (row) => row.scriptType },
        executionType: { type: 'word', read: (row) => row.executionType },
        schedulerId: { type: 'word', read: (row) => row.schedulerId },
        schedulerName: { type: 'text', read: (row) => row.schedulerName },
        correlationUuid: { type: 'word', read: (row) => row.correlationUuid },
        'category.name': { type: 'text', read: (row) => row.category.name },
        test: { type: 'boolean', read: (row) => row.test },
        'created.dateTime': { type: 'date', read: (row) => row.created.dateTime },
        updatedDateTime: { type: 'date', read: (row) => row.updatedDateTime },
      },
    },
  },
}

/** job.id: list_asset_jobs.htm. */
export const assetJobs: Collection<AssetJob> = {
  kind: 'assetjobs',
  rows: (store) => store.assetJobs,
  tokens: {
    documented: {
      'job.id': { type: 'word', read: (row) => row.job.id },
    },
    assumed: {
      reason: 'Only job.id is documented.',
      names: {
        id: { type: 'word', read: (row) => row.id },
        'job.title': { type: 'text', read: (row) => row.job.title },
        'script.id': { type: 'word', read: (row) => row.script.id },
        'script.name': { type: 'text', read: (row) => row.script.name },
        'asset.id': { type: 'word', read: (row) => row.asset.id },
        'asset.name': { type: 'text', read: (row) => row.asset.name },
        'asset.uuid': { type: 'word', read: (row) => row.asset.uuid },
        'output.code': { type: 'number', read: (row) => row.output?.code },
        'output.text': { type: 'text', read: (row) => row.output?.text },
        test: { type: 'boolean', read: (row) => row.test },
        enddate: {
          type: 'date',
          read: (row) => (row.enddate === undefined ? undefined : Date.parse(row.enddate)),
        },
        'created.dateTime': { type: 'date', read: (row) => row.created.dateTime },
      },
    },
  },
}

export const assets: Collection<Asset> = {
  kind: 'assets',
  rows: (store) => store.assets,
  tokens: {
    documented: {},
    assumed: {
      reason: 'No token is documented.',
      names: {
        id: { type: 'word', read: (row) => row.id },
        uuid: { type: 'word', read: (row) => row.uuid },
        name: { type: 'text', read: (row) => row.name },
        platform: { type: 'word', read: (row) => row.platform },
        operatingSystem: { type: 'text', read: (row) => row.operatingSystem },
        ipAddress: { type: 'word', read: (row) => row.ipAddress },
        lab: { type: 'boolean', read: (row) => row.lab },
        'tags.id': { type: 'word', read: (row) => row.tags.map((tag) => tag.id) },
        'tags.name': { type: 'text', read: (row) => row.tags.map((tag) => tag.name) },
        'created.dateTime': { type: 'date', read: (row) => row.created.dateTime },
        lastSeen: { type: 'date', read: (row) => row.lastSeen },
      },
    },
  },
}

/** list_asset_tags.htm */
export const tags: Collection<Tag> = {
  kind: 'tags',
  rows: (store) => store.tags,
  defaultSort: [{ path: 'id', descending: false }],
  isHidden: (tag) => tag.lab,
  revealToken: 'labTag',
  tokens: {
    documented: {},
    assumed: {
      reason:
        'A filter selects lab tags, but its literal is lost in every copy of the page: here labTag:true.',
      names: {
        labTag: { type: 'boolean', read: (row) => row.lab },
        id: { type: 'word', read: (row) => row.id },
        tagUuid: { type: 'word', read: (row) => row.tagUuid },
        name: { type: 'text', read: (row) => row.name },
      },
    },
  },
}

export const schedules: Collection<Schedule> = {
  kind: 'schedules',
  rows: (store) => store.schedules,
  tokens: {
    documented: {},
    assumed: {
      reason: 'No token is documented.',
      names: {
        id: { type: 'word', read: (row) => row.id },
        title: { type: 'text', read: (row) => row.title },
        scheduleType: { type: 'word', read: (row) => row.scheduleType },
        activate: { type: 'boolean', read: (row) => row.activate },
        'script.id': { type: 'word', read: (row) => row.scripts.map((script) => script.id) },
        'script.name': { type: 'text', read: (row) => row.scripts.map((script) => script.title) },
        'user.name': { type: 'text', read: (row) => row.user.name },
        'created.dateTime': { type: 'date', read: (row) => row.created.dateTime },
      },
    },
  },
}

export const blockedCommands: Collection<BlockedCommands> = {
  kind: 'blocked-commands',
  rows: (store) => store.blockedCommands,
  defaultSort: [{ path: 'commandId', descending: false }],
  tokens: {
    documented: {},
    assumed: {
      reason: 'No input is documented.',
      names: {
        languageId: { type: 'word', read: (row) => row.languageId },
        commandId: { type: 'word', read: (row) => row.commandId },
        language: { type: 'word', read: (row) => row.language },
        platform: { type: 'word', read: (row) => row.platform },
      },
    },
  },
}
