export { defineVault, vaultService } from './vault.ts';
