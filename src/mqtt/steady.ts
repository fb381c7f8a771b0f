/** A link that breaks sooner, ms, has not been a success: same client id twice, a broker that accepts and closes. */
export const steady = 10_000
