import type { Cases, ToolCases } from './case.ts'

// What creating a script sends, in each of its forms, written out from the pages that the cases name.

const path = '/sm/v5/script'

/** What create_scripts.htm requires, as an assistant passes it. */
const plain = {
  title: 'Disk check',
  typeId: 1,
  subType: 'Detection',
  languageId: 201,
  platform: 'WINDOWS',
  severity: 2,
} as const
/** The same on the wire: ids and severity are numbers there (Short, Long). */
const plainBody = {
  title: 'Disk check',
  typeId: 1,
  subType: 'Detection',
  languageId: 201,
  platform: 'WINDOWS',
  severity: 2,
} as const

const create: Cases = {
  'from content, with every field of the vendor’s example': {
    args: {
      ...plain,
      description: 'free space',
      categoryId: 1,
      thresholdSeconds: 300,
      content: 'Get-PSDrive',
      scriptApprovalUserConsent: false,
      params: [{ key: 'path', value: 'C:\\\\' }],
    },
    path,
    body: {
      title: 'Disk check',
      description: 'free space',
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      categoryId: 1,
      severity: 2,
      threshold: 300,
      content: 'R2V0LVBTRHJpdmU=',
      scriptApprovalUserConsent: false,
      hasParameters: true,
      params: [{ key: 'cGF0aA==', value: 'QzpcXA==' }],
    },
  },
  'ids as text become numbers': {
    args: { ...plain, typeId: '1', languageId: '201', categoryId: '605', content: 'Get-PSDrive' },
    path,
    body: { ...plainBody, categoryId: 605, content: 'R2V0LVBTRHJpdmU=' },
  },
  'content in UTF-8, its line ends as they are': {
    args: { ...plain, content: 'Write-Output "Größe: 1 €"\r\n' },
    path,
    body: { ...plainBody, content: 'V3JpdGUtT3V0cHV0ICJHcsO2w59lOiAxIOKCrCINCg==' },
  },
  // release_2_4_1_api.htm: "params.key", "params.value" both base64; the order matters, because parameters are
  // positional.
  'parameterised, one parameter being a secret': {
    args: {
      ...plain,
      content: 'Get-PSDrive',
      params: [
        { key: 'user', value: 'sa' },
        { key: 'Kennwörter', secret: 'db-password' },
        { key: 'empty', value: '' },
      ],
    },
    path,
    body: {
      ...plainBody,
      content: 'R2V0LVBTRHJpdmU=',
      hasParameters: true,
      params: [
        { key: 'dXNlcg==', value: 'c2E=' },
        { key: 'S2VubnfDtnJ0ZXI=', value: 'cCt3L2Q9w7wi' },
        { key: 'ZW1wdHk=', value: '' },
      ],
    },
  },
  // An empty list of an optional argument counts as none, and is not sent.
  'without parameters, said so': {
    args: { ...plain, content: 'Get-PSDrive', params: [] },
    path,
    body: { ...plainBody, content: 'R2V0LVBTRHJpdmU=' },
  },
  'approved at once': {
    args: { ...plain, content: 'Get-PSDrive', scriptApprovalUserConsent: true },
    path,
    body: { ...plainBody, content: 'R2V0LVBTRHJpdmU=', scriptApprovalUserConsent: true },
  },
  // create_custom_scripts_with_github_url_and_parameter.htm: a lower-case h in githubInputUrl, upper-case in the rest.
  'from GitHub, public': {
    args: { ...plain, sourceUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1' },
    path,
    body: { ...plainBody, githubInputUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1' },
  },
  'from GitHub, private, a branch, in step with it': {
    args: {
      ...plain,
      sourceUrl: 'https://github.com/acme/private-scripts/blob/release/disk.ps1',
      branch: 'release',
      repositoryToken: 'corp-github',
      sync: true,
    },
    path,
    body: {
      ...plainBody,
      githubInputUrl: 'https://github.com/acme/private-scripts/blob/release/disk.ps1',
      gitHubBranch: 'release',
      gitHubToken: 'sandbox-github-token',
      gitHubSyncEnabled: true,
    },
  },
  'from a GitHub of one’s own, not in step': {
    args: { ...plain, sourceUrl: 'https://github.acme.example/ops/scripts/blob/main/disk.ps1', sync: false },
    path,
    body: {
      ...plainBody,
      githubInputUrl: 'https://github.acme.example/ops/scripts/blob/main/disk.ps1',
      gitHubSyncEnabled: false,
    },
  },
  // Unlike GitLab, GitHub can be pinned to a commit.
  'from GitHub, a commit': {
    args: {
      ...plain,
      sourceUrl: 'https://github.com/acme/scripts/blob/0123456789abcdef0123456789abcdef01234567/disk.ps1',
    },
    path,
    body: {
      ...plainBody,
      githubInputUrl:
        'https://github.com/acme/scripts/blob/0123456789abcdef0123456789abcdef01234567/disk.ps1',
    },
  },
  // release_2_7_api.htm
  'from GitLab, copied with ?ref_type=heads': {
    args: { ...plain, sourceUrl: 'https://gitlab.com/acme/tools/-/blob/main/disk.ps1?ref_type=heads' },
    path,
    body: {
      ...plainBody,
      importedScriptFromGitLab: true,
      gitLabDetails: { inputUrl: 'https://gitlab.com/acme/tools/-/blob/main/disk.ps1' },
    },
  },
  'from GitLab, private, a branch, in step with it': {
    args: {
      ...plain,
      sourceUrl: 'https://gitlab.com/acme/tools/-/blob/main/private/disk.ps1',
      branch: 'main',
      repositoryToken: 'corp-gitlab',
      sync: true,
    },
    path,
    body: {
      ...plainBody,
      importedScriptFromGitLab: true,
      gitLabDetails: {
        inputUrl: 'https://gitlab.com/acme/tools/-/blob/main/private/disk.ps1',
        branch: 'main',
        token: 'sandbox-gitlab-token',
        syncEnabled: true,
      },
    },
  },
  'from a GitLab under another name': {
    args: { ...plain, sourceUrl: 'https://git.acme.example/ops/tools/-/blob/main/disk.ps1' },
    path,
    body: {
      ...plainBody,
      importedScriptFromGitLab: true,
      gitLabDetails: { inputUrl: 'https://git.acme.example/ops/tools/-/blob/main/disk.ps1' },
    },
    reply: { errorCode: '0', message: 'Script created successfully', body: { id: 86174 } },
  },
  // detectionRegex is the vendor's name (release 2.5.2); the names of the other fields of a QID are not public.
  'Custom QID, its subType left out': {
    args: {
      ...plain,
      typeId: 2,
      subType: undefined,
      severity: 4,
      content: 'Get-PSDrive',
      qid: { detectionRegex: '^C:' },
    },
    path,
    body: {
      title: 'Disk check',
      typeId: 2,
      languageId: 201,
      platform: 'WINDOWS',
      severity: 4,
      content: 'R2V0LVBTRHJpdmU=',
      detectionRegex: '^C:',
    },
  },
  'Custom QID, every field that the user interface has': {
    args: {
      ...plain,
      typeId: 2,
      content: 'Get-PSDrive',
      qid: {
        title: 'Low disk space',
        severity: 3,
        vulnerabilityType: 'Potential',
        qdsScore: 40,
        detectionRegex: '^C:',
      },
    },
    path,
    body: {
      ...plainBody,
      typeId: 2,
      content: 'R2V0LVBTRHJpdmU=',
      qidTitle: 'Low disk space',
      qidSeverity: 3,
      vulnerabilityType: 'Potential',
      qdsScore: 40,
      detectionRegex: '^C:',
    },
  },
  // release_2_5_1_api.htm spells autorScriptsMetadata so.
  'Control ID Remediation': {
    args: {
      ...plain,
      title: 'Fix 1234',
      typeId: 3,
      subType: 'Response',
      content: 'Get-PSDrive',
      authorScriptsMetadata: { cid: '1234', tech: ['Windows 10'], policies: [] },
    },
    path,
    body: {
      ...plainBody,
      title: 'Fix 1234',
      typeId: 3,
      subType: 'Response',
      content: 'R2V0LVBTRHJpdmU=',
      autorScriptsMetadata: { cid: '1234', tech: ['Windows 10'], policies: [] },
    },
  },
  'Control ID Remediation, from GitHub, with everything': {
    args: {
      ...plain,
      typeId: 3,
      subType: undefined,
      sourceUrl: 'https://github.com/acme/scripts/blob/main/fix.ps1',
      authorScriptsMetadata: {
        cid: '1234',
        tech: ['Windows 10', 'Windows 11'],
        policies: ['CIS'],
        displayName: 'Fix of 1234',
      },
    },
    path,
    body: {
      title: 'Disk check',
      typeId: 3,
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      githubInputUrl: 'https://github.com/acme/scripts/blob/main/fix.ps1',
      autorScriptsMetadata: {
        cid: '1234',
        tech: ['Windows 10', 'Windows 11'],
        policies: ['CIS'],
        displayName: 'Fix of 1234',
      },
    },
  },
}

export const scripts: ToolCases = { car_create_script: create }
