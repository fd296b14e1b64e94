// Answering with keys, and keeping the focus where the hands are while the questions change.

const GROUP = '[data-question]'

/** The question now asked, or, when none is left, the word that there is none. */
export function focusAsked(form: HTMLFormElement): void {
  const asked = form.querySelector<HTMLElement>('[data-asked] button, [data-asked] input')
  const done = form.querySelector<HTMLElement>('.questions__done')
  if (asked !== null) asked.focus()
  else if (done !== null) {
    done.tabIndex = -1
    done.focus()
  }
}

/**
 * Each fact is one stop of the Tab key, at its given answer or else its first; arrows go along.
 * Without this, dozens of answers would stand between the question and the button that sends.
 */
export function oneStopEach(form: HTMLFormElement): void {
  const arrange = (): void => {
    for (const group of form.querySelectorAll(GROUP)) {
      const answers = [...group.querySelectorAll<HTMLButtonElement>('button[name=answer]')]
      const stop = answers.find((one) => one.getAttribute('aria-pressed') === 'true') ?? answers[0]
      for (const answer of answers) answer.tabIndex = answer === stop ? 0 : -1
    }
  }
  arrange()
  form.addEventListener('intake:shown', arrange)
}

/**
 * Inside the questions an answer's key presses it: of the fact that has the focus, else of the
 * question asked. Backspace takes the last answer back; arrows go along a fact's answers.
 * Keys are dead while an answer is on its way: nobody answers a question they have not seen.
 */
export function answerByKeys(form: HTMLFormElement): void {
  let order: string[] = []
  form.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[name=answer]')
    const name = button?.value.split('=')[0]
    if (name !== undefined) order = [...order.filter((one) => one !== name), name]
  })
  form.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    const questions = target.closest<HTMLElement>('#questions')
    if (questions === null || event.ctrlKey || event.altKey || event.metaKey) return
    if (target.matches('input, textarea, select')) return
    const pressed = buttonFor(event.key, questions, target, order)
    if (pressed === null) return
    event.preventDefault()
    if (event.key.startsWith('Arrow')) pressed.focus()
    else if (questions.getAttribute('aria-busy') !== 'true') pressed.click()
  })
}

function buttonFor(
  key: string,
  questions: HTMLElement,
  target: HTMLElement,
  order: readonly string[],
): HTMLButtonElement | null {
  const group = target.closest<HTMLElement>(GROUP) ?? questions.querySelector('[data-asked]')
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const answers = [...(group?.querySelectorAll<HTMLButtonElement>('button[name=answer]') ?? [])]
    const at = answers.indexOf(target as HTMLButtonElement) + (key === 'ArrowRight' ? 1 : -1)
    return answers[at] ?? null
  }
  if (key === 'Backspace') {
    const given = order.findLast((name) => document.getElementById(`${name}-again`) !== null)
    return given === undefined ? lastAgain(questions) : byId(`${given}-again`)
  }
  const wanted = key.toLowerCase()
  for (const button of group?.querySelectorAll<HTMLButtonElement>('button[data-key]') ?? []) {
    if (button.dataset['key'] === wanted) return button
  }
  return null
}

function lastAgain(questions: HTMLElement): HTMLButtonElement | null {
  return [...questions.querySelectorAll<HTMLButtonElement>('.fact__again')].at(-1) ?? null
}

function byId(id: string): HTMLButtonElement | null {
  return document.getElementById(id) as HTMLButtonElement | null
}

/**
 * Call before the parts are exchanged; the function it returns gives the focus back after: to the
 * next question if it was on the one asked or its answer was taken back, else to the same fact.
 */
export function rememberFocus(form: HTMLFormElement): () => void {
  const active = document.activeElement
  if (!(active instanceof HTMLElement) || active.closest('[data-swap]') === null) return () => {}
  const wasAsked = active.closest('[data-asked], .questions__done') !== null
  const tookBack = active.classList.contains('fact__again')
  const { id } = active
  const fact = active.closest<HTMLElement>(GROUP)?.dataset['question']
  return () => {
    if (document.activeElement !== document.body) return
    if (wasAsked || tookBack) return focusAsked(form)
    const same =
      document.getElementById(id) ??
      form.querySelector<HTMLElement>(`[data-question="${fact ?? ''}"] button`)
    if (same !== null) same.focus()
    else focusAsked(form)
  }
}
