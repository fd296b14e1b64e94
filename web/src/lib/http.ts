// Requests to our own server, with the token that proves that this page sent them.

/** The page's CSRF token, for the header `X-CSRFToken`. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}

/** What the server refused, in the sentence it gave. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly body: unknown

  constructor(status: number, code: string, sentence: string, body: unknown) {
    super(sentence)
    this.name = 'Refused'
    this.status = status
    this.code = code
    this.body = body
  }
}

export interface SendOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** A form goes as it is; anything else as JSON. */
  body?: unknown
  /** Sent as Idempotency-Key: the same request sent twice is carried out once. */
  key?: string
  signal?: AbortSignal
}

/**
 * Sends a request and returns its JSON (or null for an empty answer).
 * Throws `Refused` when the server says no, and fetch's own TypeError when it cannot be reached.
 */
export async function send<T>(url: string, options: SendOptions = {}): Promise<T> {
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST')
  const headers = new Headers({ Accept: 'application/json' })
  if (method !== 'GET') headers.set('X-CSRFToken', csrfToken())
  if (options.key !== undefined) headers.set('Idempotency-Key', options.key)
  const isForm = options.body instanceof FormData || options.body instanceof URLSearchParams
  if (options.body !== undefined && !isForm) headers.set('Content-Type', 'application/json')
  const response = await fetch(url, {
    method,
    headers,
    credentials: 'same-origin',
    body: bodyOf(options.body),
    signal: options.signal ?? null,
  })
  const text = await response.text()
  const body = parsed(text)
  if (!response.ok) throw refusal(response, body)
  return body as T
}

function bodyOf(body: unknown): BodyInit | null {
  if (body === undefined) return null
  if (body instanceof FormData || body instanceof URLSearchParams) return body
  return JSON.stringify(body)
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

function refusal(response: Response, body: unknown): Refused {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const sentence = [said['sentence'], said['detail'], said['message']].find(
    (text): text is string => typeof text === 'string',
  )
  const code = typeof said['code'] === 'string' ? said['code'] : `http-${response.status}`
  return new Refused(response.status, code, sentence ?? response.statusText, body)
}
