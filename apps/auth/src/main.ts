import { authService } from '@heirloom/auth';
import { runMain } from '@heirloom/service-kit';

await runMain([authService], { env: process.env, argv: process.argv });
