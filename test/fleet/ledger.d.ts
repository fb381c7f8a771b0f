export declare function ledger(): {
  offer: (topic: string, number: number) => void
  arrive: (topic: string, number: number) => void
  readonly figures: Readonly<Record<'offered' | 'lost' | 'duplicated' | 'outOfOrder' | 'strange', number>>
}
