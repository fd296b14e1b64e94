// What is happening, searched by plain words: arrow keys and Enter; the server ranks.
import { send } from '@/lib/http'
import { toast } from '@/lib/toast'
import { word } from '@/lib/words'

interface Found {
  code: string
  label: string
  words: string
}

const WAIT = 60 // milliseconds without a key before a search is sent

/** Makes a combobox of the search field; the select, now out of sight, keeps the value. */
export function searchNatures(root: HTMLElement, onChosen: () => void): void {
  const field = root.querySelector<HTMLInputElement>('[role=combobox]')
  const list = root.querySelector<HTMLElement>('[role=listbox]')
  const select = root.querySelector<HTMLSelectElement>('select')
  const box = root.querySelector<HTMLElement>('.nature__box')
  const plain = root.querySelector<HTMLElement>('.nature__plain')
  if (field === null || list === null || select === null || box === null || plain === null) return
  new NatureSearch(root.dataset['url'] ?? '', field, list, select, onChosen)
  box.hidden = false
  plain.hidden = true
}

class NatureSearch {
  readonly #url: string
  readonly #field: HTMLInputElement
  readonly #list: HTMLElement
  readonly #select: HTMLSelectElement
  readonly #onChosen: () => void
  readonly #known = new Map<string, Found[]>()
  #shown: Found[] = []
  #active = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #searching: Promise<void> = Promise.resolve()
  #searches = 0
  #failed = false

  constructor(
    url: string,
    field: HTMLInputElement,
    list: HTMLElement,
    select: HTMLSelectElement,
    onChosen: () => void,
  ) {
    this.#url = url
    this.#field = field
    this.#list = list
    this.#select = select
    this.#onChosen = onChosen
    field.addEventListener('input', () => {
      this.#searches += 1
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.#search(), WAIT)
    })
    field.addEventListener('keydown', (event) => void this.#press(event))
    field.addEventListener('focus', () => field.select())
    field.addEventListener('blur', () => this.#close())
    list.addEventListener('mousedown', (event) => event.preventDefault()) // the field keeps the focus
    list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role=option]')
      if (option !== null) this.#choose(this.#shown[Number(option.dataset['place'])])
    })
    field.form?.addEventListener('intake:restored', () => this.#close())
    field.form?.addEventListener('intake:shown', () => this.#heard())
  }

  get #isOpen(): boolean {
    return !this.#list.hidden
  }

  /** What somebody has typed; empty where the field shows what is chosen. */
  get #typed(): string {
    return this.#field.value === this.#chosen ? '' : this.#field.value
  }

  get #chosen(): string {
    const chosen = this.#select.selectedOptions[0]
    return chosen !== undefined && chosen.value !== '' ? chosen.text : ''
  }

  /** Shows what fits; nothing where somebody typed or chose meanwhile, or where it failed. */
  async #search(text = this.#field.value): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const mine = ++this.#searches
    this.#searching = this.#find(text.trim()).then((found) => {
      if (mine !== this.#searches) return
      this.#failed = found === null
      if (found === null) this.#hide()
      else this.#show(found)
    })
    await this.#searching
  }

  async #find(query: string): Promise<Found[] | null> {
    const known = this.#known.get(query)
    if (known !== undefined) return known
    try {
      // In the body, not in the address: the words may be the caller's own.
      const body = new URLSearchParams({ q: query })
      const { found } = await send<{ found: Found[] }>(this.#url, { body })
      this.#known.set(query, found)
      return found
    } catch {
      return null // the next key tries again, and Enter says so
    }
  }

  async #press(event: KeyboardEvent): Promise<void> {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (this.#isOpen) this.#activate(this.#active + step)
      else await this.#search(this.#typed)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // Enter may come before the answer to the last key: it means the best match of what stands there.
      if (this.#timer !== undefined || this.#failed) await this.#search()
      await this.#searching
      if (this.#failed) toast(word('request.unreached'))
      else if (this.#isOpen) this.#choose(this.#shown[this.#active])
      else if (this.#select.value !== '') this.#onChosen()
    } else if (event.key === 'Escape' && this.#isOpen) {
      event.preventDefault()
      this.#close()
    }
  }

  #show(found: Found[]): void {
    this.#shown = found
    this.#list.replaceChildren(
      ...(found.length > 0 ? found.map((one, place) => option(one, place)) : [nothing()]),
    )
    this.#list.hidden = false
    this.#field.setAttribute('aria-expanded', 'true')
    this.#activate(0)
    const said = document.getElementById('said')
    if (said !== null) said.textContent = word('intake.found', { count: found.length })
  }

  #activate(place: number): void {
    const count = this.#shown.length
    this.#active = count === 0 ? 0 : (place + count) % count
    for (const element of this.#list.querySelectorAll('[role=option]')) {
      element.setAttribute('aria-selected', 'false')
    }
    const active = this.#list.querySelector<HTMLElement>(`[data-place="${this.#active}"]`)
    active?.setAttribute('aria-selected', 'true')
    active?.scrollIntoView({ block: 'nearest' })
    if (active === null) this.#field.removeAttribute('aria-activedescendant')
    else this.#field.setAttribute('aria-activedescendant', active.id)
  }

  #choose(found: Found | undefined): void {
    if (found === undefined) return
    this.#select.value = found.code
    this.#close()
    this.#select.dispatchEvent(new Event('change', { bubbles: true }))
    this.#onChosen()
  }

  /** Who joined an incident need not say what is happening: the server has taken it from there. */
  #heard(): void {
    const nature = document.getElementById('questions')?.dataset['nature'] ?? ''
    if (this.#select.value !== '' || nature === '') return
    this.#select.value = nature
    if (document.activeElement !== this.#field) this.#close()
  }

  /** Closes the list; the field shows again what is chosen. */
  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#searches += 1
    this.#failed = false
    this.#hide()
    this.#field.value = this.#chosen
  }

  #hide(): void {
    this.#list.hidden = true
    this.#field.setAttribute('aria-expanded', 'false')
    this.#field.removeAttribute('aria-activedescendant')
  }
}

function option(found: Found, place: number): HTMLElement {
  const item = document.createElement('li')
  item.id = `nature-${found.code}`
  item.setAttribute('role', 'option')
  item.dataset['place'] = String(place)
  item.append(found.label)
  if (found.words !== '') {
    const words = document.createElement('span')
    words.className = 'nature__words'
    words.textContent = found.words
    item.append(' ', words)
  }
  return item
}

function nothing(): HTMLElement {
  const item = document.createElement('li')
  item.className = 'nature__nothing'
  item.textContent = word('intake.nothing')
  return item
}
