// The form of the sentences for error codes: per code the Chinese and the English one.
export type Sentences = Record<string, [string, string]>;
