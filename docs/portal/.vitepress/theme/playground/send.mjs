// Sending, and what comes back.

/** Sends a request; the answer with its headers, its text and how long it took. Throws when there is no answer. */
export async function send({ method, path, headers, body }, token) {
  const started = performance.now()
  const answer = await fetch(path, { method, body, credentials: 'omit', headers: token ? { ...headers, Authorization: `Bearer ${token}` } : headers })
  const text = await answer.text()
  return answerOf(answer.status, answer.statusText, [...answer.headers], text, performance.now() - started)
}

/** PUTs a file to a signed URL, and says how far it is: `onProgress(sent, total)`. */
export function put(url, file, onProgress) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total)
    request.onload = () => {
      const headers = request.getAllResponseHeaders().trim().split(/\r?\n/).map((line) => line.split(/: (.*)/).slice(0, 2))
      resolve(answerOf(request.status, request.statusText, headers, request.responseText, performance.now() - started))
    }
    request.onerror = () => reject(new Error('no answer'))
    request.send(file)
  })
}

function answerOf(status, statusText, headers, text, took) {
  let value
  try {
    value = text === '' ? undefined : JSON.parse(text)
  } catch {
    value = undefined
  }
  const shown = value === undefined ? text : JSON.stringify(value, null, 2)
  return { status, statusText, headers, value, text: shown, bytes: new Blob([text]).size, millis: Math.round(took) }
}
