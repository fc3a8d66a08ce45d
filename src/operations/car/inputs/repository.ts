import { z } from 'zod'
import { type InputOf, text, yesNo } from '../../fields.ts'
import type { Resolved } from '../../operation.ts'
import { secretName } from './parameters.ts'

/** No page says what a new source keeps of the old one. */
const ofSource = { whenEmpty: 'leave it out' }

/** The source of a script that is not passed as content: one set of inputs for GitHub and GitLab. */
export const repositoryInput = {
  sourceUrl: z
    .string({ error: 'must be an https address of a file' })
    .max(2_000, { error: 'must be at most 2,000 characters' })
    .refine((url) => /^https:[^\s\\]+$/i.test(url) && URL.canParse(url) && isPlain(new URL(url)), {
      error: 'must be the https address of a file at GitHub or GitLab, without user name, password or query',
    })
    .describe('GitHub or GitLab file, instead of content')
    .optional(),
  branch: text(255).meta(ofSource).optional(),
  sync: yesNo().meta(ofSource).optional(),
  repositoryToken: secretName.describe('name of a secret').meta(ofSource).optional(),
} as const

/** The repository part of the input. */
export type Repository = InputOf<typeof repositoryInput>

/**
 * True for an address without credentials, hash and query. `?ref_type=heads`, which every address copied from
 * GitLab has, is accepted; it must be dropped (release_2_7_api.htm).
 */
function isPlain({ username, password, search, hash, pathname }: URL): boolean {
  return username + password + hash === '' && /^(\?ref_type=heads)?$/.test(search) && pathname.length > 1
}

/** Recognizes the host by its name or by its paths: GitLab separates project and file with `/-/`. */
function hostOf(sourceUrl: string): 'GitHub' | 'GitLab' | undefined {
  const { hostname, pathname } = new URL(sourceUrl)
  if (/gitlab/i.test(hostname) || pathname.includes('/-/')) return 'GitLab'
  if (/github/i.test(hostname) || pathname.includes('/blob/')) return 'GitHub'
  return undefined
}

const permalink = /\/(?:blob|raw)\/[0-9a-f]{8,40}\//i

/** Why these inputs do not name a script to fetch; undefined if they do, or if there are none. */
export function validateRepository(repository: Repository): string | undefined {
  const { sourceUrl, branch, sync, repositoryToken } = repository
  if (sourceUrl === undefined) {
    const alone = Object.entries({ branch, sync, repositoryToken }).find(([, value]) => value !== undefined)
    return alone && `${alone[0]} says something about a repository: pass sourceUrl as well, or leave it out.`
  }
  const host = hostOf(sourceUrl)
  if (!host)
    return 'sourceUrl names neither a file at GitHub (…/blob/…) nor one at GitLab (…/-/blob/…): pass such an address, or the content.'
  // release_2_7_api.htm: an address with a commit hash prevents syncing and must not be used.
  if (host === 'GitLab' && permalink.test(sourceUrl))
    return 'sourceUrl is a permalink with a commit hash, which Qualys refuses for GitLab: pass the address with the branch name.'
  return undefined
}

/**
 * The vendor's separate fields for GitHub (create_custom_scripts_with_github_url_and_parameter.htm) and
 * GitLab (release_2_7_api.htm).
 */
export function wireRepository(
  repository: Repository,
  { secret }: Resolved,
): Readonly<Record<string, unknown>> {
  const { sourceUrl, branch, sync, repositoryToken } = repository
  if (sourceUrl === undefined) return {}
  const url = sourceUrl.replace(/\?ref_type=heads$/, '')
  const token = repositoryToken === undefined ? undefined : secret(repositoryToken)
  if (hostOf(sourceUrl) === 'GitHub')
    return { githubInputUrl: url, gitHubBranch: branch, gitHubToken: token, gitHubSyncEnabled: sync }
  return {
    importedScriptFromGitLab: true,
    gitLabDetails: { inputUrl: url, branch, token, syncEnabled: sync },
  }
}
