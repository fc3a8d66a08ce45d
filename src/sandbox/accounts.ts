/** Somebody who can log in, and how it ends for them. */
export interface Account {
  username: string
  /** undefined: any password leads to the same end. */
  password?: string
  userId: number
  /** The login is refused with this exception word. */
  refusedWith?: string
  /** The login succeeds and CAR answers 403. */
  withoutCar?: true
}

export const wrongCredentials = 'InvalidCredentialsException'

/** The first one is the one `startSandbox` hands out. Exception words but the first are those of Apereo CAS. */
export const accounts: readonly Account[] = [
  { username: 'sandbox_ab1', password: 'sandbox', userId: 422036547 },
  { username: 'sandbox_cd2', password: 'sandbox2', userId: 422036612 },
  { username: 'locked', userId: 1, refusedWith: 'AccountLockedException' },
  { username: 'expired-password', userId: 2, refusedWith: 'CredentialExpiredException' },
  { username: 'no-api', userId: 3, refusedWith: 'AccountDisabledException' },
  { username: 'ip-blocked', userId: 4, refusedWith: 'InvalidLoginLocationException' },
  { username: 'sso-only', userId: 5, refusedWith: 'UnauthorizedServiceForPrincipalException' },
  { username: 'no-car', password: 'sandbox', userId: 6, withoutCar: true },
]

/** The one Auth ID client; it acts as the first account. */
export const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' } as const

/** The subscription all of them belong to: the customer of the vendor's own sample rows. */
export const customerUuid = '74c1bcdd-9bbb-e9dd-802a-65e2c579abc0'
