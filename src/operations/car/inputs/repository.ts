import { z } from 'zod'
import type { RepositorySource } from '../../effects/effect-targets.ts'
import { type InputOf, text, yesNo } from '../../fields.ts'
import type { Resolved, SecretUse } from '../../operation.ts'
import { secretName } from './parameters.ts'
import { parseRepositoryAddress, repositoryAddress } from './repository-address.ts'

/** No page says what a new source keeps of the old one. */
const ofSource = { whenEmpty: 'leave it out' }

/** The source of a script that is not passed as content: one set of inputs for GitHub and GitLab. */
export const repositoryInput = {
  sourceUrl: z
    .string({ error: 'must be an https address of a file' })
    .max(2_000, { error: 'must be at most 2,000 characters' })
    .superRefine((text, context) => {
      const parsed = parseRepositoryAddress(text)
      if ('problem' in parsed) context.addIssue(parsed.problem)
    })
    // What is shown, approved and logged is what is sent.
    .overwrite((text) => repositoryAddress(text)?.url ?? text)
    .describe('GitHub or GitLab file, instead of content')
    .optional(),
  branch: text(255).meta(ofSource).optional(),
  sync: yesNo().meta(ofSource).optional(),
  repositoryToken: secretName.describe('name of a secret').meta(ofSource).optional(),
} as const

/** The repository part of the input. */
export type Repository = InputOf<typeof repositoryInput>

const permalink = /\/(?:blob|raw)\/[0-9a-f]{8,40}\//i

/** Why these inputs do not name a script to fetch; undefined if they do, or if there are none. */
export function validateRepository(repository: Repository): string | undefined {
  const { sourceUrl, branch, sync, repositoryToken } = repository
  if (sourceUrl === undefined) {
    const alone = Object.entries({ branch, sync, repositoryToken }).find(([, value]) => value !== undefined)
    return alone && `${alone[0]} says something about a repository: pass sourceUrl as well, or leave it out.`
  }
  const address = repositoryAddress(sourceUrl)
  if (!address?.kind)
    return 'sourceUrl names neither a file at GitHub (…/blob/…) nor one at GitLab (…/-/blob/…): pass such an address, or the content.'
  // release_2_7_api.htm: an address with a commit hash prevents syncing and must not be used.
  if (address.kind === 'GitLab' && permalink.test(address.url))
    return 'sourceUrl is a permalink with a commit hash, which Qualys refuses for GitLab: pass the address with the branch name.'
  return undefined
}

/** The repository, for the limits and the preview; nothing if the input names none. */
export function repositoryTarget({ sourceUrl, sync, repositoryToken }: Repository): {
  readonly repository?: RepositorySource
} {
  const host = repositoryAddress(sourceUrl)?.host
  if (host === undefined) return {}
  // No page says whether Qualys synchronises a script if sync is left out.
  return { repository: { host, getsToken: repositoryToken !== undefined, mayBeSynced: sync !== false } }
}

/** The secret that the repository gets. */
export function secretsOfRepository({ sourceUrl, repositoryToken }: Repository): SecretUse[] {
  const host = repositoryAddress(sourceUrl)?.host
  return repositoryToken === undefined || host === undefined ? [] : [{ name: repositoryToken, host }]
}

/**
 * The vendor's separate fields for GitHub (create_custom_scripts_with_github_url_and_parameter.htm) and
 * GitLab (release_2_7_api.htm).
 */
export function wireRepository(
  repository: Repository,
  { secret }: Resolved,
): Readonly<Record<string, unknown>> {
  const { branch, sync, repositoryToken } = repository
  const address = repositoryAddress(repository.sourceUrl)
  if (!address) return {}
  const { url, kind } = address
  const token = repositoryToken === undefined ? undefined : secret(repositoryToken)
  if (kind === 'GitHub')
    return { githubInputUrl: url, gitHubBranch: branch, gitHubToken: token, gitHubSyncEnabled: sync }
  return {
    importedScriptFromGitLab: true,
    gitLabDetails: { inputUrl: url, branch, token, syncEnabled: sync },
  }
}
