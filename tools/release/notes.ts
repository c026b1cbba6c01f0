/** The changelog with what is unreleased under a version. Throws when there is nothing to release, or it is there already. */
export function releaseNotes(changelog: string, version: string, day: string): string {
  if (changelog.includes(`## ${version} `)) throw new Error(`${version} is in the changelog already.`);
  const [, entries = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? [];
  if (!/^- /m.test(entries)) throw new Error('Nothing is listed as unreleased.');
  return changelog.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${version} — ${day}\n`);
}

/** A manifest's, lock file's, compose file's or kustomization's text with our own version changed, and no other. */
export function withVersion(text: string, before: string, after: string): string {
  const escaped = before.replaceAll('.', '\\.');
  return (
    text
      .replace(new RegExp(`^(  "version": ")${escaped}"`, 'm'), `$1${after}"`)
      // Our projects in package-lock.json.
      .replace(
        new RegExp(`("name": "(?:heirloom|@heirloom/[a-z-]+)",\\s+"version": ")${escaped}"`, 'g'),
        `$1${after}"`,
      )
      .replace(new RegExp(`(heirloom/[a-z-]+:)${escaped}`, 'g'), `$1${after}`)
      .replace(new RegExp(`(heirloom/[a-z-]+, newTag: )${escaped}`, 'g'), `$1${after}`)
      .replace(new RegExp(`(ARG VERSION=)${escaped}`, 'g'), `$1${after}`)
  );
}

/** Whether a version follows another one with none between them: 0.1.2 is followed by 0.1.3, 0.2.0 and 1.0.0. */
export function isNext(before: string, version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = before.split('.').map(Number);
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`].includes(version);
}
