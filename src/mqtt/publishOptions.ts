/** How a message is published. */
export interface PublishOptions {
  readonly qos: 0 | 1 | 2
  /** The broker keeps it for whoever subscribes later. */
  readonly retain: boolean
  /** It does not come back as a command. */
  readonly echo?: true
}
