export const roles = ['manager', 'author', 'operations', 'auditor', 'viewer'] as const
export type Role = (typeof roles)[number]

/**
 * The permissions that some route requires, and the roles that have them besides the manager, who has all
 * (role_based_access_control.htm).
 */
const grants = {
  'script view': ['author', 'operations', 'auditor', 'viewer'],
  'script create': ['author'],
  'script update': ['author'],
  'script evaluate': ['author'],
  'script execute': ['operations'],
  'script approve': [],
  'script export': ['author', 'operations'],
  'schedule view': ['author', 'operations', 'auditor', 'viewer'],
  'schedule create': ['author', 'operations'],
  'schedule update': ['author', 'operations'],
  'schedule delete': ['author', 'operations'],
  'schedule activate': ['operations'],
  'schedule deactivate': ['operations'],
  'job view': ['author', 'operations', 'auditor', 'viewer'],
  'job delete': [],
  'library import': ['author'],
  configuration: [],
  'report view': ['author', 'auditor', 'viewer'],
  'report download': ['author', 'auditor'],
  'report create': ['author'],
  'report delete': [],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof grants
export const permissions = Object.keys(grants) as Permission[]

export function hasPermission(role: Role, permission: Permission): boolean {
  const holders: readonly Role[] = grants[permission]
  return role === 'manager' || holders.includes(role)
}
