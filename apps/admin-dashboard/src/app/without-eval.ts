import { z } from 'zod';

/** zod compiles schemas to code where it may; the content security policy forbids that, and reports the attempt. */
z.config({ jitless: true });
