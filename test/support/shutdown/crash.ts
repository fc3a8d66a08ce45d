// Loaded before the program: on a signal, it throws an uncaught error with a secret in it.

const error = () => new Error(`a bug that quotes ${process.env['QUALYS_CLIENT_SECRET']} at length`)

process.on('SIGUSR2', () => {
  if (process.env['CRASH'] === 'rejection') Promise.reject(error())
  else
    setImmediate(() => {
      throw error()
    })
})
