// Steps back and forth through what somebody did; each state is kept whole, and shares its parts.

export class History<State> {
  #past: State[] = []
  #future: State[] = []
  #now: State

  constructor(now: State) {
    this.#now = now
  }

  get now(): State {
    return this.#now
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  get canRedo(): boolean {
    return this.#future.length > 0
  }

  do(next: State): void {
    this.#past = [...this.#past.slice(-200), this.#now]
    this.#future = []
    this.#now = next
  }

  undo(): boolean {
    const before = this.#past.pop()
    if (before === undefined) return false
    this.#future.push(this.#now)
    this.#now = before
    return true
  }

  redo(): boolean {
    const after = this.#future.pop()
    if (after === undefined) return false
    this.#past.push(this.#now)
    this.#now = after
    return true
  }
}
