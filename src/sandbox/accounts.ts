import type { Role } from './roles.ts'

/** Somebody who can log in, and how it ends for them. */
export interface Account {
  username: string
  /** undefined: any password leads to the same end. */
  password?: string
  userId: number
  /** The id that records name them by. */
  uuid: string
  /** Without one, nothing is allowed. */
  role?: Role
  /** The login is refused with this exception word. */
  refusedWith?: string
  /** The login succeeds and CAR answers 403. */
  withoutCar?: true
  /** What SAQ lets them do, unless it is everything: see saq/rights.ts. */
  saq?: SaqRights
}

/** none: no API access. reads: nothing is changed. scoped: only what is theirs. */
export type SaqRights = 'none' | 'reads' | 'scoped'

export const wrongCredentials = 'InvalidCredentialsException'

const member = (username: string, password: string, userId: number, uuid: string, role: Role): Account => ({
  username,
  password,
  userId,
  uuid,
  role,
})
const outsider = (username: string, userId: number, refusedWith: string): Account => ({
  username,
  userId,
  uuid: '',
  refusedWith,
})

/** The one `startSandbox` hands out; Auth ID clients act as this one too. */
export const firstManager = member(
  'sandbox_ab1',
  'sandbox1',
  422036547,
  'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11',
  'manager',
)
export const secondManager = member(
  'sandbox_cd2',
  'sandbox2',
  422036612,
  '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22',
  'manager',
)

/** Sees the campaigns it owns, and what belongs to them. */
export const scopedUser: Account = {
  ...member('saq-emea', 'sandbox1', 422036705, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b05', 'viewer'),
  saq: 'scoped',
}

/** Exception words but the first are those of Apereo CAS. */
export const accounts: readonly Account[] = [
  firstManager,
  secondManager,
  member('author', 'sandbox1', 422036701, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b01', 'author'),
  member('operations', 'sandbox1', 422036702, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b02', 'operations'),
  member('viewer', 'sandbox1', 422036703, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b03', 'viewer'),
  member('auditor', 'sandbox1', 422036704, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b04', 'auditor'),
  {
    ...member('saq-viewer', 'sandbox1', 422036706, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b06', 'viewer'),
    saq: 'reads',
  },
  scopedUser,
  {
    ...member('no-saq', 'sandbox1', 422036707, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b07', 'manager'),
    saq: 'none',
  },
  outsider('locked', 1, 'AccountLockedException'),
  outsider('expired-password', 2, 'CredentialExpiredException'),
  outsider('no-api', 3, 'AccountDisabledException'),
  outsider('ip-blocked', 4, 'InvalidLoginLocationException'),
  outsider('sso-only', 5, 'UnauthorizedServiceForPrincipalException'),
  { username: 'no-car', password: 'sandbox1', userId: 6, uuid: '', withoutCar: true },
]

/** The one Auth ID client. */
export const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' } as const

/** What the pretend GitHub and GitLab let in; the only tokens they know. */
export const repositoryTokens = { GitHub: 'sandbox-github-token', GitLab: 'sandbox-gitlab-token' } as const

/** The subscription all of them belong to: the customer of the vendor's own sample rows. */
export const customerUuid = '74c1bcdd-9bbb-e9dd-802a-65e2c579abc0'

/** A user as records name one. */
export function personOf({ uuid, username }: Account): { id: string; name: string } {
  return { id: uuid, name: username }
}
