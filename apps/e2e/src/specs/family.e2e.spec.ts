import { describeFamilyOfTwo } from '../families/family-of-two.ts';

describeFamilyOfTwo('home');
