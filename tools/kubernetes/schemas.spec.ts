import { beforeAll, describe, expect, it } from '@jest/globals';
import { overlays, render, type Manifest } from './render.ts';
import { problemsOf } from './schemas.ts';

describe.each(overlays)('every object of the overlay %s', (overlay) => {
  let manifests: Manifest[];
  beforeAll(() => {
    manifests = render(overlay);
  });

  it('has the form that its schema gives it, and no field besides', async () => {
    expect(manifests.length).toBeGreaterThan(40);
    expect((await Promise.all(manifests.map(problemsOf))).flat()).toEqual([]);
  });

  it('would be refused with a field too much, too little or of another type, wherever it stands', async () => {
    const find = (wanted: string, name: string) =>
      manifests.find(({ kind, metadata }) => kind === wanted && metadata.name === name)!;
    const vault = find('Deployment', 'vault');
    const path = 'spec/template/spec/containers/0';
    expect(await problemsOf(withField(vault, `${path}/redinessProbe`, {}))).toEqual([
      `Deployment vault: /${path}/redinessProbe is not a field of the schema`,
    ]);
    for (const [field, value] of [
      [`${path}/securityContext/runAsNoRoot`, true],
      ['spec/template/spec/volumes/0/sizLimit', '1Mi'],
      ['spec/selector', undefined],
      ['spec/replicas', 'two'],
    ] as const) {
      expect([field, await problemsOf(withField(vault, field, value))]).not.toEqual([field, []]);
    }
    const cluster = find('Cluster', 'postgres');
    expect(await problemsOf(withField(cluster, 'spec/instancs', 3))).toHaveLength(1);
  });
});

/** A copy with one field changed, or taken away. */
function withField(manifest: Manifest, path: string, value: unknown): Manifest {
  const copy = structuredClone(manifest);
  const keys = path.split('/');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
