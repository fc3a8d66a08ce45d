/** Valid request bodies, for tests to alter. */

export const base64 = (text: string) => Buffer.from(text).toString('base64')

export const customScript = {
  title: 'Uptime',
  description: 'How long it has been running.',
  typeId: 1,
  subType: 'Detection',
  languageId: 508,
  platform: 'LINUX',
  categoryId: 3,
  severity: 2,
  threshold: 120,
  content: base64('#!/bin/sh\necho "up on $HOSTNAME"\n'),
}

const { content: _, ...withoutContent } = customScript

/** Every form of script creation, by name. */
export const scriptForms = {
  custom: customScript,
  parameterized: {
    ...customScript,
    title: 'Uptime of a service',
    hasParameters: true,
    params: [
      { key: base64('service'), value: base64('sshd') },
      { key: base64('größe'), value: '' },
    ],
  },
  customQid: {
    ...customScript,
    title: 'QID of uptime',
    typeId: 2,
    subType: 'Detection',
    severity: '5',
    detectionRegex: '^up',
    qidTitle: 'Uptime of a host',
    qidSeverity: 3,
    vulnerabilityType: 'Potential',
    qdsScore: 40,
  },
  controlId: {
    ...customScript,
    title: 'Fix 1234',
    typeId: 3,
    subType: undefined,
    autorScriptsMetadata: {
      cid: '1234',
      tech: ['Red Hat 9'],
      policies: ['CIS'],
      displayName: 'Fix',
      subType: 'Response',
    },
  },
  gitHubUrl: {
    ...withoutContent,
    title: 'From GitHub',
    githubInputUrl: 'https://github.com/acme/scripts/blob/main/uptime.sh',
    gitHubSyncEnabled: true,
    gitHubAutoSync: false,
  },
  gitHubParts: {
    ...withoutContent,
    title: 'From a private GitHub',
    gitHubUser: 'acme',
    gitHubRepo: 'private-scripts',
    gitHubFilePath: 'linux/uptime.sh',
    gitHubBranch: 'release',
    gitHubToken: 'sandbox-github-token',
  },
  gitLabUrl: {
    ...withoutContent,
    title: 'From GitLab',
    importedScriptFromGitLab: true,
    gitLabDetails: {
      inputUrl: 'https://gitlab.com/acme/tools/-/blob/main/private/uptime.sh',
      token: 'sandbox-gitlab-token',
      syncEnabled: true,
    },
  },
  gitLabParts: {
    ...withoutContent,
    title: 'From GitLab by parts',
    importedScriptFromGitLab: true,
    gitLabDetails: { repoUser: 'acme', repoName: 'tools', filePath: 'uptime.sh', branch: 'main' },
  },
} as const
