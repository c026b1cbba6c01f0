/** Prints a sentence with the seconds since the start. */
export function say(sentence) {
  console.log(`[${elapsedSeconds()}] ${sentence}`);
}

/** The same, for what went wrong. */
export function fail(sentence) {
  console.error(`[${elapsedSeconds()}] ${sentence}`);
}

function elapsedSeconds() {
  return `${(performance.now() / 1000).toFixed(1).padStart(5)} s`;
}
