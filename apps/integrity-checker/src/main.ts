import { integrityCheckerService } from '@heirloom/integrity-checker';
import { runMain } from '@heirloom/service-kit';

await runMain([integrityCheckerService], { env: process.env, argv: process.argv });
