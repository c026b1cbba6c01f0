/**
 * Keeps what somebody typed, such as a name, from turning the text around it: wrapped in FIRST STRONG ISOLATE and POP
 * DIRECTIONAL ISOLATE (Unicode UAX #9).
 */
export const isolate = (typed: string): string => `\u2068${typed}\u2069`;
