import type { Role } from './roles.ts'

/** A user of the sandbox, and the outcome of their login. */
export interface Account {
  username: string
  /** undefined: no password is correct. */
  password?: string
  userId: number
  /** The user's id in records. */
  uuid: string
  /** An account without a role has no permission. */
  role?: Role
  /** The login fails with this exception name. */
  loginException?: string
  /** The login succeeds, and CAR replies 403. */
  isCarDenied?: true
  /** The user's rights in SAQ if they are restricted: see saq/effects/rights.ts. */
  saqRights?: SaqRights
}

/** none: no API access. reads: no changes. scoped: only objects in the user's scope. */
export type SaqRights = 'none' | 'reads' | 'scoped'

export const invalidCredentialsException = 'InvalidCredentialsException'

const makeAccount = (
  username: string,
  password: string,
  userId: number,
  uuid: string,
  role: Role,
): Account => ({
  username,
  password,
  userId,
  uuid,
  role,
})
const makeRefusedAccount = (username: string, userId: number, loginException: string): Account => ({
  username,
  userId,
  uuid: '',
  loginException,
})

/** The user that `startSandbox` returns. Auth ID clients act as this user too. */
export const firstManager = makeAccount(
  'sandbox_ab1',
  'sandbox1',
  422036547,
  'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11',
  'manager',
)
export const secondManager = makeAccount(
  'sandbox_cd2',
  'sandbox2',
  422036612,
  '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22',
  'manager',
)

/** A user who sees only the campaigns that it owns and their objects. */
export const scopedUser: Account = {
  ...makeAccount('saq-emea', 'sandbox1', 422036705, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b05', 'viewer'),
  saqRights: 'scoped',
}

/** Every user. The exception names, except that of a wrong password, are those of Apereo CAS. */
export const accounts: readonly Account[] = [
  firstManager,
  secondManager,
  makeAccount('author', 'sandbox1', 422036701, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b01', 'author'),
  makeAccount('operations', 'sandbox1', 422036702, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b02', 'operations'),
  makeAccount('viewer', 'sandbox1', 422036703, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b03', 'viewer'),
  makeAccount('auditor', 'sandbox1', 422036704, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b04', 'auditor'),
  {
    ...makeAccount('saq-viewer', 'sandbox1', 422036706, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b06', 'viewer'),
    saqRights: 'reads',
  },
  scopedUser,
  {
    ...makeAccount('no-saq', 'sandbox1', 422036707, '1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b07', 'manager'),
    saqRights: 'none',
  },
  makeRefusedAccount('locked', 1, 'AccountLockedException'),
  makeRefusedAccount('expired-password', 2, 'CredentialExpiredException'),
  makeRefusedAccount('no-api', 3, 'AccountDisabledException'),
  makeRefusedAccount('ip-blocked', 4, 'InvalidLoginLocationException'),
  makeRefusedAccount('sso-only', 5, 'UnauthorizedServiceForPrincipalException'),
  { username: 'no-car', password: 'sandbox1', userId: 6, uuid: '', isCarDenied: true },
]

/** The only Auth ID client. */
export const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' } as const

/** The only tokens that the simulated GitHub and GitLab accept. */
export const repositoryTokens = { GitHub: 'sandbox-github-token', GitLab: 'sandbox-gitlab-token' } as const

/** The subscription of all users: that of the vendor's sample rows. */
export const customerUuid = '74c1bcdd-9bbb-e9dd-802a-65e2c579abc0'

/** A user in the form in which records refer to it. */
export function toUserReference({ uuid, username }: Account): { id: string; name: string } {
  return { id: uuid, name: username }
}

/** The authors of scripts and schedules. The first two can log in. */
export const authors = [
  toUserReference(firstManager),
  toUserReference(secondManager),
  { id: '9e1f04b8-6a9d-4f7e-9a2c-d5b8c6a1e733', name: 'Jürgen Weiß' },
  { id: '27ac5b10-7f43-4e0b-8d8e-3b9a1c5d2f44', name: 'Amina O’Brien' },
] as const
