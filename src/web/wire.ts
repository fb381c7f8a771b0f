import type { States } from '../plugin/surroundings.js'

/** What a topic is, and what was said there last, as pages get it. */
export interface Topic {
  /** What stands for it in what is said later. */
  readonly id: number
  readonly topic: string
  readonly device: DeviceOnPage
  /** `temperature_c`, `status` */
  readonly name: string
  readonly part?: string
  readonly unit?: string
  /** What Home Assistant calls what it is. */
  readonly kind?: string
  readonly diagnostic?: true
  /** The same as another topic of its device, in another unit. */
  readonly again?: true
  /** Of a state: what is said of something that is so, and of what is not. */
  readonly words?: readonly [yes: string, no: string]
  /** Where it is commanded, and what with. */
  readonly commands?: { readonly topic: string; readonly words: readonly string[] }
  /** It has said a number. */
  readonly number?: true
  readonly event?: true
  /** What was said last; absent where nothing is true. */
  text?: string
  /** When that came, milliseconds since the epoch. */
  readonly at: number
}

/** Whose a topic is. */
export interface DeviceOnPage {
  readonly topic: string
  readonly name: string
  readonly brand?: string
  readonly model?: string
  readonly address?: string
}

/** What was said: the id of its topic, the text, and when it came. */
export type Said = readonly [id: number, text: string, at: number]

/** Something that happened: the topic, the text, and when it came. */
export type Happened = readonly [topic: string, text: string, at: number]

/** All that a page has to know to begin with. */
export interface All {
  /** Milliseconds since the epoch, by the clock of the program. */
  readonly now: number
  readonly topics: readonly Topic[]
  readonly happened: readonly Happened[]
  readonly states: States
  /** Topics on which commands are taken. */
  readonly commandSources: readonly string[]
  /** There is a password, so one can sign out. */
  readonly hasPassword: boolean
  /** Of the history: how long one point stands for, ms. */
  readonly step: number
}

/** What is new since. */
export interface News {
  readonly now: number
  /** Topics that are new, or of which more is known. */
  readonly topics?: readonly Topic[]
  readonly said?: readonly Said[]
  /** Topics where nothing is true any more. */
  readonly gone?: readonly number[]
  readonly happened?: readonly Happened[]
}

/** The numbers that a topic has said, a point for each step of time: when, in seconds since the epoch, and what. */
export interface Points {
  readonly topic: string
  readonly times: readonly number[]
  readonly values: readonly number[]
}
