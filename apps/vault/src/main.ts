import { runMain } from '@heirloom/service-kit';
import { vaultService } from '@heirloom/vault';

await runMain([vaultService], { env: process.env, argv: process.argv });
