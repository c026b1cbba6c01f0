let isWanted = false;
let hear: () => void = () => undefined;
let arrive: () => void = () => undefined;
const arrived = new Promise<void>((resolve) => {
  arrive = resolve;
});

/** Words that are fetched with the first page that says them. The provider of texts listens, and tells when they are there. */
export const lateTexts = {
  isWanted: (): boolean => isWanted,
  listen: (listener: () => void): (() => void) => {
    hear = listener;
    return () => (hear = () => undefined);
  },
  arrive: (): void => arrive(),
};

/** Loads a page or a part of one together with the words that it needs. */
export const withLateTexts =
  <T>(load: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    isWanted = true;
    hear();
    const [part] = await Promise.all([load(), arrived]);
    return part;
  };
