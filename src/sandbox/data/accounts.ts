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

/** The user that `startSandbox` returns. Auth ID clients act as this user too. */
export const firstManager: Account = {
  username: 'sandbox_ab1',
  password: 'sandbox1',
  userId: 422036547,
  uuid: 'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11',
  role: 'manager',
}
export const secondManager: Account = {
  username: 'sandbox_cd2',
  password: 'sandbox2',
  userId: 422036612,
  uuid: '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22',
  role: 'manager',
}

const makeAccount = (number: number, username: string, role: Role, saqRights?: SaqRights): Account => ({
  username,
  password: 'sandbox1',
  userId: 422036700 + number,
  uuid: `1b7c0f52-8f6d-4d0b-a2c4-5e9d3f7a6b0${number}`,
  role,
  ...(saqRights && { saqRights }),
})
const makeRefusedAccount = (userId: number, username: string, loginException: string): Account => ({
  username,
  userId,
  uuid: '',
  loginException,
})

/** A user who sees only the campaigns that it owns and their objects. */
export const scopedUser = makeAccount(5, 'saq-emea', 'viewer', 'scoped')

/** Every user. The exception names, except that of a wrong password, are those of Apereo CAS. */
export const accounts: readonly Account[] = [
  firstManager,
  secondManager,
  makeAccount(1, 'author', 'author'),
  makeAccount(2, 'operations', 'operations'),
  makeAccount(3, 'viewer', 'viewer'),
  makeAccount(4, 'auditor', 'auditor'),
  makeAccount(6, 'saq-viewer', 'viewer', 'reads'),
  scopedUser,
  makeAccount(7, 'no-saq', 'manager', 'none'),
  makeRefusedAccount(1, 'locked', 'AccountLockedException'),
  makeRefusedAccount(2, 'expired-password', 'CredentialExpiredException'),
  makeRefusedAccount(3, 'no-api', 'AccountDisabledException'),
  makeRefusedAccount(4, 'ip-blocked', 'InvalidLoginLocationException'),
  makeRefusedAccount(5, 'sso-only', 'UnauthorizedServiceForPrincipalException'),
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
