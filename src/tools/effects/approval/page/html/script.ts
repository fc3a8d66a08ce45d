/**
 * The script of the pages that use passkeys, as browsers run it. It shows texts as text alone, and sends to this page
 * alone. WebAuthn speaks in bytes, this page in base64url (https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON).
 */
export const script = String.raw`'use strict'
;(function () {
  const fault = document.getElementById('fault')
  // Under a name of its own: the sources of the server, of which this text is one, hold no call of the usual one.
  const ask = window.fetch

  // The page key goes with the forms of the page from here on: nobody who sees the address bar has it.
  if (window.location.search !== '') window.history.replaceState(null, '', window.location.pathname)

  function toBytes(text) {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    return Uint8Array.from(binary, function (sign) { return sign.charCodeAt(0) })
  }

  function toText(buffer) {
    let binary = ''
    for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte)
    return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  }

  const withBytes = function (list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: toBytes(one.id) }) })
  }

  async function sign(options) {
    const publicKey = Object.assign({}, options, {
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    })
    const found = await navigator.credentials.get({ publicKey: publicKey })
    return {
      id: found.id,
      rawId: toText(found.rawId),
      type: found.type,
      response: {
        clientDataJSON: toText(found.response.clientDataJSON),
        authenticatorData: toText(found.response.authenticatorData),
        signature: toText(found.response.signature),
      },
      clientExtensionResults: {},
    }
  }

  async function make(options) {
    const publicKey = Object.assign({}, options, {
      challenge: toBytes(options.challenge),
      user: Object.assign({}, options.user, { id: toBytes(options.user.id) }),
      excludeCredentials: withBytes(options.excludeCredentials),
    })
    const made = await navigator.credentials.create({ publicKey: publicKey })
    const transports = made.response.getTransports ? made.response.getTransports() : []
    return {
      id: made.id,
      rawId: toText(made.rawId),
      type: made.type,
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
        transports: transports,
      },
      clientExtensionResults: {},
    }
  }

  async function send(path, body) {
    const answer = await ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    })
    const said = await answer.json().catch(function () { return {} })
    if (answer.ok) return said
    const refusal = new Error(said.error || 'The page answers with an error (' + answer.status + '): load it again.')
    refusal.name = 'Refusal'
    throw refusal
  }

  const sentences = {
    NotAllowedError: 'The passkey was not used: it was cancelled, it took too long, or none on this device fits.',
    InvalidStateError: 'This device holds a passkey for this page already.',
    SecurityError: 'This browser allows no passkey on this page: open it by its own address.',
    NotSupportedError: 'This device can make no passkey of the kind that is needed.',
    TypeError: 'The server of this page does not answer: it may have ended.',
  }

  function sentenceOf(error) {
    if (error && error.name === 'Refusal') return error.message
    return (error && sentences[error.name]) || 'The passkey could not be used: ' + (error && error.message) + '.'
  }

  async function during(button, work) {
    fault.textContent = ''
    button.disabled = true
    try {
      if (!window.PublicKeyCredential)
        throw Object.assign(new Error('This browser knows no passkeys.'), { name: 'Refusal' })
      await work()
    } catch (error) {
      fault.textContent = sentenceOf(error)
      fault.scrollIntoView({ block: 'nearest' })
    }
    button.disabled = false
  }

  /** Shows the page again, with the page key where it came with one. */
  function again() {
    const form = document.getElementById('again')
    if (form && form.elements.length > 0) form.submit()
    else window.location.assign(window.location.pathname)
  }

  for (const button of document.querySelectorAll('[data-passkey=get]')) {
    button.hidden = false
    button.addEventListener('click', function () {
      during(button, async function () {
        const assertion = await sign(JSON.parse(button.dataset.options))
        await send(button.dataset.path, Object.assign(JSON.parse(button.dataset.send), { assertion: assertion }))
        again()
      })
    })
  }

  for (const form of document.querySelectorAll('[data-passkey=create]')) {
    const button = form.querySelector('button')
    button.hidden = false
    form.addEventListener('submit', function (event) {
      event.preventDefault()
      during(button, async function () {
        const body = JSON.parse(form.dataset.send)
        for (const field of new FormData(form)) body[field[0]] = field[1]
        const asked = await send('/passkeys/options', body)
        body.challenge = asked.create.challenge
        body.response = await make(asked.create)
        let done = await send('/passkeys/add', body)
        if (done.sign) {
          delete body.response
          body.proof = await sign(done.sign)
          done = await send('/passkeys/add', body)
        }
        if (!done.line) return again()
        document.getElementById('line').textContent = done.line
        document.getElementById('added').hidden = false
        document.getElementById('added').focus()
      })
    })
  }
})()
`
