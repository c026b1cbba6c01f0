export { composeFiles } from './compose/compose-files.ts';
export { provisionDatabases } from './databases/provision-databases.ts';
export { secretManifests, type SecretManifest } from './kubernetes/secret-manifests.ts';
export { keepSecrets } from './secrets/keep-secrets.ts';
export { secretMakers, services, type Secrets } from './secrets/secrets.ts';
export { setUp } from './setup.ts';
