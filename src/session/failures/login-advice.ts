/**
 * What to check after a refused login: most of it looks like a wrong password. Community Edition shows API access and
 * has none ("API compatible: No"), and the user name is the Login ID of the user list: public code, citing Qualys.
 */
export const loginAdvice = (settings: string, pause: string): string =>
  `Ask the operator to check ${settings}, the platform (a wrong one looks like a wrong password; Help, About in the Qualys UI names its servers), the Login ID (not the e-mail address), API access (Community Edition has none), an expired password, SSO-only accounts and the IP allow-list; ${pause}`
