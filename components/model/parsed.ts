/** What was parsed from a text, or what is wrong with the text, a sentence each. */
export type Parsed<Value> = { value: Value; problems: [] } | { value?: undefined; problems: string[] };
