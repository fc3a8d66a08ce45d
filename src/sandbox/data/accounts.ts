import type { Role } from './roles.ts'

/** A user of the sandbox, and the result of their login. */
export interface Account {
  username: string
  /** undefined: every password gives the same result. */
  password?: string
  userId: number
  /** The user's id in records. */
  uuid: string
  /** Without a role nothing is allowed. */
  role?: Role
  /** The login is refused with this exception name. */
  refusedWith?: string
  /** The login succeeds and CAR answers 403. */
  withoutCar?: true
  /** The user's rights in SAQ if they are restricted: see saq/rights.ts. */
  saq?: SaqRights
}

/** none: no API access. reads: no changes. scoped: only objects in the user's scope. */
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

/** The user that `startSandbox` returns. Auth ID clients act as this user too. */
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

/** Sees the campaigns that it owns and their objects. */
export const scopedUser: Account = {
  ...member('saq-emea', 'sandbox1', 422036705, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b05', 'viewer'),
  saq: 'scoped',
}

/** All exception names except the first are those of Apereo CAS. */
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

/** The only Auth ID client. */
export const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' } as const

/** The only tokens that the simulated GitHub and GitLab accept. */
export const repositoryTokens = { GitHub: 'sandbox-github-token', GitLab: 'sandbox-gitlab-token' } as const

/** The subscription of all users: the customer of the vendor's own sample rows. */
export const customerUuid = '74c1bcdd-9bbb-e9dd-802a-65e2c579abc0'

/** A user in the form of records. */
export function personOf({ uuid, username }: Account): { id: string; name: string } {
  return { id: uuid, name: username }
}
