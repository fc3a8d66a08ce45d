/** The names of this machine in the Host header and in origins. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** True for a name or an address to listen on that only this machine reaches. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)
