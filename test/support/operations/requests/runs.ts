import type { Cases, ToolCases } from './case.ts'

// What running scripts sends (execute_scripts_on_demand.htm, release_2_5_api.htm): hosts as one string, lab hosts as
// pairs of ids.

const path = '/sm/v1/scripts/19218/execute'

/** As printed on the page. */
const started = { body: { correlationUuid: '81761e17-470b-40ab-89db-ef02607e00ab' } }

const execute: Cases = {
  'on hosts, as in the vendor’s example': {
    args: {
      scriptId: 19218,
      assetIds: [21789601, '21789602'],
      executionPolicyBypassEnabled: false,
      description: 'run',
    },
    path,
    body: {
      testMode: false,
      assetIds: '21789601,21789602',
      executionPolicyBypassEnabled: false,
      description: 'run',
    },
    reply: started,
  },
  'on one host': {
    args: { scriptId: '19218', assetIds: [21789601] },
    path,
    body: { testMode: false, assetIds: '21789601' },
  },
  'on hosts, said not to be a test': {
    args: { scriptId: 19218, assetIds: [21789601], testMode: false },
    path,
    body: { testMode: false, assetIds: '21789601' },
  },
  'on tags, but for some hosts': ({ hosts: [one, other] }) => ({
    args: {
      scriptId: 19218,
      assetTagIds: [7512801, '7512802'],
      excludedAssetIds: [one.id, String(other.id)],
    },
    path,
    body: {
      testMode: false,
      assetTagIds: '7512801,7512802',
      excludedAssetIds: `${one.id},${other.id}`,
    },
    reply: started,
  }),
  'on hosts and a tag': ({ hosts: [one] }) => ({
    args: { scriptId: 19218, assetIds: [one.id], assetTagIds: [7512801] },
    path,
    body: { testMode: false, assetIds: String(one.id), assetTagIds: '7512801' },
    reply: started,
  }),
  // Ids are strings here, and the other id is named UUId.
  'on lab hosts': ({ labHosts: [one, other] }) => ({
    args: { scriptId: 19218, testMode: true, testAssets: [one.id, String(other.id)] },
    path,
    body: {
      testMode: true,
      testAssets: [
        { id: String(one.id), UUId: one.uuid },
        { id: String(other.id), UUId: other.uuid },
      ],
    },
  }),
  // The filter that finds lab tags is not public; labTag:true is the sandbox's.
  'on a lab tag, as in the vendor’s example': {
    after: ['car_search_asset_tags', { filter: 'labTag:true' }],
    args: { scriptId: 19218, testMode: true, testTags: [7512812] },
    path,
    body: {
      testMode: true,
      testTags: [{ id: '7512812', UUId: 'a3258427-9c1e-4b60-a5d8-2f7e6b3c4d19' }],
    },
  },
  'with a parameter, which is a secret': {
    args: {
      scriptId: 25209,
      assetIds: [21789601],
      params: [{ key: 'path', secret: 'db-password' }],
    },
    path: '/sm/v1/scripts/25209/execute',
    body: {
      testMode: false,
      assetIds: '21789601',
      params: [{ key: 'cGF0aA==', value: 'cCt3L2Q9w7wi' }],
    },
  },
  'with a parameter, as text': {
    args: { scriptId: 25209, assetIds: [21789601], params: [{ key: 'path', value: 'C:\\\\' }] },
    path: '/sm/v1/scripts/25209/execute',
    body: { testMode: false, assetIds: '21789601', params: [{ key: 'cGF0aA==', value: 'QzpcXA==' }] },
  },
  'with a reboot, delayed': {
    args: {
      scriptId: 19218,
      assetIds: [21789601],
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 300,
    },
    path,
    body: {
      testMode: false,
      assetIds: '21789601',
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 300,
      rebootDelayTimeUnit: 'seconds',
    },
  },
  'with a reboot at once': {
    args: { scriptId: 19218, assetIds: [21789601], rebootAfterScriptExecution: true },
    path,
    body: { testMode: false, assetIds: '21789601', rebootAfterScriptExecution: true },
  },
  'past the policy of PowerShell, without a reboot': {
    args: {
      scriptId: 19218,
      assetIds: [21789601],
      executionPolicyBypassEnabled: true,
      rebootAfterScriptExecution: false,
    },
    path,
    body: {
      testMode: false,
      assetIds: '21789601',
      executionPolicyBypassEnabled: true,
      rebootAfterScriptExecution: false,
    },
  },
}

export const runs: ToolCases = {
  car_execute_script: execute,
  // Path and body are guesses: release_2_4_1_api.htm only names the call.
  car_delete_invalid_asset_jobs: {
    'by id': {
      args: { ids: [80611, '80612'] },
      path: '/sm/v1/assetjobs/delete',
      body: { ids: ['80611', '80612'] },
      reply: { body: { success: { ids: ['80611', '80612'], message: 'Ids are processed' } } },
    },
  },
}
