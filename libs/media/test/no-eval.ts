import { z } from 'zod';

// The suite checks metadata by zod, whose schemas try out whether they may compile code unless they are told before.
z.config({ jitless: true });
