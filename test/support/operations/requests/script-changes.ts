import type { Cases, ToolCases } from './case.ts'

// What changing, cloning and importing scripts sends, written out from the pages that the cases name.

/** An approved script, one that takes a parameter, a QID and a remediation, as the sandbox has them. */
const scripts = { approved: 16515, parameterised: 25209, qid: 29549, remediation: 34115 } as const
const pathOf = (id: number): string => `/sm/v4/script/${id}`

const update: Cases = {
  // update_scripts.htm
  'content, with the comment that it needs': {
    args: {
      scriptId: scripts.approved,
      title: 'Disk check v2',
      severity: 3,
      content: 'Get-PSDrive C',
      comment: 'tuned threshold',
    },
    path: pathOf(scripts.approved),
    body: {
      title: 'Disk check v2',
      severity: 3,
      content: 'R2V0LVBTRHJpdmUgQw==',
      comment: 'tuned threshold',
    },
  },
  // They become content before the request, in the form of the stored bytes.
  'edits, which are no field of the page': {
    args: { scriptId: scripts.approved, edits: [{ find: 'exit 0', replace: 'exit 1' }], comment: 'fails' },
    path: pathOf(scripts.approved),
    body: { comment: 'fails' },
    edited: (stored) => stored.replace('exit 0', 'exit 1'),
  },
  'fields alone': {
    args: {
      scriptId: String(scripts.approved),
      description: 'free space',
      categoryId: '6',
      thresholdSeconds: 60,
    },
    path: pathOf(scripts.approved),
    body: { description: 'free space', categoryId: 6, threshold: 60 },
  },
  'approved with it': {
    args: { scriptId: scripts.approved, scriptApprovalUserConsent: true },
    path: pathOf(scripts.approved),
    body: { scriptApprovalUserConsent: true },
  },
  // The page of update spells githubInputURL; that of create, and of v2, githubInputUrl.
  'moved to GitHub': {
    args: {
      scriptId: scripts.approved,
      sourceUrl: 'https://github.com/acme/private-scripts/blob/main/disk.ps1',
      branch: 'main',
      sync: true,
      repositoryToken: 'corp-github',
      comment: 'kept at GitHub from now on',
    },
    path: pathOf(scripts.approved),
    body: {
      githubInputUrl: 'https://github.com/acme/private-scripts/blob/main/disk.ps1',
      gitHubBranch: 'main',
      gitHubSyncEnabled: true,
      gitHubToken: 'sandbox-github-token',
      comment: 'kept at GitHub from now on',
    },
  },
  'moved to GitLab': {
    args: {
      scriptId: scripts.approved,
      sourceUrl: 'https://gitlab.com/acme/tools/-/blob/main/disk.ps1?ref_type=heads',
      sync: false,
      comment: 'kept at GitLab from now on',
    },
    path: pathOf(scripts.approved),
    body: {
      importedScriptFromGitLab: true,
      gitLabDetails: {
        inputUrl: 'https://gitlab.com/acme/tools/-/blob/main/disk.ps1',
        syncEnabled: false,
      },
      comment: 'kept at GitLab from now on',
    },
  },
  'other parameters': {
    args: { scriptId: scripts.parameterised, params: [{ key: 'path', secret: 'db-password' }] },
    path: pathOf(scripts.parameterised),
    body: { hasParameters: true, params: [{ key: 'cGF0aA==', value: 'cCt3L2Q9w7wi' }] },
  },
  'no parameters any more': {
    args: { scriptId: scripts.parameterised, params: [] },
    path: pathOf(scripts.parameterised),
    body: { hasParameters: false, params: [] },
  },
  'a QID': {
    args: { scriptId: scripts.qid, qid: { detectionRegex: '^D:' } },
    path: pathOf(scripts.qid),
    body: { detectionRegex: '^D:' },
  },
  'a remediation': {
    args: { scriptId: scripts.remediation, authorScriptsMetadata: { cid: '99', tech: ['Windows 11'] } },
    path: pathOf(scripts.remediation),
    body: { autorScriptsMetadata: { cid: '99', tech: ['Windows 11'] } },
  },
}

// clone_scripts.htm
const clone: Cases = {
  'under another title': {
    args: { scriptId: 19218, title: 'Disk check, copy' },
    path: '/sm/v1/scripts/19218/clone',
    body: { scriptTitle: 'Disk check, copy' },
  },
  'without one': { args: { scriptId: '16515' }, path: '/sm/v1/scripts/16515/clone', body: {} },
}

// import_scripts.htm: the table says String for id and categoryId, its sample shows numbers.
const imported: Cases = {
  'as Custom Script': {
    args: {
      id: '234564',
      title: 'Import of a script',
      categoryId: '1',
      typeId: '1',
      typeName: 'Custom Script',
      subType: 'Detection',
      approved: true,
    },
    path: '/sm/v2/script-library/import',
    body: {
      id: 234564,
      title: 'Import of a script',
      categoryId: 1,
      typeId: 1,
      typeName: 'Custom Script',
      subType: 'Detection',
      approved: true,
    },
  },
  'as Custom QID, whose subType is fixed': {
    args: {
      id: 234564,
      title: 'Import of a QID',
      categoryId: 1,
      typeId: 2,
      typeName: 'Custom QID',
      approved: false,
    },
    path: '/sm/v2/script-library/import',
    body: {
      id: 234564,
      title: 'Import of a QID',
      categoryId: 1,
      typeId: 2,
      typeName: 'Custom QID',
      approved: false,
    },
  },
}

export const scriptChanges: ToolCases = {
  car_update_script: update,
  car_clone_script: clone,
  car_import_library_script: imported,
}
