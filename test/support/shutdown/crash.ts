// Loaded before the program: at a signal, an error that nobody catches, with a secret in it.

const error = () => new Error(`a bug that quotes ${process.env['QUALYS_CLIENT_SECRET']} at length`)

process.on('SIGUSR2', () => {
  if (process.env['CRASH'] === 'rejection') Promise.reject(error())
  else
    setImmediate(() => {
      throw error()
    })
})
