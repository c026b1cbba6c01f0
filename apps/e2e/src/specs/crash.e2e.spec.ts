import { describeCrashes } from '../crashes/crash-rounds.ts';

describeCrashes('home', [2, 7]);
