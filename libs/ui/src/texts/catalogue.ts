/** Messages by their names, in ICU message format. */
export type Catalogue = Readonly<Record<string, string>>;

type Files = Readonly<Record<string, Catalogue>>;

/** The messages of one language, from the files `NOUN/text/LANGUAGE.json`. */
export const catalogueOf = (files: Files): Catalogue =>
  Object.fromEntries(
    Object.entries(files).flatMap(([file, messages]) => {
      const noun = file.split('/').at(-3) ?? '';
      return Object.entries(messages).map(([key, text]) => [`${noun}.${key}`, text]);
    }),
  );
