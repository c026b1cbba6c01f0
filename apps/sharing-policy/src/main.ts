import { sharingPolicyService } from '@heirloom/sharing-policy';
import { runMain } from '@heirloom/service-kit';

await runMain([sharingPolicyService], { env: process.env, argv: process.argv });
