// The draft as it stands in this tab: what was done to it, what of that is saved, what is kept till then.
import { send } from '../lib/http'
import type { Change } from './declared'
import { InTab } from './in-tab'
import { editsOf, opened, type Sheet } from './sheet'
import { History } from './undo'

export interface Start {
  draft: string
  revision: number
  sheet: Sheet
  writes: boolean
  save: string
}

/** What came of saving: the page of a conflict, or the revision, unless more was typed meanwhile. */
export interface Saving {
  conflict?: string
  saved?: number
}

export class Work {
  readonly #writes: boolean
  readonly #address: string
  readonly #history: History<Sheet>
  readonly #inTab: InTab
  #revision: number
  #kept: Sheet
  /** What stands in an open cell and was not left yet: checked with the rest, and kept with it. */
  #typing: Sheet | null = null

  constructor(start: Start) {
    this.#writes = start.writes
    this.#address = start.save
    this.#revision = start.revision
    this.#inTab = new InTab(start.draft)
    this.#kept = opened(start.sheet, start.revision)
    this.#history = new History(this.#kept)
  }

  /** What stands there, without what is being typed in an open cell. */
  get settled(): Sheet {
    return this.#history.now
  }

  /** What stands there now, an open cell included. */
  get now(): Sheet {
    return this.#typing ?? this.#history.now
  }

  get isDirty(): boolean {
    return this.#history.now !== this.#kept || this.#typing !== null
  }

  get isKept(): boolean {
    return this.now === this.#kept
  }

  get canUndo(): boolean {
    return this.#history.canUndo
  }

  get canRedo(): boolean {
    return this.#history.canRedo
  }

  do(sheet: Sheet): void {
    this.#history.do(sheet)
  }

  undo(): boolean {
    return this.#history.undo()
  }

  redo(): boolean {
    return this.#history.redo()
  }

  type(sheet: Sheet): void {
    this.#typing = sheet
    this.keepInTab()
  }

  /** The open cell was left: what was typed in it is done, or given up. */
  left(): void {
    this.#typing = null
    this.keepInTab()
  }

  keepInTab(): void {
    if (this.isDirty) this.#inTab.keep(this.#revision, this.now)
  }

  /** Takes up what an earlier page of this tab left; gives whether there was any. */
  restore(): boolean {
    const kept = this.#writes ? this.#inTab.take() : null
    if (kept === null) return false
    this.#revision = kept.revision
    this.#history.do(kept.sheet)
    return true
  }

  /** What the server is asked about: the sheet as it stands, or with a change that a form makes. */
  body(change?: Change): unknown {
    const { now } = this
    const sent = { revision: this.#revision, from: now.from, edits: editsOf(now), table: '' }
    return change === undefined ? sent : { ...sent, change }
  }

  /** Saves what stands there. Raises what `send` raises; then all is as it was. */
  async save(): Promise<Saving> {
    const sent = this.now
    const answer = await send<{ revision?: number; conflict?: string }>(this.#address, { body: this.body() })
    if (answer.conflict !== undefined) {
      this.#inTab.forget()
      this.#kept = this.#history.now
      this.#typing = null
      return { conflict: answer.conflict }
    }
    const same = this.now === sent
    if (this.#typing === sent) {
      this.#history.do(sent)
      this.#typing = null
    }
    this.#revision = answer.revision ?? this.#revision
    this.#kept = sent
    if (same) this.#inTab.forget()
    else this.keepInTab()
    return same ? { saved: this.#revision } : {}
  }
}
