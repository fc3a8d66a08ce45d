import { repositoryTokens } from '../../data/accounts.ts'
import type { Script } from '../../data/car/rows.ts'
import { scriptContent } from '../../data/car/scripts.ts'
import { base64Text, flag, nonBlankText, record } from '../../http/body-schema.ts'
import type { Parsed } from '../../http/input.ts'
import { badRequest } from '../../http/reply.ts'

/** The three sources of a script's text: create_scripts.htm; GitLab: release_2_7_api.htm. */
const addressInputs = {
  githubInputUrl: nonBlankText,
  gitHubUser: nonBlankText,
  gitHubRepo: nonBlankText,
  gitHubFilePath: nonBlankText,
  gitHubBranch: nonBlankText,
}
const otherOriginInputs = {
  gitHubSyncEnabled: flag,
  gitHubAutoSync: flag,
  importedScriptFromGitLab: flag,
  gitLabDetails: record({
    inputUrl: nonBlankText,
    repoUser: nonBlankText,
    repoName: nonBlankText,
    filePath: nonBlankText,
    branch: nonBlankText,
    token: nonBlankText,
    syncEnabled: flag,
  }),
}
export const sourceInputs = {
  content: base64Text,
  ...addressInputs,
  gitHubToken: nonBlankText,
  ...otherOriginInputs,
}
type Inputs = Parsed<typeof sourceInputs>

/** The fields of a script that describe its origin. */
type OriginField = keyof typeof addressInputs | keyof typeof otherOriginInputs
export const originFields = Object.keys({ ...addressInputs, ...otherOriginInputs }) as OriginField[]
type Origin = Partial<Pick<Script, OriginField>>

/** A script's text, in base64, and its origin; an empty origin if the text was sent. */
export interface Source {
  content: string
  origin: Origin
}

/** The source of the text: the body, GitHub or GitLab; undefined without any. Throws if there are several. */
export function sourceOf(inputs: Inputs, languageId: number): Source | undefined {
  const { content, gitLabDetails } = inputs
  const origins = [
    content !== undefined && 'content',
    gitHubAddress(inputs) !== undefined && 'GitHub',
    (inputs.importedScriptFromGitLab || gitLabDetails) && 'GitLab',
  ].filter((candidate) => typeof candidate === 'string')
  if (origins.length > 1) throw badRequest(`Give one source of the script, not ${origins.join(' and ')}`)
  const [origin] = origins
  if (origin === 'content') return { content: content ?? '', origin: {} }
  if (origin === 'GitHub') return gitHubSource(inputs, languageId)
  if (origin === 'GitLab') return gitLabSource(inputs, languageId)
  refuseToken('GitHub', inputs.gitHubToken)
  return undefined
}

/** Changes of the synchronization with a repository that an update can make without an address. */
export function syncChanges(script: Script, inputs: Inputs): Origin {
  const { gitHubSyncEnabled, gitHubAutoSync } = inputs
  const changes: Origin = {
    ...(gitHubSyncEnabled !== undefined && { gitHubSyncEnabled }),
    ...(gitHubAutoSync !== undefined && { gitHubAutoSync }),
  }
  const isFromGitHub = script.githubInputUrl !== undefined || script.gitHubFilePath !== undefined
  if (Object.keys(changes).length > 0 && !isFromGitHub) throw badRequest('The script is not from GitHub')
  return changes
}

function gitHubAddress(inputs: Inputs): string | undefined {
  const { githubInputUrl, gitHubUser, gitHubRepo, gitHubFilePath, gitHubBranch } = inputs
  const parts = [gitHubUser, gitHubRepo, gitHubFilePath].filter((part) => part !== undefined)
  const all = [githubInputUrl, ...parts, gitHubBranch].filter((part) => part !== undefined)
  if (githubInputUrl !== undefined && parts.length > 0) {
    throw badRequest('Give githubInputUrl, or gitHubUser with gitHubFilePath, not both')
  }
  return all.length > 0 ? all.join('/') : undefined
}

function gitHubSource(inputs: Inputs, languageId: number): Source {
  const { githubInputUrl, gitHubUser, gitHubFilePath, gitHubToken } = inputs
  const address = gitHubAddress(inputs) ?? ''
  if (githubInputUrl === undefined && (gitHubUser === undefined || gitHubFilePath === undefined)) {
    throw badRequest('gitHubUser and gitHubFilePath are mandatory without githubInputUrl')
  }
  if (
    githubInputUrl !== undefined &&
    !/^https:\/\/[^/]*github[^/]*\/[^/]+\/[^/]+\/.+$/.test(githubInputUrl)
  ) {
    throw badRequest('githubInputUrl must be the full URL of a file on GitHub')
  }
  requireRepositoryAccess('GitHub', address, gitHubToken)
  const origin = Object.fromEntries(
    originFields
      .filter((name) => name.startsWith('git') && name in inputs)
      .map((name) => [name, inputs[name]]),
  )
  return { content: repositoryContent(address, languageId), origin }
}

function gitLabSource(inputs: Inputs, languageId: number): Source {
  const { importedScriptFromGitLab, gitLabDetails } = inputs
  if (!importedScriptFromGitLab || !gitLabDetails) {
    throw badRequest('importedScriptFromGitLab: true and gitLabDetails belong together')
  }
  const { token, ...details } = gitLabDetails
  const { inputUrl, repoUser, repoName, filePath, branch = '' } = details
  const parts = [repoUser, repoName, filePath].filter((part) => part !== undefined)
  if (inputUrl !== undefined && parts.length > 0) {
    throw badRequest('Give gitLabDetails.inputUrl, or repoUser, repoName and filePath, not both')
  }
  if (inputUrl === undefined && parts.length < 3) {
    throw badRequest('gitLabDetails needs inputUrl, or repoUser, repoName and filePath')
  }
  if (inputUrl !== undefined) refuseGitLabUrl(inputUrl)
  const address = [inputUrl ?? parts.join('/'), branch].join('/')
  requireRepositoryAccess('GitLab', address, token)
  return {
    content: repositoryContent(address, languageId),
    origin: { importedScriptFromGitLab: true, gitLabDetails: details },
  }
}

/** "Must not be a permalink with commit hash"; "copy only up to filename.extension" (release_2_7_api.htm). */
function refuseGitLabUrl(url: string): void {
  const [, ref, filePath = ''] =
    /^https:\/\/[^/]*gitlab[^/]*\/.+\/-\/(?:blob|raw)\/([^/]+)\/([^/].*)$/.exec(url) ?? []
  if (ref === undefined) throw badRequest('gitLabDetails.inputUrl must be the full URL of a file on GitLab')
  if (/^[0-9a-f]{8,40}$/.test(ref)) {
    throw badRequest('gitLabDetails.inputUrl must not be a permalink with a commit hash')
  }
  if (/[?#]/.test(filePath)) throw badRequest('gitLabDetails.inputUrl must end with the name of the file')
}

/** The simulated repositories: a private one accepts only its own token. */
function requireRepositoryAccess(
  host: keyof typeof repositoryTokens,
  address: string,
  token: string | undefined,
): void {
  refuseToken(host, token)
  if (token === undefined && /private/i.test(address)) {
    throw badRequest(`The repository is private: a ${host} token is mandatory`)
  }
}

function refuseToken(host: keyof typeof repositoryTokens, token: string | undefined): void {
  if (token !== undefined && token !== repositoryTokens[host]) throw badRequest(`${host} refused the token`)
}

/** The same address always has the same text. */
function repositoryContent(address: string, languageId: number): string {
  return scriptContent(languageId, `Imported from ${address}`)
}
